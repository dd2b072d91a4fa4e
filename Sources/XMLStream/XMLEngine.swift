import CXML2

/// Drives libxml2's SAX2 push parser over one document: source, decoder, pre-scanner, parser, and the events that come of it.
///
/// The engine is not Sendable: a parser context belongs to one thread at a time, and no call into it may be split by an `await`.
@safe
final class XMLEngine {
  /// An element that is open.
  struct OpenElement {
    let tag: XMLStartTag
    /// How many children of each name the element has so far, by the name's number.
    var childCounts: [Int: Int] = [:]
    /// Where its text begins, if text comes before its first child.
    var textStart: XMLPosition?
  }

  /// A part of an element, by which a breach of the schema finds its place.
  enum Phase {
    case start
    case text
    case end
  }

  let file: String
  let limits: XMLLimits
  /// Whether breaches of the rules for namespaces are collected, rather than end the document at the first.
  let collectsNamespaceIssues: Bool
  var events = Queue<XMLEvent>()
  /// What ended the document early.
  private(set) var failure: XMLIssue?

  // What the callbacks use is not checked for overlapping accesses at run time, which would cost more than what they do: they come one
  // after the other, on one thread, and none of them while the engine itself works on these values.

  /// Whether there is a ``failure``.
  @safe @exclusivity(unchecked) private(set) var hasFailed = false
  /// Faults that do not end the document: of namespaces, if they are collected, and against the schema.
  private(set) var issues: [XMLIssue] = []
  private(set) var isTruncated = false
  /// Whether the end of the document has been reached.
  private(set) var isFinished = false

  /// Takes what is read, in place of ``events``.
  @exclusivity(unchecked) private(set) var receiver: Unmanaged<XMLReceiver>?
  /// Keeps it.
  private var receiverOwner: XMLReceiver?
  /// Chooses the receiver when the root is known.
  private(set) var chooses: ((XMLStartTag) -> XMLReception?)?
  var open: [OpenElement] = []
  /// Elements that are open while there is a receiver.
  @safe @exclusivity(unchecked) var plain = OpenElements()
  var text: [UInt8] = []
  @safe @exclusivity(unchecked) var names = NameTable()
  /// Places of what libxml2 was given and has not called back about yet.
  @safe @exclusivity(unchecked) var tags = Queue<XMLPreScanner.TagPlace>()
  @safe @exclusivity(unchecked) var attributes = Queue<XMLPreScanner.AttributePlace>()
  /// The end of what libxml2 was given.
  private(set) var end = XMLPosition.start
  private var validator: SchemaValidator?
  /// The way into ``validator``.
  @safe @exclusivity(unchecked) private(set) var schema = SchemaValidator.Calls()
  /// What the validator is being told of the innermost open element.
  @safe @exclusivity(unchecked) var phase = Phase.start

  private var feed: ChunkFeed
  private var history = TextHistory()
  private let context: xmlParserCtxtPtr

  init(_ source: XMLSource, file: String, limits: XMLLimits, schemas: SchemaSet?, collectsNamespaceIssues: Bool) {
    XMLLibrary.start()
    feed = .of(source, limits: limits)
    self.file = file
    self.limits = limits
    self.collectsNamespaceIssues = collectsNamespaceIssues
    var handler = unsafe Self.makeHandler()
    guard let context = unsafe xmlCreatePushParserCtxt(&handler, nil, nil, 0, nil) else { fatalError("libxml2 has no memory for a parser") }
    unsafe self.context = context
    // The text is UTF-8 whatever the document declares, and libxml2 must not guess otherwise from its first bytes.
    unsafe xmlCtxtUseOptions(context, CInt(bitPattern: XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue))
    unsafe context.pointee.charset = CInt(bitPattern: UInt32(bitPattern: XML_CHAR_ENCODING_UTF8.rawValue))
    unsafe context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
    if let schemas { validate(schemas) }
  }

  deinit {
    unsafe xmlFreeParserCtxt(context)
  }

  /// Hands everything to the receiver that the root is given to, before anything is read.
  func hand(atRoot choose: @escaping (XMLStartTag) -> XMLReception?) { chooses = choose }

  /// Asks what is to become of the document, once its root is known.
  ///
  /// - Returns: false where it is not read any further.
  func choose(for root: XMLStartTag) -> Bool {
    let reception = chooses?(root)
    chooses = nil
    guard let reception else {
      hasFailed = true
      isFinished = true
      unsafe xmlStopParser(context)
      return false
    }
    receiverOwner = reception.receiver
    unsafe receiver = .passUnretained(reception.receiver)
    if let schemas = reception.schemas { validate(schemas) }
    return true
  }

  /// Validates from here on, before the first element.
  private func validate(_ schemas: SchemaSet) {
    let validator = schemas.makeValidator(for: self)
    self.validator = validator
    schema = validator.calls
  }

  private func endValidation() {
    schema = SchemaValidator.Calls()
    validator = nil
  }

  /// Takes in one more chunk of the document. Does nothing once it has ended or failed.
  func readChunk() {
    guard failure == nil, !isFinished else { return }
    let chunk = feed.next()
    tags.append(contentsOf: chunk.tags)
    attributes.append(contentsOf: chunk.attributes)
    end = chunk.end
    push(chunk.text, from: chunk.start)
    if isFinished { return }
    if let issue = chunk.failure { fail(issue) } else if chunk.isLast { finish(chunk) }
  }

  /// Ends the document with a fault, unless an earlier one has ended it.
  func fail(_ issue: XMLIssue, at position: XMLPosition? = nil) {
    guard failure == nil else { return }
    failure = placed(issue, at: position ?? issue.position)
    hasFailed = true
    endValidation()
    unsafe xmlStopParser(context)
  }

  /// Records a fault that does not end the document, up to the limit.
  func record(_ issue: XMLIssue, at position: XMLPosition) {
    guard issues.count < limits.issues else {
      isTruncated = true
      return
    }
    issues.append(placed(issue, at: position))
  }

  private func placed(_ issue: XMLIssue, at position: XMLPosition) -> XMLIssue {
    var issue = issue
    issue.file = file
    issue.line = position.line
    issue.column = position.column
    issue.elementPath = innermost?.tag.path.description ?? ""
    return issue
  }

  private func push(_ bytes: [UInt8], from start: PositionTracker) {
    guard !bytes.isEmpty else { return }
    history.append(bytes, from: start)
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe xmlParseChunk(context, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(buffer.count), 0)
    }
  }

  private func finish(_ last: ChunkScanner.Chunk) {
    if failure == nil, !last.hasRoot {
      fail(XMLIssue(.notWellFormed, "The document has no root element."), at: end)
    } else if failure == nil, last.depth > 0 {
      let name = innermost.map { $0.tag.path.name.sanitised(limit: 80) } ?? ""
      let begun = innermost.map { " begun at \($0.tag.position)" } ?? ""
      fail(XMLIssue(.notWellFormed, "The document ends before the element '\(name)'\(begun) is closed."), at: end)
    }
    if failure == nil { unsafe xmlParseChunk(context, nil, 0, 1) }
    if failure == nil, unsafe context.pointee.wellFormed == 0 {
      fail(XMLIssue(.notWellFormed, "The document is not well-formed."), at: end)
    }
    endValidation()
    isFinished = true
  }

  /// Takes an error that libxml2 reports while it parses.
  func report(_ error: LibraryError) {
    guard !error.isWarning, failure == nil else { return }
    if error.isOfNamespaces {
      let position = tags.first?.position ?? end
      let issue = XMLIssue(.namespace, error.message)
      if collectsNamespaceIssues { record(issue, at: position) } else { fail(issue, at: position) }
      return
    }
    // Errors in the making of a tag belong to the tag; all others to the byte that libxml2 has come to.
    let ofTag = error.isAny(of: XML_ERR_TAG_NAME_MISMATCH, XML_ERR_ATTRIBUTE_REDEFINED)
    let offset = unsafe Int(xmlByteConsumed(context))
    let position = ofTag ? tags.first?.position : history.position(ofByte: offset)
    fail(XMLIssue(.notWellFormed, error.message), at: position ?? end)
  }
}
