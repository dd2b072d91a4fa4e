import CDR
import ORBCore
import SharedIDL
import Synchronization

/// Implements all operations of calls.idl, inherited ones and those of another Swift module too.
final class CallServant: Calls.Extended.Servant {
  private let state = Mutex((names: [String](), told: [String]()))
  var told: [String] { state.withLock { $0.told } }

  func label(context: ServerContext) async throws -> String { "the label" }
  func title(context: ServerContext) async throws -> String { "the title" }
  func greet(name: String, context: ServerContext) async throws -> String {
    if name.isEmpty { throw Shared.Refused(why: "nobody") }
    return "Hello \(name)"
  }
  func goLeft(number: Int32, context: ServerContext) async throws -> Int32 { number - 1 }
  func goRight(number: Int32, context: ServerContext) async throws -> Int32 { number + 1 }
  func people(context: ServerContext) async throws -> Calls.Names { state.withLock { $0.names } }
  func setPeople(_ newValue: Calls.Names, context: ServerContext) async throws { state.withLock { $0.names = newValue } }
  func balance(context: ServerContext) async throws -> Shared.Money { Shared.Money(minorUnits: 1999, unit: "EUR") }
  func nothing(context: ServerContext) async throws {}
  func add(leftNumber: Int32, rightNumber: Int32, context: ServerContext) async throws -> Int32 { leftNumber + rightNumber }
  func outOnly(context: ServerContext) async throws -> Int32 { 42 }
  func manyOut(degree: Values.Level, context: ServerContext) async throws -> (number: Int32, text: String, degree: Values.Level) {
    (number: 1, text: "汉字", degree: degree == .low ? .high : .low)
  }
  func all(
    list: Calls.Names, both: Calls.Names, context: ServerContext
  ) async throws -> (returnValue: Bool, both: Calls.Names, amount: Shared.Money) {
    switch list.first {
    case "refuse": throw Calls.Refused(code: 7)
    case "empty": throw Calls.Empty()
    case "shared": throw Shared.Refused(why: "shared")
    default: return (returnValue: true, both: both.reversed(), amount: Shared.Money(minorUnits: Int64(list.count), unit: "CNY"))
    }
  }
  func perhaps(it: Values.MaybeExtremes, context: ServerContext) async throws -> Values.MaybeExtremes { it }
  func next(
    other: Calls.Diamond?, anything: ObjectRef?, context: ServerContext
  ) async throws -> (returnValue: Calls.Diamond?, more: Calls.Diamonds) {
    (returnValue: anything.map { Calls.Diamond(unchecked: $0) }, more: [other, nil])
  }
  func wide(text: String, context: ServerContext) async throws -> String { text }
  func tell(message: String, context: ServerContext) async throws { state.withLock { $0.told.append(message) } }
  func quick(number: Int32, context: ServerContext) throws -> Int32 {
    if number < 0 { throw Calls.Refused(code: number) }
    return number * 2
  }
  func more(context: ServerContext) async throws {}
}
