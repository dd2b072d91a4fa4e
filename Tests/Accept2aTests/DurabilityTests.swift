import ForeignORB
import Synchronization
import TesseraProcess
import Testing

/// Nothing is acknowledged that is not on disk.
@Suite struct DurabilityTests {
  /// Four senders push five messages each while the broker is killed; what was acknowledged is there, and what was not is taken anew.
  @Test(arguments: [0, 1, 4, 9, 15])
  func aKilledBrokerLosesNothingThatItAcknowledged(acknowledgedBeforeTheKill: Int) async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve()
    let senders = try await (0..<4).asyncMap { _ in try await PythonSender(running.login, system: "erp", secret: secret) }
    let receipts = Receipts()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for (number, sender) in senders.enumerated() {
        group.addTask {
          for message in Self.messages(of: number) {
            // The call under way when the broker dies fails, and all later ones.
            guard let receipt = try? await sender.push("pushProducts", message, Self.batch(message), within: .seconds(5)) else { return }
            if receipts.add(receipt) == acknowledgedBeforeTheKill { running.process.signal(9) }
          }
        }
      }
      if acknowledgedBeforeTheKill == 0 { running.process.signal(9) }
      try await group.waitForAll()
    }
    #expect(try await running.process.wait() == .signal(9))
    let acknowledged = receipts.all
    #expect(acknowledged.count >= acknowledgedBeforeTheKill)

    // Commands read the file as the dead process left it.
    let listed = try await server.json("messages", "list")["messages"]?.array ?? []
    let kept = Set(listed.compactMap { $0["messageId"]?.string })
    #expect(kept.isSuperset(of: acknowledged.keys))

    let again = try await server.serve()
    let sender = try await PythonSender(again.login, system: "erp", secret: secret, peer: senders[0].peer)
    for message in (0..<4).flatMap(Self.messages) {
      let receipt = try await sender.push("pushProducts", message, Self.batch(message))
      #expect(receipt.items.map(\.outcome) == ["applied", "applied", "rejected"])
      if let original = acknowledged[message] { #expect(receipt == original) }
    }
    #expect(try await server.json("messages", "list")["messages"]?.array?.count == 20)
    #expect(try await server.json("products", "list")["products"]?.array?.count == 40)
    try await again.process.kill()
  }

  private static func messages(of sender: Int) -> [String] { (1...5).map { "m-\(sender)-\($0)" } }

  private static func batch(_ message: String) -> [JSON] {
    [Document.product("\(message)-a"), Document.product("\(message)-b"), Document.product("\(message)-c", price: "-1.0000")]
  }

  /// Between the last octet of a request and the first of its reply stands a flush to disk that has ended.
  @Test(.needsTracing) func theReplyFollowsTheFlush() async throws {
    let server = try TesseraServer()
    let secret = try await server.addSystem("erp")
    let running = try await server.serve(
      wrapper: [
        "strace", "-f", "-s", "96", "-o", "trace", "-e", "trace=read,readv,recvfrom,recvmsg,write,writev,sendto,sendmsg,fsync,fdatasync",
      ])
    let sender = try await PythonSender(running.login, system: "erp", secret: secret)
    for number in 1...10 {
      #expect(try await sender.push("pushProducts", "m-\(number)", [Document.product("A", version: number)]).outcome == "accepted")
    }
    // A repeated message needs no flush: it is on disk already. It shows that the trace tells the two apart.
    #expect(try await sender.push("pushProducts", "m-1", [Document.product("A", version: 1)]).outcome == "accepted")
    try await running.process.kill()

    let trace = try SystemCallTrace(try await ChildProcess.check("cat", ["trace"], folder: server.folder))
    let requests = trace.requests(naming: "pushProducts")
    #expect(requests.count == 11)
    for (number, request) in requests.enumerated().prefix(10) {
      #expect(request.flushes >= 1, "message \(number + 1) was answered before it was on disk")
    }
    #expect(requests.last?.flushes == 0)
  }
}

/// What several senders were told, by message.
private final class Receipts: Sendable {
  private let byMessage = Mutex<[String: PushReceipt]>([:])

  var all: [String: PushReceipt] { byMessage.withLock { $0 } }

  /// - Returns: how many there are now.
  func add(_ receipt: PushReceipt) -> Int {
    byMessage.withLock { receipts in
      receipts[receipt.message] = receipt
      return receipts.count
    }
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test where no process may be traced, except in CI.
  static var needsTracing: Self {
    .enabled("processes cannot be traced here (ptrace)") {
      if Corpus.isRequired { return true }
      return (try? await ChildProcess.run("strace", ["-o", "/dev/null", "true"]).exit) == .code(0)
    }
  }
}
