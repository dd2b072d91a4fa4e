import BrokerRuntime
import EAIChannel

/// How one U8 EAI interface is called, as the reference of its system says: a URL, and settings behind `#`.
struct U8Deployment: Sendable {
  /// The code under which U8 has registered us; it selects the account set.
  var sender: String
  var receiver: String
  /// The element of an order's header that takes our key and gives it back in queries.
  var keyElement: String
  /// The column by which a query finds orders of our key; nil where the interface answers no such query.
  var queryColumn: String?
  var address: ChannelAddress
  var options: DocumentChannel.Options

  /// What may stand behind `#`.
  static let settings = ["sender", "receiver", "key", "query", "timeout", "ca"]

  /// - Throws: `AdapterFailure` with code `ADDRESS_INVALID`.
  init(_ reference: String) throws {
    address = try ChannelAddress(reference, settings: Self.settings)
    guard let sender = address.settings["sender"] else {
      throw AdapterFailure(
        .notExecuted, code: "ADDRESS_INVALID", message: "the reference does not say under which code U8 has registered us",
        hint: "write it behind the URL: #sender=CODE")
    }
    self.sender = sender
    receiver = address.settings["receiver"] ?? "u8"
    keyElement = address.settings["key"] ?? "outid"
    queryColumn = address.settings["query"]
    options = DocumentChannel.Options()
    options.timeout = .seconds(try address.number("timeout", in: 1...3600, default: 300))
    options.authorities = address.settings["ca"]
  }
}
