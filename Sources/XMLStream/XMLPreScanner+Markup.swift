/// Tags, references and declarations, which the scanner takes only when they are whole.
extension XMLPreScanner {
  /// What begins with `<`.
  mutating func markup(_ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int? {
    guard index + 1 < text.count else { return nil }
    switch text[index + 1] {
    case Byte.question:
      return begin(.processingInstruction, markBytes: 2, at: index)
    case Byte.slash:
      return try endTag(text, from: index)
    case Byte.exclamation:
      if matches(Self.commentMark, text, from: index) { return begin(.comment, markBytes: 4, at: index) }
      if matches(Self.characterDataMark, text, from: index) {
        guard depth > 0 else { throw fault(.notWellFormed, "Text stands outside the root element.") }
        return begin(.characterData, markBytes: 9, at: index)
      }
      if matches(Self.documentTypeMark, text, from: index) { return try documentType(text, from: index) }
      for mark in [Self.commentMark, Self.characterDataMark, Self.documentTypeMark] where endsWithin(mark, text, from: index) { return nil }
      throw fault(.notWellFormed, "'<!' begins neither a comment nor a CDATA section nor the document type declaration.")
    default:
      return try startTag(text, from: index)
    }
  }

  private mutating func begin(_ mode: Mode, markBytes: Int, at index: Int) -> Int {
    self.mode = mode
    constructStart = tracker.position
    commentBytes = markBytes
    return index + markBytes
  }

  private static let commentMark = Array("<!--".utf8)
  private static let characterDataMark = Array("<![CDATA[".utf8)
  private static let documentTypeMark = Array("<!DOCTYPE".utf8)

  private func matches(_ mark: [UInt8], _ text: Span<UInt8>, from index: Int) -> Bool {
    index + mark.count <= text.count && equal(mark, text, from: index, count: mark.count)
  }

  /// Whether the buffer ends before the mark does.
  private func endsWithin(_ mark: [UInt8], _ text: Span<UInt8>, from index: Int) -> Bool {
    text.count - index < mark.count && equal(mark, text, from: index, count: text.count - index)
  }

  private func equal(_ mark: [UInt8], _ text: Span<UInt8>, from index: Int, count: Int) -> Bool {
    for offset in 0..<count where text[index + offset] != mark[offset] { return false }
    return true
  }

  /// `<name attribute="value" … >` or `… />`.
  private mutating func startTag(_ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int? {
    if depth == 0, hasRoot { throw fault(.notWellFormed, "A second element stands after the root element.") }
    // Most tags hold a name alone.
    let (nameEnd, isPlain) = TagCursor.endOfName(text, from: index + 1)
    if nameEnd > index + 1, nameEnd < text.count, text[nameEnd] == Byte.greater {
      self.isPlain = isPlain
      return try finish(from: index, end: nameEnd + 1, attributeCount: 0, isEmpty: false)
    }
    return try startTagWithAttributes(text, from: index)
  }

  private mutating func startTagWithAttributes(_ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int? {
    var cursor = TagCursor(text, from: index, tracker: tracker)
    cursor.skip()
    guard cursor.skipName() > 0 else {
      throw fault(.notWellFormed, "'<' begins no tag.", hint: "In text, write '<' as '&lt;'.")
    }
    var places: [AttributePlace] = []
    var counts = (attributes: 0, namespaces: 0)
    while true {
      cursor.skipSpace()
      guard let byte = cursor.peek else { return try incomplete(text, from: index) }
      if byte == Byte.greater { return try finish(from: index, end: cursor.index + 1, places, isEmpty: false) }
      if byte == Byte.slash {
        guard cursor.index + 1 < text.count else { return try incomplete(text, from: index) }
        guard text[cursor.index + 1] == Byte.greater else {
          throw fault(.notWellFormed, "'/' stands within a start tag.", at: cursor.position)
        }
        return try finish(from: index, end: cursor.index + 2, places, isEmpty: true)
      }
      guard let place = try attribute(&cursor, text) else { return try incomplete(text, from: index) }
      if place.isNamespace { counts.namespaces += 1 } else { counts.attributes += 1 }
      try check(counts)
      places.append(place)
    }
  }

  private func check(_ counts: (attributes: Int, namespaces: Int)) throws(XMLIssue) {
    guard counts.attributes <= limits.attributes else {
      throw fault(.tooManyAttributes, "The element has more than \(limits.attributes) attributes.")
    }
    guard counts.namespaces <= limits.namespaceDeclarations else {
      throw fault(.tooManyNamespaces, "The element declares more than \(limits.namespaceDeclarations) namespaces.")
    }
  }

  /// Records a whole start tag with its attributes.
  private mutating func finish(from index: Int, end: Int, _ places: [AttributePlace], isEmpty: Bool) throws(XMLIssue) -> Int {
    let end = try finish(from: index, end: end, attributeCount: places.count, isEmpty: isEmpty)
    for place in places { attributes.append(place) }
    return end
  }

  /// Records a whole start tag.
  private mutating func finish(from index: Int, end: Int, attributeCount: Int, isEmpty: Bool) throws(XMLIssue) -> Int {
    try checkTag(bytes: end - index)
    guard depth < depthLimit else { throw fault(.tooDeep, "More than \(depthLimit) elements are open at one time.") }
    hasRoot = true
    recordTag(attributeCount: attributeCount)
    if isEmpty { recordTag() } else { depth += 1 }
    return end
  }

  private mutating func recordTag(attributeCount: Int = 0) {
    tags.append(TagPlace(position: tracker.position, textStart: textStart, attributeCount: attributeCount))
    textStart = nil
    textBytes = 0
  }

  private func attribute(_ cursor: inout TagCursor, _ text: Span<UInt8>) throws(XMLIssue) -> AttributePlace? {
    let position = cursor.position
    let nameStart = cursor.index
    guard cursor.skipName() > 0 else {
      throw fault(.notWellFormed, "An attribute's name is expected here.", at: position)
    }
    let isNamespace = Self.declaresNamespace(text, from: nameStart, to: cursor.index)
    cursor.skipSpace()
    guard let sign = cursor.peek else { return nil }
    guard sign == Byte.equals else { throw fault(.notWellFormed, "'=' is expected after an attribute's name.", at: cursor.position) }
    cursor.skip()
    cursor.skipSpace()
    guard let quote = cursor.peek else { return nil }
    guard quote == Byte.quote || quote == Byte.apostrophe else {
      throw fault(.notWellFormed, "An attribute's value must stand in quotes.", at: cursor.position)
    }
    cursor.skip()
    let valuePosition = cursor.position
    let valueStart = cursor.index
    var isPlain = true
    while let byte = cursor.peek {
      if byte == quote {
        let spelling = isPlain ? nil : cursor.string(from: valueStart)
        cursor.skip()
        return AttributePlace(position: position, valuePosition: valuePosition, isNamespace: isNamespace, spelling: spelling)
      }
      if byte == Byte.less {
        throw fault(
          .notWellFormed, "'<' stands within an attribute's value.", at: cursor.position,
          hint: "Write it as '&lt;', or close the quote before it.")
      }
      if byte == Byte.ampersand {
        guard let end = try reference(text, from: cursor.index, at: cursor.position) else { return nil }
        cursor.skip(to: end)
        isPlain = false
      } else {
        if byte < Byte.space { isPlain = false }
        cursor.skip()
      }
    }
    return nil
  }

  /// Whether the name is `xmlns` or begins with `xmlns:`.
  private static func declaresNamespace(_ text: Span<UInt8>, from start: Int, to end: Int) -> Bool {
    guard end - start >= 5, text[start] == UInt8(ascii: "x"), text[start + 1] == UInt8(ascii: "m"), text[start + 2] == UInt8(ascii: "l"),
      text[start + 3] == UInt8(ascii: "n"), text[start + 4] == UInt8(ascii: "s")
    else { return false }
    return end - start == 5 || text[start + 5] == UInt8(ascii: ":")
  }

  private mutating func endTag(_ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int? {
    guard depth > 0 else { throw fault(.notWellFormed, "An end tag stands outside the root element.") }
    let (end, isPlain) = TagCursor.endOfEndTag(text, from: index + 2)
    guard end == text.count || text[end] == Byte.greater else { throw fault(.notWellFormed, "An end tag is not closed by '>'.") }
    guard end < text.count else { return try incomplete(text, from: index) }
    try checkTag(bytes: end + 1 - index)
    recordTag()
    depth -= 1
    self.isPlain = isPlain
    return end + 1
  }

  /// `<!DOCTYPE name SYSTEM "…">`: an external identifier is allowed and never loaded, an internal subset is refused, since real
  /// partners send the first and only the second declares entities.
  private mutating func documentType(_ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int? {
    guard !hasRoot, !hasDocumentType else { throw fault(.notWellFormed, "A document type declaration cannot stand here.") }
    var quote: UInt8?
    var end = index + 9
    while end < text.count {
      let byte = text[end]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == Byte.quote || byte == Byte.apostrophe {
        quote = byte
      } else if byte == Byte.openBracket {
        throw fault(
          .internalSubset, "The document type declaration has an internal subset, which is refused.",
          hint: "Remove the part in square brackets; a reference to an external DTD may stay, it is not read.")
      } else if byte == Byte.less {
        throw fault(.notWellFormed, "The document type declaration is not closed by '>'.")
      } else if byte == Byte.greater {
        try checkTag(bytes: end + 1 - index)
        hasDocumentType = true
        return end + 1
      }
      end += 1
    }
    return try incomplete(text, from: index)
  }

  /// Waits for the rest of a tag, unless it is too large already.
  private func incomplete(_ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int? {
    try checkTag(bytes: text.count - index)
    return nil
  }

  private func checkTag(bytes: Int) throws(XMLIssue) {
    guard bytes <= limits.startTagBytes else {
      throw fault(.startTagTooLarge, "A tag has more than \(limits.startTagBytes) bytes.")
    }
  }

  /// The end of a character reference or of a reference to one of the five predefined entities, nil if it is not whole.
  func reference(_ text: Span<UInt8>, from index: Int, at position: XMLPosition) throws(XMLIssue) -> Int? {
    // Longer than any character reference that means something; a longer name is that of an entity, refused anyhow.
    let reach = 64
    var end = index + 1
    while end < text.count, end - index < reach, TagCursor.isNameByte(text[end]), text[end] != Byte.semicolon { end += 1 }
    if end == text.count { return nil }
    var name: [UInt8] = []
    for byte in (index + 1)..<end { name.append(text[byte]) }
    let isWhole = text[end] == Byte.semicolon && !name.isEmpty
    if isWhole, name[0] == Byte.numberSign || Self.predefined.contains(name) { return end + 1 }
    if isWhole || end - index == reach {
      throw fault(
        .entityReference, "The entity '&\(String(decoding: name, as: UTF8.self));' is refused: only the five predefined ones are known.",
        at: position, hint: "Write the character itself or a character reference such as '&#228;'.")
    }
    throw fault(.notWellFormed, "'&' begins no reference.", at: position, hint: "Write '&' as '&amp;'.")
  }

  private static let predefined = ["lt", "gt", "amp", "quot", "apos"].map { Array($0.utf8) }
}
