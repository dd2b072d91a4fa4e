import Broker
import BrokerRuntime
import COpenSSL
import HTTPTypes
import StoreAPI
import Synchronization

/// Tokens of partners: `NAME.SECRET`, kept as the SHA-256 of the whole.
public enum PartnerToken {
  /// A new token of a system.
  public static func make(_ system: String) -> String { "\(system).\(Secrets.make())" }

  /// What is kept of a token.
  public static func digest(_ token: String) -> [UInt8] { Secrets.sha256(Array(token.utf8)) }

  /// The system that a token names.
  static func system(of token: String) -> String? {
    guard let dot = token.lastIndex(of: "."), dot != token.startIndex else { return nil }
    return String(token[..<dot])
  }

  /// Whether a token is the one of which a digest was kept; takes the same time for every wrong one.
  static func verify(_ token: String, against digest: [UInt8]) -> Bool {
    let found = Self.digest(token)
    return found.count == digest.count && CRYPTO_memcmp(found, digest, digest.count) == 0
  }
}

/// A partner whose request is served.
struct Partner: Sendable {
  var system: SystemRow
  var agreement: PartnerRow
}

/// Knows who asks, and how often.
final class PartnerDesk: Sendable {
  private struct Bucket {
    /// Requests that may be made at once.
    var tokens: Double
    var filledAt: Int64
  }

  private let store: any Store
  private let now: @Sendable () -> Int64
  private let buckets = Mutex<[String: Bucket]>([:])

  init(store: any Store, now: @escaping @Sendable () -> Int64) {
    self.store = store
    self.now = now
  }

  /// The partner of an `Authorization` header.
  ///
  /// - Throws: ``GatewayRefusal`` 401: which part is wrong is not told. `StoreError`.
  func partner(authorization: String?) async throws -> Partner {
    let refusal = GatewayRefusal(
      .unauthorized, "NOT_AUTHENTICATED", "the request bears no token of a partner",
      hint: "send the header `Authorization: Bearer TOKEN` with the token that `tessera partners add` printed")
    guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { throw refusal }
    let token = String(authorization.dropFirst(7).drop { $0 == " " })
    guard token.utf8.count <= 200, let name = PartnerToken.system(of: token) else { throw refusal }
    let (system, agreement) = try await store.read { (try $0.system(named: name), try $0.partner(named: name)) }
    guard let system, let agreement, PartnerToken.verify(token, against: agreement.tokenDigest), system.state == .active else {
      throw refusal
    }
    return Partner(system: system, agreement: agreement)
  }

  /// Counts a request.
  ///
  /// - Throws: ``GatewayRefusal`` 429 where the partner asks more often than was agreed.
  func count(_ partner: Partner) throws {
    let rate = Double(partner.agreement.requestsPerMinute)
    let now = now()
    let wait = buckets.withLock { buckets -> Double? in
      var bucket = buckets[partner.system.name] ?? Bucket(tokens: rate, filledAt: now)
      bucket.tokens = min(rate, bucket.tokens + Double(max(0, now - bucket.filledAt)) / 60_000_000 * rate)
      bucket.filledAt = now
      defer { buckets[partner.system.name] = bucket }
      guard bucket.tokens >= 1 else { return (1 - bucket.tokens) / rate * 60 }
      bucket.tokens -= 1
      return nil
    }
    if let wait {
      throw GatewayRefusal(
        .tooManyRequests, "TOO_MANY_REQUESTS", "more than \(partner.agreement.requestsPerMinute) requests in a minute",
        hint: "put more items into one document", retryAfter: max(1, Int(wait.rounded(.up))))
    }
  }
}
