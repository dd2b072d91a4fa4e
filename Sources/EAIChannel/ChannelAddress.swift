import BrokerRuntime

/// Where a system takes documents: a URL of `http` or `https`, whose fragment says how it is called.
///
/// A fragment is never sent (RFC 9110, 7.1): what stands behind `#`, as `name=value` joined by `&`, is for us alone.
public struct ChannelAddress: Hashable, Sendable {
  /// The URL without its fragment.
  public let url: String
  /// Whether the exchange is encrypted.
  public let isEncrypted: Bool
  /// What the fragment says, decoded.
  public let settings: [String: String]

  /// The longest address.
  public static let greatestLength = 2_000

  /// Reads an address.
  ///
  /// - Parameters:
  ///   - text: such as `https://erp.example/u8eai/import.asp#sender=001`.
  ///   - names: the settings that there are; another one is a mistake.
  /// - Throws: ``AdapterFailure`` with code `ADDRESS_INVALID`.
  public init(_ text: String, settings names: [String]) throws {
    guard text.utf8.count <= Self.greatestLength else { throw Self.fault("the address has more than \(Self.greatestLength) octets") }
    // Printable ASCII, as a URL has: what is beyond it must be written as %XX (RFC 3986, 2.1).
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw Self.fault("\"\(text)\" has spaces or characters that a URL does not have", "write them as %XX")
    }
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    url = String(parts[0])
    let lowered = url.lowercased()
    guard lowered.hasPrefix("http://") || lowered.hasPrefix("https://") else {
      throw Self.fault("\"\(url)\" is no URL of http or https", "write https://HOST:PORT/PATH")
    }
    isEncrypted = lowered.hasPrefix("https://")
    let rest = url.drop { $0 != "/" }.dropFirst(2)
    let authority = rest.prefix { $0 != "/" && $0 != "?" }
    if authority.contains("@") {
      throw Self.fault("the address names a user, which would stand in lists and logs", "leave out what stands before @")
    }
    guard let host = authority.split(separator: ":").first, !host.isEmpty else { throw Self.fault("\"\(url)\" names no host") }
    settings = try Self.settings(parts.count > 1 ? parts[1] : "", names)
  }

  private static func settings(_ fragment: Substring, _ names: [String]) throws -> [String: String] {
    var settings: [String: String] = [:]
    for pair in fragment.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      guard names.contains(name) else {
        throw fault("there is no setting '\(name)' behind #", "there are: \(names.sorted().joined(separator: ", "))")
      }
      guard parts.count == 2, let value = decoded(parts[1]), !value.isEmpty else {
        throw fault("the setting '\(name)' behind # has no value, or one that is not text in %XX", "write \(name)=VALUE")
      }
      guard settings.updateValue(value, forKey: name) == nil else { throw fault("the setting '\(name)' stands behind # twice") }
    }
    return settings
  }

  /// Text with its `%XX` resolved (RFC 3986, 2.1); nil where that is no UTF-8.
  private static func decoded(_ text: Substring) -> String? {
    var octets: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let octet = rest.popFirst() {
      guard octet == UInt8(ascii: "%") else {
        octets.append(octet)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
      octets.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: octets, as: UTF8.self)
  }

  static func fault(_ message: String, _ hint: String = "") -> AdapterFailure {
    AdapterFailure(.notExecuted, code: "ADDRESS_INVALID", message: message, hint: hint)
  }

  /// A setting that is a whole number within bounds.
  ///
  /// - Throws: ``AdapterFailure`` with code `ADDRESS_INVALID`.
  public func number(_ name: String, in range: ClosedRange<Int>, default value: Int) throws -> Int {
    guard let text = settings[name] else { return value }
    guard let number = Int(text), range.contains(number) else {
      throw Self.fault("the setting \(name)=\(text) is no whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
