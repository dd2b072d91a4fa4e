/// An id as its own system writes it, compared octet by octet.
///
/// Swift's own text comparison takes composed and decomposed letters for the same; a database and a foreign system do not.
public struct ForeignID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let text: String

  /// The longest id, in octets of UTF-8.
  public static var maximumOctets: Int { 255 }

  public init(_ text: String) { self.text = text }

  public static func == (left: ForeignID, right: ForeignID) -> Bool {
    let (left, right) = (left.text.utf8Span.span.bytes, right.text.utf8Span.span.bytes)
    let count = left.byteCount
    guard count == right.byteCount else { return false }
    // Ids are short, and step and store compare them all the time: by eights, without a call.
    var index = 0
    while index + 8 <= count {
      if left.word(at: index) != right.word(at: index) { return false }
      index += 8
    }
    while index < count {
      if left.octet(at: index) != right.octet(at: index) { return false }
      index += 1
    }
    return true
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

extension RawSpan {
  /// - Precondition: eight octets from `index` on are there.
  @inline(__always) fileprivate func word(at index: Int) -> UInt64 {
    unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
  }

  /// - Precondition: the octet is there.
  @inline(__always) fileprivate func octet(at index: Int) -> UInt8 {
    unsafe unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
  }
}
