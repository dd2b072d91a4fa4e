import Broker
import BrokerRuntime
import COpenSSL
import HTTPTypes
import Logging
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
  private let atOnce: Int
  private let refusals: TalliedLog
  private let buckets = Mutex<[String: Bucket]>([:])
  /// Requests under way, by partner.
  private let underWay = Mutex<[String: Int]>([:])

  /// - Parameters:
  ///   - atOnce: requests of one partner that are served at the same time.
  ///   - refusals: hears of wrong tokens.
  init(store: any Store, now: @escaping @Sendable () -> Int64, atOnce: Int, refusals: TalliedLog) {
    self.store = store
    self.now = now
    self.atOnce = atOnce
    self.refusals = refusals
  }

  /// The partner of an `Authorization` header.
  ///
  /// - Parameter host: the address that the request came from.
  /// - Throws: ``GatewayRefusal`` 401: which part is wrong is not told. `StoreError`.
  func partner(authorization: String?, from host: String) async throws -> Partner {
    let refusal = GatewayRefusal(
      .unauthorized, "NOT_AUTHENTICATED", "the request bears no token of a partner",
      hint: "send the header `Authorization: Bearer TOKEN` with the token that `tessera partners add` printed")
    guard let authorization, authorization.lowercased().hasPrefix("bearer ") else {
      refusals.note("a request without a token was refused", from: host)
      throw refusal
    }
    let token = String(authorization.dropFirst(7).drop { $0 == " " })
    guard token.utf8.count <= 200, let name = PartnerToken.system(of: token) else {
      refusals.note("a request with a wrong token was refused", from: host)
      throw refusal
    }
    let (system, agreement) = try await store.read { (try $0.system(named: name), try $0.partner(named: name)) }
    guard let system, let agreement, PartnerToken.verify(token, against: agreement.tokenDigest), system.state == .active else {
      // The name alone, and only where there is such a partner: whatever else stands there may be part of a secret.
      refusals.note("a request with a wrong token was refused", from: host, system.map { ["partner": "\($0.name)"] } ?? [:])
      throw refusal
    }
    return Partner(system: system, agreement: agreement)
  }

  /// Counts a request in; ``end(_:)`` counts it out.
  ///
  /// - Throws: ``GatewayRefusal`` 429 where too many of the partner are under way.
  func begin(_ partner: Partner) throws {
    let isFull = underWay.withLock { underWay in
      if underWay[partner.system.name, default: 0] >= atOnce { return true }
      underWay[partner.system.name, default: 0] += 1
      return false
    }
    if isFull {
      throw GatewayRefusal(
        .tooManyRequests, "TOO_MANY_AT_ONCE", "\(atOnce) requests of \(partner.system.name) are under way",
        hint: "send the next one when one of them is answered", retryAfter: 1)
    }
  }

  func end(_ partner: Partner) {
    underWay.withLock { underWay in
      underWay[partner.system.name, default: 0] -= 1
      if underWay[partner.system.name] ?? 0 <= 0 { underWay[partner.system.name] = nil }
    }
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
