/// Steps through one tag and knows the position of every character in it.
struct TagCursor: ~Escapable {
  private let text: Span<UInt8>
  private(set) var index: Int
  /// Stands at ``tracked``, behind the cursor: few of its places are asked for.
  private var tracker: PositionTracker
  private var tracked: Int

  /// - Parameter tracker: stands at `index`.
  @_lifetime(copy text)
  init(_ text: Span<UInt8>, from index: Int, tracker: PositionTracker) {
    self.text = text
    self.index = index
    self.tracker = tracker
    tracked = index
  }

  var position: XMLPosition {
    mutating get {
      tracker.advance(over: text, from: tracked, to: index)
      tracked = index
      return tracker.position
    }
  }
  /// The byte that comes next, nil at the end of the buffer.
  var peek: UInt8? { index < text.count ? text[index] : nil }

  mutating func skip() { index += 1 }

  mutating func skip(to end: Int) { index = end }

  mutating func skipSpace() {
    while index < text.count, Byte.isSpace(text[index]) { skip() }
  }

  /// Passes a name and gives its length in bytes. Which characters a name may have is left to libxml2.
  mutating func skipName() -> Int {
    let start = index
    while index < text.count, Self.isNameByte(text[index]) { skip() }
    return index - start
  }

  /// The text from `start` up to the cursor.
  func string(from start: Int) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(index - start)
    for byte in start..<index { bytes.append(text[byte]) }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a byte cannot end a name: neither white space nor a delimiter of tags.
  static func isNameByte(_ byte: UInt8) -> Bool { byte >= 64 || nameEnds & 1 &<< UInt64(byte) == 0 }

  // The loops that nearly every byte of a document goes through. Each also tells whether all it passed was US-ASCII without a line end.

  /// The first byte from `start` on that ends a name, or the end of the buffer.
  static func endOfName(_ text: Span<UInt8>, from start: Int) -> (end: Int, isPlain: Bool) {
    pass(text, from: start) { !isNameByte($0) }
  }

  /// The first `>` or `<` from `start` on, or the end of the buffer.
  static func endOfEndTag(_ text: Span<UInt8>, from start: Int) -> (end: Int, isPlain: Bool) {
    pass(text, from: start) { $0 == Byte.greater || $0 == Byte.less }
  }

  /// The first `<` or `&` from `start` on, or the end of the buffer.
  static func endOfText(_ text: Span<UInt8>, from start: Int) -> (end: Int, isPlain: Bool) {
    pass(text, from: start) { $0 == Byte.less || $0 == Byte.ampersand }
  }

  @inline(__always)
  private static func pass(_ text: Span<UInt8>, from start: Int, until isEnd: (UInt8) -> Bool) -> (end: Int, isPlain: Bool) {
    unsafe text.withUnsafeBufferPointer { bytes in
      var index = min(start, bytes.count)
      var seen: UInt8 = 0
      var hasLineEnd = false
      while index < bytes.count {
        let byte = unsafe bytes[index]
        if isEnd(byte) { break }
        seen |= byte
        hasLineEnd = hasLineEnd || byte == Byte.lineFeed
        index &+= 1
      }
      return (index, seen < 0x80 && !hasLineEnd)
    }
  }

  /// A bit for each byte that ends a name; all of them are below 64.
  private static let nameEnds: UInt64 = [
    Byte.equals, Byte.greater, Byte.slash, Byte.quote, Byte.apostrophe, Byte.less, Byte.ampersand, Byte.space, Byte.tab, Byte.lineFeed,
    Byte.carriageReturn,
  ].reduce(0) { $0 | 1 << UInt64($1) }
}
