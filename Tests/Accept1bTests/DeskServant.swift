import CDR
import ORBCore
import ParleyIDL
import Synchronization

/// Our desk, which foreign ORBs call.
final class DeskServant: Parley.Desk.Servant {
  private struct State {
    var level: Int32 = 0
    var title = "Gerät 汉字"
    var place: Parley.Point?
    var sum: Int64 = 0
  }

  private let state = Mutex(State())

  // MARK: - Attributes

  func region(context: ServerContext) async throws -> String { "Überall" }
  func level(context: ServerContext) async throws -> Int32 { state.withLock { $0.level } }
  func setLevel(_ newValue: Int32, context: ServerContext) async throws { state.withLock { $0.level = newValue } }
  func title(context: ServerContext) async throws -> String { state.withLock { $0.title } }
  func setTitle(_ newValue: String, context: ServerContext) async throws { state.withLock { $0.title = newValue } }
  func place(context: ServerContext) async throws -> Parley.OptionalPoint { state.withLock { $0.place } }
  func setPlace(_ newValue: Parley.OptionalPoint, context: ServerContext) async throws { state.withLock { $0.place = newValue } }
  func origin(x: Double, context: ServerContext) async throws -> Parley.Point { Parley.Point(x: x, y: -x) }

  // MARK: - Values

  func nop(context: ServerContext) async throws {}

  func mix(
    a: UInt8, b: Double, c: Int16, d: String, e: Int64, context: ServerContext
  ) async throws -> (returnValue: Double, c: Int16, f: UInt8, g: Int64, h: String) { (b, c, a, e, d) }

  func codeOf(before: UInt8, letter: WChar, after: UInt8, context: ServerContext) async throws -> UInt16 {
    guard before == 7, after == 9 else { throw SystemException(.badParameter) }
    return letter.unit
  }

  // MARK: - References

  func ask(whom: Parley.Listener?, question: String, context: ServerContext) async throws -> String {
    guard let whom else { throw SystemException(.badParameter, minor: 17, message: "nobody to ask") }
    return try await whom.asked(question: question)
  }

  func tell(whom: Parley.Listener?, count: Int32, context: ServerContext) async throws {
    for number in 0..<count { try await whom?.heard(number: number + 1) }
  }

  // MARK: - Exceptions

  func refuse(name: String, context: ServerContext) async throws {
    switch name {
    case "Nothing": throw Parley.Nothing()
    case "Rejected": throw Self.rejection
    case "undeclared": throw ObjectAdapterError.keyInUse(ObjectKey("undeclared"))
    case "too long": _ = try await swapSku(a: "a", b: String(repeating: "x", count: 21), context: context)
    default: break
    }
  }

  static let rejection = Parley.Rejected(
    reason: "zu schwer: 汉字", line: 4_000_000_000, paint: .blue, tried: ["", "é"], place: Parley.Point(x: 0.5, y: -0.25))

  func fail(name: String, code: UInt32, completion: UInt32, context: ServerContext) async throws {
    let kind = SystemException.Kind(rawValue: name) ?? .unknown
    throw SystemException(kind, minor: code, completed: CompletionStatus(rawValue: completion) ?? .maybe)
  }

  func note(number: Int32, context: ServerContext) async throws { state.withLock { $0.sum += Int64(number) } }
  func noted(context: ServerContext) async throws -> Int64 { state.withLock { $0.sum } }
}

/// Listens in our process.
final class ListenerServant: Parley.Listener.Servant {
  let numbers = Mutex<[Int32]>([])

  func asked(question: String, context: ServerContext) async throws -> String {
    if question == "refuse" { throw DeskServant.rejection }
    return "\(question)? 是!"
  }

  func heard(number: Int32, context: ServerContext) async throws { numbers.withLock { $0.append(number) } }
}
