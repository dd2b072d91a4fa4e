/// The bounds within which a document is read.
///
/// Every bound is checked on the bytes before libxml2 sees them, since libxml2 itself stops none of the floods that they guard
/// against: attributes, namespace declarations and names cost it quadratic time, and with SAX it counts neither depth nor text.
/// A document that stands exactly at a bound is accepted.
public struct XMLLimits: Sendable, Hashable {
  /// Bytes of the whole document as it arrives, before it is decoded. Default 16 MiB; a gateway sets it per partner.
  public var documentBytes: Int
  /// Bytes of one start tag or document type declaration, from `<` to `>`, both counted, as UTF-8. Default 64 KiB.
  public var startTagBytes: Int
  /// Attributes of one element, namespace declarations not counted. Default 256.
  public var attributes: Int
  /// Namespace declarations of one element. Default 64.
  public var namespaceDeclarations: Int
  /// Elements that are open at one time. Default 64, never more than ``greatestDepth``.
  public var depth: Int
  /// Different names in one document: local names, prefixes, namespace names and processing-instruction targets. Default 10,000.
  ///
  /// Counted when libxml2 reports a name, so up to one chunk (64 KiB) of the document may be past the bound when it is found.
  public var distinctNames: Int
  /// Bytes (UTF-8) of one run of text between two tags, CDATA sections and the spelling of references included. Default 1 MiB.
  public var textBytes: Int
  /// Bytes (UTF-8) of one comment or processing instruction. Default 1 MiB.
  public var commentBytes: Int
  /// Issues reported for one document; the validation of a document stops there. Default 100.
  public var issues: Int

  /// The depth beyond which ``depth`` has no effect: element trees are released recursively.
  public static let greatestDepth = 1_000

  /// Creates a set of limits; every parameter has the default that its property documents.
  public init(
    documentBytes: Int = 16 << 20,
    startTagBytes: Int = 64 << 10,
    attributes: Int = 256,
    namespaceDeclarations: Int = 64,
    depth: Int = 64,
    distinctNames: Int = 10_000,
    textBytes: Int = 1 << 20,
    commentBytes: Int = 1 << 20,
    issues: Int = 100
  ) {
    self.documentBytes = documentBytes
    self.startTagBytes = startTagBytes
    self.attributes = attributes
    self.namespaceDeclarations = namespaceDeclarations
    self.depth = depth
    self.distinctNames = distinctNames
    self.textBytes = textBytes
    self.commentBytes = commentBytes
    self.issues = issues
  }
}
