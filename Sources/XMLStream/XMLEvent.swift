/// What an ``XMLReader`` finds in a document, in document order. Comments and processing instructions are passed over.
public enum XMLEvent: Sendable {
  /// An element begins; an empty element is followed by its end at once.
  case startElement(XMLStartTag)
  /// A whole run of text between two tags, references resolved, CDATA sections and what stands around comments joined to it.
  case text(XMLText)
  /// The innermost open element ends; the position is that of its end tag, or of the tag of an empty element.
  case endElement(XMLName, position: XMLPosition)
}

/// The start of an element.
public struct XMLStartTag: Sendable {
  /// The expanded name.
  public let name: XMLName
  /// The prefix as written, nil for none.
  public let prefix: String?
  /// The attributes in document order, without the namespace declarations.
  public let attributes: [XMLAttribute]
  /// The namespaces in scope.
  public let namespaces: XMLNamespaces
  /// The place of `<`.
  public let position: XMLPosition
  /// The way from the root.
  public let path: XMLPath
}

/// One run of text.
public struct XMLText: Sendable, Hashable {
  /// The characters.
  public let value: String
  /// The place of the first character.
  public let position: XMLPosition

  /// Creates a run of text.
  public init(_ value: String, position: XMLPosition = .unknown) {
    self.value = value
    self.position = position
  }

  /// Whether the text holds nothing but white space.
  public var isBlank: Bool { value.utf8.allSatisfy(Byte.isSpace) }
}

/// One attribute of an element.
public struct XMLAttribute: Sendable, Hashable {
  /// The expanded name.
  public let name: XMLName
  /// The prefix as written, nil for none.
  public let prefix: String?
  /// The value, references resolved and line ends and tabs turned into spaces (XML 1.0, 3.3.3).
  public let value: String
  /// The place of the first character of the name.
  public let position: XMLPosition
  /// The place of the first character of the value, after the quote.
  public let valuePosition: XMLPosition
  /// The value as spelled, kept only where it differs from `value`, to find the place of a character.
  private let spelling: String?

  /// Creates an attribute that stands in no document.
  public init(_ name: XMLName, _ value: String, prefix: String? = nil) {
    self.init(name: name, prefix: prefix, value: value, position: .unknown, valuePosition: .unknown, spelling: nil)
  }

  init(name: XMLName, prefix: String?, value: String, position: XMLPosition, valuePosition: XMLPosition, spelling: String?) {
    self.name = name
    self.prefix = prefix
    self.value = value
    self.position = position
    self.valuePosition = valuePosition
    self.spelling = spelling
  }

  /// The name as written, with its prefix.
  public var qualifiedName: String { prefix.map { "\($0):\(name.local)" } ?? name.local }

  /// The place in the document of a character of the value, references and line ends within the value taken into account.
  ///
  /// - Parameter utf8Offset: Counts the bytes of the value's UTF-8 before the character; beyond the value it means its end.
  public func position(utf8Offset: Int) -> XMLPosition {
    guard valuePosition != .unknown else { return .unknown }
    var tracker = PositionTracker(valuePosition)
    guard let spelling else {
      for byte in value.utf8.prefix(utf8Offset) { tracker.advance(over: byte) }
      return tracker.position
    }
    var remaining = utf8Offset
    var bytes = Array(spelling.utf8)[...]
    while remaining > 0, let first = bytes.first {
      var length = 1
      var produced = 1
      if first == Byte.ampersand, let end = bytes.firstIndex(of: Byte.semicolon) {
        length = end - bytes.startIndex + 1
        produced = Self.utf8Length(ofReference: bytes[(bytes.startIndex + 1)..<end])
      }
      for byte in bytes.prefix(length) { tracker.advance(over: byte) }
      bytes = bytes.dropFirst(length)
      remaining -= produced
    }
    return tracker.position
  }

  /// The bytes that `amp`, `#228` or `#x6C49` stand for in UTF-8.
  private static func utf8Length(ofReference name: ArraySlice<UInt8>) -> Int {
    guard name.first == Byte.numberSign else { return 1 }
    let digits = String(decoding: name.dropFirst(), as: UTF8.self)
    let value = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
    return value.flatMap(Unicode.Scalar.init).map { UTF8.width($0) } ?? 1
  }
}
