/// The id of one real thing, whatever the systems call it: a UUID of version 7 (RFC 9562, 5.7), so that ids made later sort later.
public struct CommonID: Hashable, Sendable, Comparable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The second half alone, nearly all of which is random.
  public func hash(into hasher: inout Hasher) { hasher.combine(low) }

  /// An id made at the given time from 74 random bits; the caller owns clock and randomness.
  ///
  /// - Parameter microseconds: since 1970-01-01 UTC; must not be negative. What is finer than a millisecond goes into the first 10 random bits.
  public init(microseconds: Int64, random: UInt64) {
    let milliseconds = UInt64(microseconds / 1000)
    let fraction = UInt64(microseconds % 1000)
    high = milliseconds << 16 | 0x7000 | fraction << 2 | random >> 62
    low = 0x8000_0000_0000_0000 | random & 0x3FFF_FFFF_FFFF_FFFF
  }

  /// Sixteen octets, most significant first; nil for any other number of octets.
  public init?(octets: some Collection<UInt8>) {
    guard octets.count == 16 else { return nil }
    let words = [octets.prefix(8), octets.suffix(8)].map { $0.reduce(0 as UInt64) { $0 << 8 | UInt64($1) } }
    self.init(high: words[0], low: words[1])
  }

  /// Sixteen octets, most significant first.
  public var octets: [UInt8] { [high, low].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } } }

  /// Reads `0190b3a4-…` with or without hyphens; nil for anything else.
  public init?(_ text: some StringProtocol) {
    let digits = String(text.filter { $0 != "-" })
    guard digits.utf8.count == 32, let high = UInt64(digits.prefix(16), radix: 16), let low = UInt64(digits.suffix(16), radix: 16) else {
      return nil
    }
    self.init(high: high, low: low)
  }

  public static func < (left: CommonID, right: CommonID) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}

extension CommonID: CustomStringConvertible {
  /// Lower-case hexadecimal with hyphens.
  public var description: String {
    let digits = [high, low].map { word in
      let text = String(word, radix: 16)
      return String(repeating: "0", count: 16 - text.utf8.count) + text
    }.joined()
    var result = ""
    for (index, digit) in digits.enumerated() {
      if [8, 12, 16, 20].contains(index) { result.append("-") }
      result.append(digit)
    }
    return result
  }
}
