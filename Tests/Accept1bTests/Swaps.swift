import CDR
import ORBCore
import ParleyIDL
import Testing

/// An operation that takes a and b and answers b, a and b, called by its generated stub with dynamic values.
struct Swap: Sendable, CustomTestStringConvertible {
  let operation: String
  let call: @Sendable (Parley.Desk, [Value]) async throws -> [Value]
  var testDescription: String { operation }

  init<Typed: CDRCodable>(
    _ operation: String, _: Typed.Type,
    _ stub: @escaping @Sendable (Parley.Desk, Typed, Typed) async throws -> Swapped<Typed>
  ) {
    self.operation = operation
    call = { desk, arguments in
      let results = try await stub(desk, try Typed(value: arguments[0]), try Typed(value: arguments[1]))
      return [results.returnValue.value, results.b.value, results.c.value]
    }
  }

  /// The type of a, b and c.
  var type: TypeCode { Parley.Desk.interfaceDescription.operation(named: operation)!.result }
}

/// One for each construct of IDL.
let swaps: [Swap] = [
  Swap("swapOctet", UInt8.self) { try await $0.swapOctet(a: $1, b: $2) },
  Swap("swapShort", Int16.self) { try await $0.swapShort(a: $1, b: $2) },
  Swap("swapUnsignedShort", UInt16.self) { try await $0.swapUnsignedShort(a: $1, b: $2) },
  Swap("swapLong", Int32.self) { try await $0.swapLong(a: $1, b: $2) },
  Swap("swapUnsignedLong", UInt32.self) { try await $0.swapUnsignedLong(a: $1, b: $2) },
  Swap("swapLongLong", Int64.self) { try await $0.swapLongLong(a: $1, b: $2) },
  Swap("swapUnsignedLongLong", UInt64.self) { try await $0.swapUnsignedLongLong(a: $1, b: $2) },
  Swap("swapFloat", Float.self) { try await $0.swapFloat(a: $1, b: $2) },
  Swap("swapDouble", Double.self) { try await $0.swapDouble(a: $1, b: $2) },
  Swap("swapBoolean", Bool.self) { try await $0.swapBoolean(a: $1, b: $2) },
  Swap("swapChar", Char.self) { try await $0.swapChar(a: $1, b: $2) },
  Swap("swapString", String.self) { try await $0.swapString(a: $1, b: $2) },
  Swap("swapSku", Parley.Sku.self) { try await $0.swapSku(a: $1, b: $2) },
  Swap("swapWideString", String.self) { try await $0.swapWideString(a: $1, b: $2) },
  Swap("swapBrief", Parley.Brief.self) { try await $0.swapBrief(a: $1, b: $2) },
  Swap("swapAmount", Parley.Amount.self) { try await $0.swapAmount(a: $1, b: $2) },
  Swap("swapShare", Parley.Share.self) { try await $0.swapShare(a: $1, b: $2) },
  Swap("swapColour", Parley.Colour.self) { try await $0.swapColour(a: $1, b: $2) },
  Swap("swapPoint", Parley.Point.self) { try await $0.swapPoint(a: $1, b: $2) },
  Swap("swapNumbers", Parley.Numbers.self) { try await $0.swapNumbers(a: $1, b: $2) },
  Swap("swapTexts", Parley.Texts.self) { try await $0.swapTexts(a: $1, b: $2) },
  Swap("swapBlob", Parley.Blob.self) { try await $0.swapBlob(a: $1, b: $2) },
  Swap("swapDoubles", Parley.Doubles.self) { try await $0.swapDoubles(a: $1, b: $2) },
  Swap("swapNames", Parley.Names.self) { try await $0.swapNames(a: $1, b: $2) },
  Swap("swapNameLists", Parley.NameLists.self) { try await $0.swapNameLists(a: $1, b: $2) },
  Swap("swapColours", Parley.Colours.self) { try await $0.swapColours(a: $1, b: $2) },
  Swap("swapGrid", Parley.Grid.self) { try await $0.swapGrid(a: $1, b: $2) },
  Swap("swapDigest", Parley.Digest.self) { try await $0.swapDigest(a: $1, b: $2) },
  Swap("swapTriangle", Parley.Triangle.self) { try await $0.swapTriangle(a: $1, b: $2) },
  Swap("swapOptionalSku", Parley.OptionalSku.self) { try await $0.swapOptionalSku(a: $1, b: $2) },
  Swap("swapOptionalPoint", Parley.OptionalPoint.self) { try await $0.swapOptionalPoint(a: $1, b: $2) },
  Swap("swapTree", Parley.Tree.self) { try await $0.swapTree(a: $1, b: $2) },
  Swap("swapEverything", Parley.Everything.self) { try await $0.swapEverything(a: $1, b: $2) },
  Swap("swapInventory", Parley.Inventory.self) { try await $0.swapInventory(a: $1, b: $2) },
]
