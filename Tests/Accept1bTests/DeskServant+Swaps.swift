import CDR
import ORBCore
import ParleyIDL

typealias Swapped<T> = (returnValue: T, b: T, c: T)

/// What every `swap` does.
private func swap<T>(_ a: T, _ b: T) -> Swapped<T> { (b, a, b) }

extension DeskServant {
  func swapOctet(a: UInt8, b: UInt8, context: ServerContext) async throws -> Swapped<UInt8> { swap(a, b) }
  func swapShort(a: Int16, b: Int16, context: ServerContext) async throws -> Swapped<Int16> { swap(a, b) }
  func swapUnsignedShort(a: UInt16, b: UInt16, context: ServerContext) async throws -> Swapped<UInt16> { swap(a, b) }
  func swapLong(a: Int32, b: Int32, context: ServerContext) async throws -> Swapped<Int32> { swap(a, b) }
  func swapUnsignedLong(a: UInt32, b: UInt32, context: ServerContext) async throws -> Swapped<UInt32> { swap(a, b) }
  func swapLongLong(a: Int64, b: Int64, context: ServerContext) async throws -> Swapped<Int64> { swap(a, b) }
  func swapUnsignedLongLong(a: UInt64, b: UInt64, context: ServerContext) async throws -> Swapped<UInt64> { swap(a, b) }
  func swapFloat(a: Float, b: Float, context: ServerContext) async throws -> Swapped<Float> { swap(a, b) }
  func swapDouble(a: Double, b: Double, context: ServerContext) async throws -> Swapped<Double> { swap(a, b) }
  func swapBoolean(a: Bool, b: Bool, context: ServerContext) async throws -> Swapped<Bool> { swap(a, b) }
  func swapChar(a: Char, b: Char, context: ServerContext) async throws -> Swapped<Char> { swap(a, b) }
  func swapString(a: String, b: String, context: ServerContext) async throws -> Swapped<String> { swap(a, b) }
  func swapSku(a: Parley.Sku, b: Parley.Sku, context: ServerContext) async throws -> Swapped<Parley.Sku> { swap(a, b) }
  func swapWideString(a: String, b: String, context: ServerContext) async throws -> Swapped<String> { swap(a, b) }
  func swapBrief(a: Parley.Brief, b: Parley.Brief, context: ServerContext) async throws -> Swapped<Parley.Brief> { swap(a, b) }
  func swapAmount(a: Parley.Amount, b: Parley.Amount, context: ServerContext) async throws -> Swapped<Parley.Amount> { swap(a, b) }
  func swapShare(a: Parley.Share, b: Parley.Share, context: ServerContext) async throws -> Swapped<Parley.Share> { swap(a, b) }
  func swapColour(a: Parley.Colour, b: Parley.Colour, context: ServerContext) async throws -> Swapped<Parley.Colour> { swap(a, b) }
  func swapPoint(a: Parley.Point, b: Parley.Point, context: ServerContext) async throws -> Swapped<Parley.Point> { swap(a, b) }
  func swapNumbers(a: Parley.Numbers, b: Parley.Numbers, context: ServerContext) async throws -> Swapped<Parley.Numbers> { swap(a, b) }
  func swapTexts(a: Parley.Texts, b: Parley.Texts, context: ServerContext) async throws -> Swapped<Parley.Texts> { swap(a, b) }
  func swapBlob(a: Parley.Blob, b: Parley.Blob, context: ServerContext) async throws -> Swapped<Parley.Blob> { swap(a, b) }
  func swapDoubles(a: Parley.Doubles, b: Parley.Doubles, context: ServerContext) async throws -> Swapped<Parley.Doubles> { swap(a, b) }
  func swapNames(a: Parley.Names, b: Parley.Names, context: ServerContext) async throws -> Swapped<Parley.Names> { swap(a, b) }
  func swapNameLists(a: Parley.NameLists, b: Parley.NameLists, context: ServerContext) async throws -> Swapped<Parley.NameLists> {
    swap(a, b)
  }
  func swapColours(a: Parley.Colours, b: Parley.Colours, context: ServerContext) async throws -> Swapped<Parley.Colours> { swap(a, b) }
  func swapGrid(a: Parley.Grid, b: Parley.Grid, context: ServerContext) async throws -> Swapped<Parley.Grid> { swap(a, b) }
  func swapDigest(a: Parley.Digest, b: Parley.Digest, context: ServerContext) async throws -> Swapped<Parley.Digest> { swap(a, b) }
  func swapTriangle(a: Parley.Triangle, b: Parley.Triangle, context: ServerContext) async throws -> Swapped<Parley.Triangle> { swap(a, b) }
  func swapOptionalSku(a: Parley.OptionalSku, b: Parley.OptionalSku, context: ServerContext) async throws -> Swapped<Parley.OptionalSku> {
    swap(a, b)
  }
  func swapOptionalPoint(a: Parley.OptionalPoint, b: Parley.OptionalPoint, context: ServerContext) async throws -> Swapped<
    Parley.OptionalPoint
  > { swap(a, b) }
  func swapTree(a: Parley.Tree, b: Parley.Tree, context: ServerContext) async throws -> Swapped<Parley.Tree> { swap(a, b) }
  func swapEverything(a: Parley.Everything, b: Parley.Everything, context: ServerContext) async throws -> Swapped<Parley.Everything> {
    swap(a, b)
  }
  func swapInventory(a: Parley.Inventory, b: Parley.Inventory, context: ServerContext) async throws -> Swapped<Parley.Inventory> {
    swap(a, b)
  }
  func swapListener(a: Parley.Listener?, b: Parley.Listener?, context: ServerContext) async throws -> Swapped<Parley.Listener?> {
    swap(a, b)
  }
  func swapObject(a: ObjectRef?, b: ObjectRef?, context: ServerContext) async throws -> Swapped<ObjectRef?> { swap(a, b) }
  func swapContacts(a: Parley.Contacts, b: Parley.Contacts, context: ServerContext) async throws -> Swapped<Parley.Contacts> { swap(a, b) }
}
