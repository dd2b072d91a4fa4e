/// An id as its own system writes it, compared octet by octet.
///
/// Swift's own text comparison takes composed and decomposed letters for the same; a database and a foreign system do not.
public struct ForeignID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let text: String

  /// The longest id, in octets of UTF-8.
  public static var maximumOctets: Int { 255 }

  public init(_ text: String) { self.text = text }

  public static func == (left: ForeignID, right: ForeignID) -> Bool {
    let (left, right) = (left.text.utf8, right.text.utf8)
    guard left.count == right.count else { return false }
    let same = left.withContiguousStorageIfAvailable { octets in
      right.withContiguousStorageIfAvailable { octets.elementsEqual($0) }
    }
    return (same ?? nil) ?? left.elementsEqual(right)
  }

  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  public static func < (left: ForeignID, right: ForeignID) -> Bool {
    let (left, right) = (left.text.utf8, right.text.utf8)
    let precedes = left.withContiguousStorageIfAvailable { octets in
      right.withContiguousStorageIfAvailable { octets.lexicographicallyPrecedes($0) }
    }
    return (precedes ?? nil) ?? left.lexicographicallyPrecedes(right)
  }

  public var description: String { text }
}
