public import HTTPTypes

/// Why a whole request is refused: a stable code, words, the HTTP status that says the same, and what to do.
///
/// A business error of an item is never one of these: it stands in the answer's body, as the dialect writes it.
public struct GatewayRefusal: Error, Sendable, CustomStringConvertible {
  /// The status of the answer.
  public var status: HTTPResponse.Status
  /// The stable name of the error.
  public var code: String
  /// What is wrong, with the bad value quoted.
  public var message: String
  /// What to do about it; may be empty.
  public var hint: String
  /// Seconds after which the same request may succeed.
  public var retryAfter: Int?

  /// Creates a refusal.
  public init(_ status: HTTPResponse.Status, _ code: String, _ message: String, hint: String = "", retryAfter: Int? = nil) {
    self.status = status
    self.code = code
    self.message = message
    self.hint = hint
    self.retryAfter = retryAfter
  }

  public var description: String { "\(code): \(message)\(hint.isEmpty ? "" : "; \(hint)")" }
}
