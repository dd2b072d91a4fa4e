/// Reads a document of any length, in bounded memory, as a sequence of ``XMLEvent``.
///
/// The document is taken in steps of 64 KiB; every ``XMLLimits`` bound is checked before libxml2 sees the bytes. An external DTD may
/// be named and is never loaded; internal subsets and references to entities other than the predefined five are refused; no file and
/// no connection is opened on behalf of a document. Encodings: UTF-8 (US-ASCII within it) and UTF-16, and GB 2312, GBK and GB 18030 as
/// declared.
///
/// A reader belongs to one thread at a time and is to be used without an `await` between its calls unless its task stays on one
/// thread. The caller decides between two calls whether it goes on; a deadline is checked there.
public final class XMLReader {
  /// The octets of the document that one ``read()`` takes in.
  public static var pieceOctets: Int { XMLSource.chunkBytes }

  private let engine: XMLEngine

  /// Reads a document in memory.
  ///
  /// - Parameters:
  ///   - bytes: The document as it arrived.
  ///   - file: The name to stand in issues.
  ///   - limits: The bounds.
  ///   - schemas: Validates the document as it is read; see ``schemaIssues``.
  /// - Throws: ``XMLIssue/Code/documentTooLarge``.
  public convenience init(bytes: [UInt8], file: String = "", limits: XMLLimits = .init(), schemas: SchemaSet? = nil) throws(XMLIssue) {
    let source = try XMLSource(bytes: bytes, file: file, limits: limits)
    self.init(XMLEngine(source, file: file, limits: limits, schemas: schemas, collectsNamespaceIssues: false))
  }

  /// Reads a regular file, whose size is checked before it is read.
  ///
  /// - Throws: ``XMLIssue/Code/documentTooLarge`` or ``XMLIssue/Code/fileUnreadable``.
  public convenience init(path: String, limits: XMLLimits = .init(), schemas: SchemaSet? = nil) throws(XMLIssue) {
    let source = try XMLSource(path: path, limits: limits)
    self.init(XMLEngine(source, file: path, limits: limits, schemas: schemas, collectsNamespaceIssues: false))
  }

  init(_ engine: XMLEngine) { self.engine = engine }

  /// Hands everything to the receiver that is chosen as soon as the root is known, before the first ``read()``: what a document is, and
  /// what it is checked by, stands in its root. The reader keeps the receiver.
  ///
  /// - Parameter choose: Is given the root; where it answers nil, the document is not read any further, and ``read()`` answers false.
  public func hand(atRoot choose: @escaping (XMLStartTag) -> XMLReception?) { engine.hand(atRoot: choose) }

  /// Takes in one more piece of the document, of ``pieceOctets``, and hands its parts to the receiver.
  ///
  /// - Returns: false at the end of the document.
  /// - Throws: The fault that ends the document, after everything before it was handed over.
  public func read() throws(XMLIssue) -> Bool {
    if let failure = engine.failure { throw failure }
    if engine.isFinished { return false }
    engine.readChunk()
    if let failure = engine.failure { throw failure }
    return !engine.isFinished
  }

  /// The local name that a number of ``XMLReceiver`` stands for.
  public func localName(_ number: Int) -> String { engine.names.all[number].name.local }

  /// The next event, or nil after the end of the root element and of the document.
  ///
  /// - Throws: The fault that ends the document, after all events before it; every further call throws it again.
  public func next() throws(XMLIssue) -> XMLEvent? {
    while true {
      if let event = engine.events.popFirst() { return event }
      if let failure = engine.failure { throw failure }
      if engine.isFinished { return nil }
      engine.readChunk()
    }
  }

  /// What breaks the schema in the part of the document that has been taken in, up to ``XMLLimits/issues``. Complete once ``next()``
  /// has answered nil.
  public var schemaIssues: XMLIssues { XMLIssues(engine.issues, isTruncated: engine.isTruncated) }
}
