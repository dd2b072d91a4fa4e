import CDR
import ORBCore
import ParleyIDL

/// What every `swap` does.
private func swap<T>(_ a: T, _ b: T) -> (returnValue: T, b: T, c: T) { (b, a, b) }

extension DeskServant {
  func swapOctet(a: UInt8, b: UInt8, context: ServerContext) async throws -> (returnValue: UInt8, b: UInt8, c: UInt8) { swap(a, b) }
  func swapShort(a: Int16, b: Int16, context: ServerContext) async throws -> (returnValue: Int16, b: Int16, c: Int16) { swap(a, b) }
  func swapUnsignedShort(a: UInt16, b: UInt16, context: ServerContext) async throws -> (returnValue: UInt16, b: UInt16, c: UInt16) { swap(a, b) }
  func swapLong(a: Int32, b: Int32, context: ServerContext) async throws -> (returnValue: Int32, b: Int32, c: Int32) { swap(a, b) }
  func swapUnsignedLong(a: UInt32, b: UInt32, context: ServerContext) async throws -> (returnValue: UInt32, b: UInt32, c: UInt32) { swap(a, b) }
  func swapLongLong(a: Int64, b: Int64, context: ServerContext) async throws -> (returnValue: Int64, b: Int64, c: Int64) { swap(a, b) }
  func swapUnsignedLongLong(a: UInt64, b: UInt64, context: ServerContext) async throws -> (returnValue: UInt64, b: UInt64, c: UInt64) { swap(a, b) }
  func swapFloat(a: Float, b: Float, context: ServerContext) async throws -> (returnValue: Float, b: Float, c: Float) { swap(a, b) }
  func swapDouble(a: Double, b: Double, context: ServerContext) async throws -> (returnValue: Double, b: Double, c: Double) { swap(a, b) }
  func swapBoolean(a: Bool, b: Bool, context: ServerContext) async throws -> (returnValue: Bool, b: Bool, c: Bool) { swap(a, b) }
  func swapChar(a: Char, b: Char, context: ServerContext) async throws -> (returnValue: Char, b: Char, c: Char) { swap(a, b) }
  func swapString(a: String, b: String, context: ServerContext) async throws -> (returnValue: String, b: String, c: String) { swap(a, b) }
  func swapSku(a: Parley.Sku, b: Parley.Sku, context: ServerContext) async throws -> (returnValue: Parley.Sku, b: Parley.Sku, c: Parley.Sku) { swap(a, b) }
  func swapWideString(a: String, b: String, context: ServerContext) async throws -> (returnValue: String, b: String, c: String) { swap(a, b) }
  func swapBrief(a: Parley.Brief, b: Parley.Brief, context: ServerContext) async throws -> (returnValue: Parley.Brief, b: Parley.Brief, c: Parley.Brief) { swap(a, b) }
  func swapAmount(a: Parley.Amount, b: Parley.Amount, context: ServerContext) async throws -> (returnValue: Parley.Amount, b: Parley.Amount, c: Parley.Amount) { swap(a, b) }
  func swapShare(a: Parley.Share, b: Parley.Share, context: ServerContext) async throws -> (returnValue: Parley.Share, b: Parley.Share, c: Parley.Share) { swap(a, b) }
  func swapColour(a: Parley.Colour, b: Parley.Colour, context: ServerContext) async throws -> (returnValue: Parley.Colour, b: Parley.Colour, c: Parley.Colour) { swap(a, b) }
  func swapPoint(a: Parley.Point, b: Parley.Point, context: ServerContext) async throws -> (returnValue: Parley.Point, b: Parley.Point, c: Parley.Point) { swap(a, b) }
  func swapNumbers(a: Parley.Numbers, b: Parley.Numbers, context: ServerContext) async throws -> (returnValue: Parley.Numbers, b: Parley.Numbers, c: Parley.Numbers) { swap(a, b) }
  func swapTexts(a: Parley.Texts, b: Parley.Texts, context: ServerContext) async throws -> (returnValue: Parley.Texts, b: Parley.Texts, c: Parley.Texts) { swap(a, b) }
  func swapBlob(a: Parley.Blob, b: Parley.Blob, context: ServerContext) async throws -> (returnValue: Parley.Blob, b: Parley.Blob, c: Parley.Blob) { swap(a, b) }
  func swapDoubles(a: Parley.Doubles, b: Parley.Doubles, context: ServerContext) async throws -> (returnValue: Parley.Doubles, b: Parley.Doubles, c: Parley.Doubles) { swap(a, b) }
  func swapNames(a: Parley.Names, b: Parley.Names, context: ServerContext) async throws -> (returnValue: Parley.Names, b: Parley.Names, c: Parley.Names) { swap(a, b) }
  func swapNameLists(a: Parley.NameLists, b: Parley.NameLists, context: ServerContext) async throws -> (returnValue: Parley.NameLists, b: Parley.NameLists, c: Parley.NameLists) { swap(a, b) }
  func swapColours(a: Parley.Colours, b: Parley.Colours, context: ServerContext) async throws -> (returnValue: Parley.Colours, b: Parley.Colours, c: Parley.Colours) { swap(a, b) }
  func swapGrid(a: Parley.Grid, b: Parley.Grid, context: ServerContext) async throws -> (returnValue: Parley.Grid, b: Parley.Grid, c: Parley.Grid) { swap(a, b) }
  func swapDigest(a: Parley.Digest, b: Parley.Digest, context: ServerContext) async throws -> (returnValue: Parley.Digest, b: Parley.Digest, c: Parley.Digest) { swap(a, b) }
  func swapTriangle(a: Parley.Triangle, b: Parley.Triangle, context: ServerContext) async throws -> (returnValue: Parley.Triangle, b: Parley.Triangle, c: Parley.Triangle) { swap(a, b) }
  func swapOptionalSku(a: Parley.OptionalSku, b: Parley.OptionalSku, context: ServerContext) async throws -> (returnValue: Parley.OptionalSku, b: Parley.OptionalSku, c: Parley.OptionalSku) { swap(a, b) }
  func swapOptionalPoint(a: Parley.OptionalPoint, b: Parley.OptionalPoint, context: ServerContext) async throws -> (returnValue: Parley.OptionalPoint, b: Parley.OptionalPoint, c: Parley.OptionalPoint) { swap(a, b) }
  func swapTree(a: Parley.Tree, b: Parley.Tree, context: ServerContext) async throws -> (returnValue: Parley.Tree, b: Parley.Tree, c: Parley.Tree) { swap(a, b) }
  func swapEverything(a: Parley.Everything, b: Parley.Everything, context: ServerContext) async throws -> (returnValue: Parley.Everything, b: Parley.Everything, c: Parley.Everything) { swap(a, b) }
  func swapInventory(a: Parley.Inventory, b: Parley.Inventory, context: ServerContext) async throws -> (returnValue: Parley.Inventory, b: Parley.Inventory, c: Parley.Inventory) { swap(a, b) }
  func swapListener(a: Parley.Listener?, b: Parley.Listener?, context: ServerContext) async throws -> (returnValue: Parley.Listener?, b: Parley.Listener?, c: Parley.Listener?) { swap(a, b) }
  func swapObject(a: ObjectRef?, b: ObjectRef?, context: ServerContext) async throws -> (returnValue: ObjectRef?, b: ObjectRef?, c: ObjectRef?) { swap(a, b) }
  func swapContacts(a: Parley.Contacts, b: Parley.Contacts, context: ServerContext) async throws -> (returnValue: Parley.Contacts, b: Parley.Contacts, c: Parley.Contacts) { swap(a, b) }
}
