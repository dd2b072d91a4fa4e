import ForeignORB
import TesseraProcess

/// A product as both kinds of senders push it.
struct Item: Sendable {
  var id: String
  var version: Int?
  var code: String
  var name: String
  var price: String
  var currency: String
  var category: String

  init(
    _ id: String, version: Int? = 1, code: String? = nil, name: String? = nil, price: String = "10.0000", currency: String = "EUR",
    category: String = ""
  ) {
    self.id = id
    self.version = version
    self.code = code ?? id
    self.name = name ?? "product \(id)"
    self.price = price
    self.currency = currency
    self.category = category
  }
}

/// Why a push was not answered with a receipt: the exception's name, and the time that a conflict tells.
struct Raised: Error, Hashable {
  var name: String
  var detail = ""
}

/// A system that has logged in.
protocol Sender: Sendable {
  func push(_ message: String, _ items: [Item]) async throws -> PushReceipt
}

/// The foreign ORBs that push.
enum ORBKind: String, CaseIterable, Sendable {
  case omniORB
  case omniORBpy = "omniORBpy"

  /// - Throws: ``Raised`` where the log-in is refused.
  func open(_ login: String, system: String, secret: String) async throws -> any Sender {
    switch self {
    case .omniORB: try await CxxSender(login, system: system, secret: secret)
    case .omniORBpy: try await Python(login, system: system, secret: secret)
    }
  }
}

/// omniORBpy.
private struct Python: Sender {
  let sender: PythonSender

  init(_ login: String, system: String, secret: String) async throws {
    do { sender = try await PythonSender(login, system: system, secret: secret) } catch { throw Raised(error) ?? error }
  }

  func push(_ message: String, _ items: [Item]) async throws -> PushReceipt {
    let batch = items.map {
      Document.product(
        $0.id, version: $0.version, code: $0.code, name: $0.name, price: $0.price, currency: $0.currency, category: $0.category)
    }
    do { return try await sender.push("pushProducts", message, batch) } catch { throw Raised(error) ?? error }
  }
}

extension Raised {
  init?(_ error: any Error) {
    switch error {
    case ForeignORBError.raised(let id, let members):
      self.init(
        name: String(id.split(separator: "/").last?.split(separator: ":").first ?? ""),
        detail: members["firstReceivedAt"]?.string ?? members["code"]?.string ?? members["explanation"]?.string ?? "")
    case ForeignORBError.refused(let name, _): self.init(name: String(name.split(separator: ".").last ?? ""))
    default: return nil
    }
  }
}

/// omniORB C++, told what to do line by line.
private final class CxxSender: Sender {
  private let process: ChildProcess

  init(_ login: String, system: String, secret: String) async throws {
    let program = try await CxxPeer.build(
      "sender", sources: [repositoryPath("Tests/Accept2aTests/Peers/sender.cc")], idl: PythonSender.idl)
    process = try ChildProcess(program, ["-ORBnativeCharCodeSet", "UTF-8"], input: .pipe)
    _ = try await answer(to: ["open", login, system, secret])
  }

  func push(_ message: String, _ items: [Item]) async throws -> PushReceipt {
    let lines = items.map { item in
      [item.id, item.version.map { "\($0)" } ?? "-", item.code, item.name, item.price, item.currency, item.category, ""]
    }
    let head = try await answer(to: ["push", message, "\(items.count)"], lines)
    guard head.count == 4, head[0] == "receipt", let count = Int(head[3]) else {
      throw ForeignORBError.unexpectedAnswer(head.joined(separator: " "))
    }
    var results: [PushReceipt.Item] = []
    for _ in 0..<count {
      let result = try await line()
      results.append(PushReceipt.Item(key: result[0], outcome: result[1], code: result[2], path: result[3]))
    }
    return PushReceipt(message: message, receivedAt: head[2], outcome: head[1], items: results)
  }

  private func answer(to request: [String], _ lines: [[String]] = []) async throws -> [String] {
    for line in [request] + lines { try process.write(line.joined(separator: "\t")) }
    let answer = try await line()
    if answer[0] == "raised" { throw Raised(name: answer[1], detail: answer[2]) }
    return answer
  }

  private func line() async throws -> [String] {
    guard let line = try await process.readLine() else { throw ForeignORBError.unexpectedAnswer("the sender ended: \(process.errorText)") }
    return line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
}
