/// What was agreed with a system that exchanges XML with us over HTTP. The system itself has a ``SystemRow`` of the same name.
public struct PartnerRow: Hashable, Sendable {
  /// What breaches of a document's schema do.
  public enum Validation: String, Sendable, CaseIterable {
    /// They refuse the document.
    case strict
    /// They are recorded and told; the document is taken.
    case warn
    /// Nobody looks.
    case off
  }

  /// What makes two messages the same one.
  public enum MessageIdentity: String, Sendable, CaseIterable {
    /// The number that the document bears; another document with the same number is a conflict.
    case document
    /// The document's octets: for senders whose documents bear no number, or always the same.
    case body
  }

  public var system: String
  /// SHA-256 of the bearer token, whose 32 random letters nobody tries out.
  public var tokenDigest: [UInt8]
  /// The only sender that its documents may name; empty where they name none.
  public var sender: String
  /// The document types that it may send, such as `ufinterface:inventory`; `*` stands for all, a trailing `*` for a family.
  public var documents: [String]
  /// Octets of one request's body.
  public var greatestBody: Int64
  /// Requests in one minute.
  public var requestsPerMinute: Int
  public var validation: Validation
  public var identity: MessageIdentity
  /// For how many microseconds a message is remembered as sent; one that comes again later is a new one.
  public var window: Int64
  public var createdAt: Int64
  public var changedAt: Int64

  public init(
    system: String, tokenDigest: [UInt8], sender: String, documents: [String], greatestBody: Int64, requestsPerMinute: Int,
    validation: Validation, identity: MessageIdentity, window: Int64, createdAt: Int64, changedAt: Int64
  ) {
    self.system = system
    self.tokenDigest = tokenDigest
    self.sender = sender
    self.documents = documents
    self.greatestBody = greatestBody
    self.requestsPerMinute = requestsPerMinute
    self.validation = validation
    self.identity = identity
    self.window = window
    self.createdAt = createdAt
    self.changedAt = changedAt
  }

  /// Whether the partner may send documents of a type.
  public func maySend(_ type: String) -> Bool {
    documents.contains { $0 == type || ($0.hasSuffix("*") && type.hasPrefix($0.dropLast())) }
  }
}
