/// A place in the text of a document.
///
/// Lines and columns begin at 1. A line ends with LF, CR or CR LF (XML 1.0, 2.11). Columns count Unicode scalars, so that
/// `ü` and `汉` are one column each and a tab is one column; a byte order mark is no column.
public struct XMLPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The line, from 1; 0 where no place is known.
  public var line: Int
  /// The column in Unicode scalars, from 1; 0 where no place is known.
  public var column: Int

  /// Creates a position.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  /// The position of what stands in no document, for example an element that a program built.
  public static let unknown = XMLPosition(line: 0, column: 0)

  /// The first character of a document.
  public static let start = XMLPosition(line: 1, column: 1)

  /// `line:column`.
  public var description: String { "\(line):\(column)" }

  /// Whether one position stands before another in the same document.
  public static func < (left: XMLPosition, right: XMLPosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

/// Follows the position through UTF-8 text that may come in pieces and whose line ends are LF.
struct PositionTracker: Sendable {
  private(set) var position = XMLPosition.start

  init(_ position: XMLPosition = .start) { self.position = position }

  /// Moves past the bytes from `start` up to, not including, `end`.
  mutating func advance(over text: Span<UInt8>, from start: Int, to end: Int) {
    guard start < end else { return }
    precondition(start >= 0 && end <= text.count)
    unsafe text.withUnsafeBufferPointer { bytes in
      // Most pieces lie in one line: line ends and columns are counted in loops of their own, which become vector instructions.
      var ends = 0
      for index in start..<end { unsafe ends &+= bytes[index] == Byte.lineFeed ? 1 : 0 }
      var first = start
      if ends > 0 {
        first = end
        while unsafe bytes[first - 1] != Byte.lineFeed { first -= 1 }
        position.line += ends
        position.column = 1
      }
      var columns = 0
      for index in first..<end { unsafe columns &+= bytes[index] & 0xC0 != 0x80 ? 1 : 0 }
      position.column += columns
    }
  }

  /// Moves past US-ASCII without a line end.
  mutating func advance(columns: Int) { position.column += columns }

  /// Moves past one byte of UTF-8; continuation bytes belong to the column of their scalar.
  mutating func advance(over byte: UInt8) {
    if byte == Byte.lineFeed {
      position.line += 1
      position.column = 1
    } else if byte & 0xC0 != 0x80 {
      position.column += 1
    }
  }
}

/// The bytes that have a meaning in the grammar of XML.
enum Byte {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let exclamation = UInt8(ascii: "!")
  static let quote = UInt8(ascii: "\"")
  static let numberSign = UInt8(ascii: "#")
  static let ampersand = UInt8(ascii: "&")
  static let apostrophe = UInt8(ascii: "'")
  static let slash = UInt8(ascii: "/")
  static let semicolon = UInt8(ascii: ";")
  static let less = UInt8(ascii: "<")
  static let equals = UInt8(ascii: "=")
  static let greater = UInt8(ascii: ">")
  static let question = UInt8(ascii: "?")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")

  /// White space of XML 1.0, production 3.
  static func isSpace(_ byte: UInt8) -> Bool {
    byte == space || byte == lineFeed || byte == tab || byte == carriageReturn
  }
}
