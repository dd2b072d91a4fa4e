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

  /// An element that is open while everything is handed to a receiver at once: just enough to say where it stands.
  struct PlainElement {
    var number = 0
    var ordinal = 1
    var position = XMLPosition.start
    var textStart: XMLPosition?
    /// How many children of each name the element has so far: of the first few names, looked through one by one, and of the others.
    var children: [(number: Int, count: Int)] = []
    var otherChildren: [Int: Int] = [:]
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
  /// Faults that do not end the document: of namespaces, if they are collected, and against the schema.
  private(set) var issues: [XMLIssue] = []
  private(set) var isTruncated = false
  /// Whether the end of the document has been reached.
  private(set) var isFinished = false

  /// Takes what is read, in place of ``events``.
  unowned var receiver: (any XMLReceiver)?
  var open: [OpenElement] = []
  /// Elements that are open while there is a receiver, as many as ``plainDepth``; the rest is kept for its memory.
  var plain: [PlainElement] = []
  var plainDepth = 0
  var text: [UInt8] = []
  var names = NameTable()
  var scanner: XMLPreScanner
  var validator: SchemaValidator?
  /// What the validator is being told of the innermost open element.
  var phase = Phase.start

  private let source: XMLSource
  private var decoder = XMLDecoder()
  /// Text that the scanner could not take yet: the beginning of a tag or reference.
  private var held: [UInt8] = []
  private var history = TextHistory()
  private let context: xmlParserCtxtPtr

  init(_ source: XMLSource, file: String, limits: XMLLimits, schemas: SchemaSet?, collectsNamespaceIssues: Bool) {
    XMLLibrary.start()
    self.source = source
    self.file = file
    self.limits = limits
    self.collectsNamespaceIssues = collectsNamespaceIssues
    scanner = XMLPreScanner(limits: limits)
    var handler = unsafe Self.makeHandler()
    guard let context = unsafe xmlCreatePushParserCtxt(&handler, nil, nil, 0, nil) else { fatalError("libxml2 has no memory for a parser") }
    unsafe self.context = context
    // The text is UTF-8 whatever the document declares, and libxml2 must not guess otherwise from its first bytes.
    unsafe xmlCtxtUseOptions(context, CInt(bitPattern: XML_PARSE_NONET.rawValue | XML_PARSE_IGNORE_ENC.rawValue))
    unsafe context.pointee.charset = CInt(bitPattern: UInt32(bitPattern: XML_CHAR_ENCODING_UTF8.rawValue))
    unsafe context.pointee.userData = Unmanaged.passUnretained(self).toOpaque()
    validator = schemas?.makeValidator(for: self)
  }

  deinit {
    unsafe xmlFreeParserCtxt(context)
  }

  /// Takes in one more chunk of the document. Does nothing once it has ended or failed.
  func readChunk() {
    guard failure == nil, !isFinished else { return }
    let chunk: (bytes: [UInt8], isLast: Bool)
    do throws(XMLIssue) { chunk = try source.next() } catch { return fail(error) }
    let decoded = decoder.decode(chunk.bytes, isLast: chunk.isLast)
    let text = held.isEmpty ? decoded.text : held + decoded.text
    let start = scanner.tracker
    let scanned = scanner.scan(text.span, isLast: chunk.isLast && decoded.failure == nil)
    push(text[..<scanned.accepted], from: start)
    held = Array(text[scanned.accepted...])
    if let issue = scanned.issue {
      fail(issue)
    } else if let issue = decoded.failure {
      var end = scanner.tracker
      end.advance(over: held.span, from: 0, to: held.count)
      fail(issue, at: end.position)
    } else if chunk.isLast {
      finish()
    }
  }

  /// Ends the document with a fault, unless an earlier one has ended it.
  func fail(_ issue: XMLIssue, at position: XMLPosition? = nil) {
    guard failure == nil else { return }
    failure = placed(issue, at: position ?? issue.position)
    validator = nil
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

  private func push(_ bytes: ArraySlice<UInt8>, from start: PositionTracker) {
    guard !bytes.isEmpty else { return }
    history.append(Array(bytes), from: start)
    unsafe bytes.withUnsafeBytes { buffer in
      _ = unsafe xmlParseChunk(context, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(buffer.count), 0)
    }
  }

  private func finish() {
    if failure == nil, !scanner.hasRoot {
      fail(scanner.fault(.notWellFormed, "The document has no root element."))
    } else if failure == nil, scanner.depth > 0 {
      let name = innermost.map { $0.tag.path.name.sanitised(limit: 80) } ?? ""
      let begun = innermost.map { " begun at \($0.tag.position)" } ?? ""
      fail(scanner.fault(.notWellFormed, "The document ends before the element '\(name)'\(begun) is closed."))
    }
    if failure == nil { unsafe xmlParseChunk(context, nil, 0, 1) }
    if failure == nil, unsafe context.pointee.wellFormed == 0 {
      fail(scanner.fault(.notWellFormed, "The document is not well-formed."))
    }
    validator = nil
    isFinished = true
  }

  /// Takes an error that libxml2 reports while it parses.
  func report(_ error: LibraryError) {
    guard !error.isWarning, failure == nil else { return }
    if error.isOfNamespaces {
      let position = scanner.tags.first?.position ?? scanner.tracker.position
      let issue = XMLIssue(.namespace, error.message)
      if collectsNamespaceIssues { record(issue, at: position) } else { fail(issue, at: position) }
      return
    }
    // Errors in the making of a tag belong to the tag; all others to the byte that libxml2 has come to.
    let ofTag = error.isAny(of: XML_ERR_TAG_NAME_MISMATCH, XML_ERR_ATTRIBUTE_REDEFINED)
    let offset = unsafe Int(xmlByteConsumed(context))
    let position = ofTag ? scanner.tags.first?.position : history.position(ofByte: offset)
    fail(XMLIssue(.notWellFormed, error.message), at: position ?? scanner.tracker.position)
  }
}
