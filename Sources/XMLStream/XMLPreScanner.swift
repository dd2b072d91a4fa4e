/// Walks through the text of a document ahead of libxml2: keeps the limits and records where tags and attributes stand.
///
/// libxml2 is given only constructs that the scanner has seen whole and found within the limits. The scanner knows as much of the
/// grammar as it takes to stay in step with libxml2; the rest (names, characters, matching tags, uniqueness) is libxml2's part.
/// Internal subsets and references to entities are refused here, so that no document can declare or use an entity.
struct XMLPreScanner {
  /// Where a start or end tag stands. An empty element has two.
  ///
  /// In 32 bits each, since thousands of them wait between the scanner and libxml2; no document has as many lines or columns.
  struct TagPlace: Sendable {
    private var line: UInt32
    private var column: UInt32
    /// Line 0 where there is no text.
    private var textLine: UInt32
    private var textColumn: UInt32
    /// The attributes and namespace declarations of the tag, queued apart in document order.
    private var attributes: UInt32

    init(position: XMLPosition, textStart: XMLPosition?, attributeCount: Int) {
      line = UInt32(truncatingIfNeeded: position.line)
      column = UInt32(truncatingIfNeeded: position.column)
      textLine = UInt32(truncatingIfNeeded: textStart?.line ?? 0)
      textColumn = UInt32(truncatingIfNeeded: textStart?.column ?? 0)
      attributes = UInt32(truncatingIfNeeded: attributeCount)
    }

    var position: XMLPosition { XMLPosition(line: Int(line), column: Int(column)) }
    /// The first character of the text before the tag, nil if it has none.
    var textStart: XMLPosition? { textLine == 0 ? nil : XMLPosition(line: Int(textLine), column: Int(textColumn)) }
    var attributeCount: Int { Int(attributes) }
  }

  /// Where an attribute or namespace declaration stands.
  struct AttributePlace: Sendable {
    var position: XMLPosition
    var valuePosition: XMLPosition
    var isNamespace: Bool
    /// The value as written, kept if it holds a reference or white space other than blanks.
    var spelling: String?
  }

  /// What lies around the next byte. Only constructs without a bound on their bytes in one buffer are states of their own.
  enum Mode {
    case content
    case comment
    case processingInstruction
    case characterData
  }

  let limits: XMLLimits
  let depthLimit: Int
  var mode = Mode.content
  /// Open elements.
  var depth = 0
  var hasRoot = false
  var hasDocumentType = false
  /// Bytes of the text since the last tag.
  var textBytes = 0
  var textStart: XMLPosition?
  /// Where the comment, processing instruction or CDATA section begins that has not ended.
  var constructStart = XMLPosition.start
  /// Bytes of the comment or processing instruction so far.
  var commentBytes = 0
  var tracker = PositionTracker()
  /// Whether the piece that a step has just passed is US-ASCII without a line end, and needs not be looked at again for its columns.
  var isPlain = false
  /// Places recorded and not yet taken.
  var tags: [TagPlace] = []
  var attributes: [AttributePlace] = []

  init(limits: XMLLimits) {
    self.limits = limits
    depthLimit = min(limits.depth, XMLLimits.greatestDepth)
  }

  /// Hands over the places of the tags that were scanned since the last call.
  mutating func takeTags() -> [TagPlace] {
    var taken: [TagPlace] = []
    swap(&taken, &tags)
    return taken
  }

  /// Hands over the places of the attributes that were scanned since the last call.
  mutating func takeAttributes() -> [AttributePlace] {
    var taken: [AttributePlace] = []
    swap(&taken, &attributes)
    return taken
  }

  /// Scans as far as constructs are whole.
  ///
  /// - Parameters:
  ///   - text: What the last call left, followed by new text.
  ///   - isLast: Whether the document ends with the text.
  /// - Returns: How many bytes libxml2 may be given, and the fault that stands after them.
  mutating func scan(_ text: Span<UInt8>, isLast: Bool) -> (accepted: Int, issue: XMLIssue?) {
    var index = 0
    // As many as short elements with short values have.
    if tags.isEmpty { tags.reserveCapacity(text.count / 16) }
    do throws(XMLIssue) {
      while index < text.count, let next = try step(text, from: index) {
        if isPlain {
          tracker.advance(columns: next - index)
          isPlain = false
        } else {
          tracker.advance(over: text, from: index, to: next)
        }
        index = next
      }
      if isLast, index < text.count || mode != .content {
        let start = mode == .content ? tracker.position : constructStart
        throw fault(.notWellFormed, "The document ends within \(constructName(text, at: index)).", at: start)
      }
      return (index, nil)
    } catch {
      return (index, error)
    }
  }

  /// An issue at the scanner's place, or at another.
  func fault(_ code: XMLIssue.Code, _ message: String, at position: XMLPosition? = nil, hint: String = "") -> XMLIssue {
    XMLIssue(code, message, position: position ?? tracker.position, hint: hint)
  }

  /// The end of the piece that begins at `index`, or nil if its rest is not in the buffer.
  private mutating func step(_ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int? {
    switch mode {
    case .content:
      switch text[index] {
      case Byte.less: return try markup(text, from: index)
      case Byte.ampersand: return try contentReference(text, from: index)
      default: return try characters(text, from: index)
      }
    case .comment:
      return try until([UInt8(ascii: "-"), UInt8(ascii: "-"), Byte.greater], text, from: index)
    case .processingInstruction:
      return try until([Byte.question, Byte.greater], text, from: index)
    case .characterData:
      return try until([Byte.closeBracket, Byte.closeBracket, Byte.greater], text, from: index)
    }
  }

  private mutating func characters(_ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int {
    var end = index
    if depth > 0 {
      (end, isPlain) = TagCursor.endOfText(text, from: index)
      try countText(end - index)
      return end
    }
    while end < text.count, text[end] != Byte.less, text[end] != Byte.ampersand {
      if !Byte.isSpace(text[end]) {
        tracker.advance(over: text, from: index, to: end)
        throw fault(.notWellFormed, "Text stands outside the root element.")
      }
      end += 1
    }
    return end
  }

  private mutating func contentReference(_ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int? {
    guard depth > 0 else { throw fault(.notWellFormed, "Text stands outside the root element.") }
    guard let end = try reference(text, from: index, at: tracker.position) else { return nil }
    try countText(end - index)
    return end
  }

  /// Counts bytes of text; a reference is counted as spelled, which is never less than what it stands for.
  mutating func countText(_ bytes: Int) throws(XMLIssue) {
    if textStart == nil { textStart = tracker.position }
    textBytes += bytes
    guard textBytes <= limits.textBytes else {
      throw fault(
        .textTooLarge, "The text has more than \(limits.textBytes) bytes.", at: textStart,
        hint: "Divide the text among several elements, or raise the limit textBytes.")
    }
  }

  /// Goes on to the end of a comment, processing instruction or CDATA section, holding back what may be half of its end mark.
  private mutating func until(_ mark: [UInt8], _ text: Span<UInt8>, from index: Int) throws(XMLIssue) -> Int? {
    var end = index
    var found = false
    while !found, end + mark.count <= text.count {
      found = text[end + mark.count - 1] == Byte.greater && text[end] == mark[0] && text[end + 1] == mark[1]
      end += found ? mark.count : 1
    }
    guard end > index else { return nil }
    if mode == .characterData {
      try countText(found ? end - index - mark.count : end - index)
    } else {
      commentBytes += end - index
      guard commentBytes <= limits.commentBytes else {
        throw fault(.commentTooLarge, "A comment or processing instruction has more than \(limits.commentBytes) bytes.", at: constructStart)
      }
    }
    if found { mode = .content }
    return end
  }

  private func constructName(_ text: Span<UInt8>, at index: Int) -> String {
    switch mode {
    case .comment: "a comment"
    case .processingInstruction: "a processing instruction"
    case .characterData: "a CDATA section"
    case .content: index < text.count && text[index] == Byte.ampersand ? "a reference" : "a tag"
    }
  }
}
