/// Makes the chunks of a document ready for libxml2, one after the other: reads, decodes and scans them.
struct ChunkScanner {
  /// Text that libxml2 may be given, and what was found out about it.
  struct Chunk: Sendable {
    /// Whole constructs, within the limits.
    var text: [UInt8] = []
    /// Stands at the first byte of the text.
    var start: PositionTracker
    /// Behind the last one.
    var end: XMLPosition
    var tags: [XMLPreScanner.TagPlace] = []
    var attributes: [XMLPreScanner.AttributePlace] = []
    /// What ends the document behind the text.
    var failure: XMLIssue?
    var isLast = false
    /// Whether there was a root element so far, and how many elements are open.
    var hasRoot = false
    var depth = 0
  }

  private let source: XMLSource
  private var decoder = XMLDecoder()
  private var scanner: XMLPreScanner
  /// Text that the scanner could not take yet: the beginning of a tag or reference.
  private var held: [UInt8] = []

  init(_ source: XMLSource, limits: XMLLimits) {
    self.source = source
    scanner = XMLPreScanner(limits: limits)
  }

  /// The next chunk. None follows one that is the last or bears a failure.
  mutating func next() -> Chunk {
    let start = scanner.tracker
    var chunk = Chunk(start: start, end: start.position)
    let octets: (bytes: [UInt8], isLast: Bool)
    do throws(XMLIssue) { octets = try source.next() } catch {
      chunk.failure = error
      return chunk
    }
    let decoded = decoder.decode(octets.bytes, isLast: octets.isLast)
    let text = held.isEmpty ? decoded.text : held + decoded.text
    let scanned = scanner.scan(text.span, isLast: octets.isLast && decoded.failure == nil)
    chunk.text = scanned.accepted == text.count ? text : Array(text[..<scanned.accepted])
    held = Array(text[scanned.accepted...])
    chunk.end = scanner.tracker.position
    chunk.tags = scanner.takeTags()
    chunk.attributes = scanner.takeAttributes()
    chunk.isLast = octets.isLast
    (chunk.hasRoot, chunk.depth) = (scanner.hasRoot, scanner.depth)
    if let issue = scanned.issue {
      chunk.failure = issue
    } else if var issue = decoded.failure {
      var end = scanner.tracker
      end.advance(over: held.span, from: 0, to: held.count)
      (issue.line, issue.column) = (end.position.line, end.position.column)
      chunk.failure = issue
    }
    return chunk
  }
}
