public import BrokerRuntime
public import CDR
import EAIChannel
import MappingFiles

/// Gives orders to a U8 EAI interface: each as a `ufinterface` document, posted, with the answer as a record that a mapping turns into a
/// verdict.
///
/// The interface has no create that can be repeated: what is sent again is refused by its number where people's numbers are kept, and
/// made again where U8 numbers orders itself. Where it answers queries by our key (`query`), a refusal is believed only after
/// the question whether the order is there: an earlier attempt may have made it.
public struct U8EAIChannel: Adapter {
  /// The name of the types in mapping files.
  public static let dialect = "ufinterface"

  public var feeds: [Feed] { [] }
  public var orderType: String? { "\(Self.dialect):saleorder" }
  public var verdictType: String { "\(Self.dialect):\(ReturnItem.recordType.name)" }

  private let deployment: U8Deployment
  private let channel: DocumentChannel

  /// The type of what the interface answers to an order, for mapping files.
  public static var returnType: RecordType { ReturnItem.recordType }

  /// - Parameter reference: the URL of the interface with settings behind `#`, such as
  ///   `http://erp:8080/u8eai/import.asp#sender=001`.
  /// - Throws: `AdapterFailure` with code `ADDRESS_INVALID` or `CERTIFICATES_UNREADABLE`.
  public init(reference: String) throws {
    deployment = try U8Deployment(reference)
    channel = try DocumentChannel(deployment.address, options: deployment.options)
  }

  /// Whether calls of a reference are encrypted, and the file that it names with the certificates of those who may have signed the
  /// interface's.
  ///
  /// - Throws: `AdapterFailure` with code `ADDRESS_INVALID`.
  public static func encryption(ofReference text: String) throws -> (isEncrypted: Bool, authorities: String?) {
    let deployment = try U8Deployment(text)
    return (deployment.address.isEncrypted, deployment.options.authorities)
  }

  /// Whether the interface can be asked for an order by our key, which the guarantee `strong-probe` needs.
  public var answersQueries: Bool { deployment.queryColumn != nil }

  public func read(_ feed: Feed, after position: String?, limit: Int) async throws -> FeedPage {
    throw AdapterFailure(.notExecuted, code: "NO_FEED", message: "nothing is read from a U8 EAI interface; it sends to the gateway")
  }

  public func createOrder(key: String, order: Record) async throws -> Record {
    let document = try UFDocument.order(order, key: key, deployment)
    let item = try ReturnDocument.item(of: try await post(document), docid: key, code: UFDocument.code(of: order))
    if item.isSuccess || !answersQueries { return item.record }
    return try await findOrder(key: key) ?? item.record
  }

  public func findOrder(key: String) async throws -> Record? {
    guard let column = deployment.queryColumn else {
      throw AdapterFailure(
        .unknown, code: "QUERY_NOT_CONFIGURED", message: "the reference names no column by which orders are found by our key",
        hint: "add &query=COLUMN where the interface answers such queries, or take the guarantee none")
    }
    let answer = try await post(try UFDocument.query(column: column, key: key, deployment))
    return try FoundOrders.item(of: answer, key: key, keyElement: deployment.keyElement)?.record
  }

  private func post(_ document: [UInt8]) async throws -> ChannelAnswer {
    try await channel.post(document, contentType: "text/xml; charset=utf-8")
  }
}
