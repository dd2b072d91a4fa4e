public import Broker
public import CDR
import HTTPTypes
public import InterchangeIDL
public import XMLStream

/// What the envelope of a document says, before its items are looked at.
public struct DocumentHead: Sendable {
  /// The kind of the document.
  public var kind: DocumentKind
  /// The root's attributes and the elements before the items.
  public var envelope: Record
  /// The message's own number; empty where the document bears none.
  public var messageID: String
  /// The sender that the document names; empty where it names none.
  public var sender: String
}

/// What became of a document, for its answer.
public struct DocumentOutcome: Sendable {
  /// The envelope, as far as it could be read.
  public var head: DocumentHead
  /// Our number of the message, by which its receipt can be asked for; 0 where nothing was stored.
  public var receiptNumber: Int64
  /// The receipt, with one result for each item.
  public var receipt: Interchange.V1.Receipt
  /// The CRM core's ids of the things that the items are about; empty where there is none.
  public var identities: [String]
  /// Breaches of the schema that the agreement with the partner lets pass.
  public var warnings: [XMLIssue]
  /// Records beside the items that nothing takes, by name.
  public var leftOut: [String: Int]
  /// The document is named by its content, came before and would change nothing: ``receipt`` is the one that it got then. A document that
  /// bears a number of its own gets its original answer, which says nothing of this.
  public var isDuplicate: Bool

  /// What became of all that came: of a duplicate, all of it is repeated.
  public var counts: ReceiptCounts {
    var counts = ReceiptCounts(names: receipt.results.lazy.map(\.outcome))
    counts.add(.leftOut, leftOut.values.reduce(0, +))
    return isDuplicate ? counts.again : counts
  }

  /// Creates an outcome.
  public init(
    head: DocumentHead, receiptNumber: Int64, receipt: Interchange.V1.Receipt, identities: [String] = [], warnings: [XMLIssue] = [],
    leftOut: [String: Int] = [:], isDuplicate: Bool = false
  ) {
    self.head = head
    self.receiptNumber = receiptNumber
    self.receipt = receipt
    self.identities = identities
    self.warnings = warnings
    self.leftOut = leftOut
    self.isDuplicate = isDuplicate
  }
}

/// What is asked for by a document that asks.
public struct DocumentQuestion: Sendable {
  /// Whether a record of the dialect is wanted.
  public var matches: @Sendable (Record) -> Bool

  /// Creates a question.
  public init(matches: @escaping @Sendable (Record) -> Bool) { self.matches = matches }
}

/// How a dialect asks, orders and answers, beyond the shape of its documents. Business errors are answered in its own words.
public protocol GatewayProtocol: Sendable {
  /// The name by which descriptions of dialects name it.
  var name: String { get }

  /// What the envelope demands of its items.
  ///
  /// - Throws: ``GatewayRefusal`` for what the dialect does not let anybody do.
  func demand(of head: DocumentHead) throws -> ItemDemand

  /// Refuses a root that must never be served, whatever kind it might be of.
  func examine(root: XMLStartTag) throws

  /// What the items of a document that asks ask for.
  func question(_ head: DocumentHead, _ items: [Record]) throws -> DocumentQuestion

  /// The answer to a document whose items were looked at.
  func answer(_ outcome: DocumentOutcome) throws -> [UInt8]

  /// The answer to a question: records of the dialect.
  func answer(_ head: DocumentHead, found: [Record], isTruncated: Bool) throws -> [UInt8]

  /// The answer to a request that was refused as a whole.
  ///
  /// - Parameters:
  ///   - root: The attributes of the root element, as far as it could be read.
  ///   - receiptNumber: Our number of the message where its evidence was kept, else 0.
  func refusal(_ refusal: GatewayRefusal, issues: [XMLIssue], root: XMLStartTag?, receiptNumber: Int64) throws -> [UInt8]
}

extension GatewayProtocol {
  public func demand(of head: DocumentHead) throws -> ItemDemand { .any }
  public func examine(root: XMLStartTag) throws {}
  public func question(_ head: DocumentHead, _ items: [Record]) throws -> DocumentQuestion {
    throw GatewayRefusal(.unprocessableContent, "QUERY_UNKNOWN", "documents of this dialect ask for nothing")
  }
  public func answer(_ head: DocumentHead, found: [Record], isTruncated: Bool) throws -> [UInt8] {
    throw GatewayRefusal(.unprocessableContent, "QUERY_UNKNOWN", "documents of this dialect ask for nothing")
  }
}
