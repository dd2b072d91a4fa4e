public import ORBCore

/// A `corbaname:` URL: where a naming context is, and a name in it (OMG Naming Service 1.3, 2.5.3).
///
///     corbaname: address {, address} [/ key] [# name]
///
/// The address is that of a `corbaloc:`; without a key it means `NameService`. The name is written as in ``NameText``, with every octet
/// but letters, digits and `;/:?@&=+$,-_.!~*'()` as `%xx` (RFC 2396). A `corbaloc:` with `#` and a name is understood in the same way.
public struct NameURL: Hashable, Sendable {
  /// The context, as `corbaloc:`.
  public let context: String
  /// Empty where the URL means the context itself.
  public let name: CosNaming.Name

  /// Whether the text is meant to be a URL with a name in it.
  public static func isNameURL(_ text: String) -> Bool {
    let trimmed = text.drop { $0.isWhitespace }
    let scheme = trimmed.prefix { $0 != ":" }.lowercased()
    return scheme == "corbaname" || (scheme == "corbaloc" && trimmed.contains("#"))
  }

  /// Reads a URL.
  ///
  /// - Throws: BAD_PARAM with the place and what was expected there.
  public init(_ text: String) throws(SystemException) {
    var octets = Array(text.utf8)
    guard octets.count <= StringifiedReference.maximumLength else { throw Self.invalid("the URL has \(octets.count) octets") }
    while let last = octets.last, last <= 0x20 { octets.removeLast() }
    octets.removeFirst(octets.prefix { $0 <= 0x20 }.count)
    guard let colon = octets.firstIndex(of: UInt8(ascii: ":")),
      ["corbaname", "corbaloc"].contains(String(decoding: octets[..<colon], as: UTF8.self).lowercased())
    else {
      throw SystemException(.badParameter, minor: .badSchemeName, message: "expected corbaname:, found \"\(text.prefix(40))\"")
    }
    let hash = octets.firstIndex(of: UInt8(ascii: "#")) ?? octets.endIndex
    context = try Self.context(at: String(decoding: octets[(colon + 1)..<hash], as: UTF8.self))
    name = hash == octets.endIndex ? [] : try Self.name(inFragment: octets[(hash + 1)...])
  }

  /// The URL of an address and a name.
  ///
  /// - Parameter address: What stands between `corbaname:` and `#`, for example `:host:2809` or `rir:`.
  /// - Throws: BAD_PARAM where the address is none.
  public static func text(address: String, name: CosNaming.Name) throws(SystemException) -> String {
    if address.isEmpty || address.contains("#") { throw invalid("\"\(address)\" is no address") }
    _ = try context(at: address)
    return "corbaname:\(address)" + (name.isEmpty ? "" : "#\(escaped(NameText.text(of: name)))")
  }

  private static func context(at address: String) throws(SystemException) -> String {
    var location = "corbaloc:\(address)"
    if !address.contains("/") { location += "/" }
    if location.hasSuffix("/") { location += "NameService" }
    do { _ = try StringifiedReference(location) } catch {
      throw SystemException(.badParameter, minor: error.minor, message: "the address \"\(address)\" of a corbaname: \(error.message)")
    }
    return location
  }

  private static func name(inFragment fragment: ArraySlice<UInt8>) throws(SystemException) -> CosNaming.Name {
    var octets: [UInt8] = []
    var index = fragment.startIndex
    while index < fragment.endIndex {
      let octet = fragment[index]
      if octet == UInt8(ascii: "%") {
        guard index + 2 < fragment.endIndex, let high = hexadecimalValue(fragment[index + 1]),
          let low = hexadecimalValue(fragment[index + 2])
        else { throw invalid("expected two hexadecimal digits after \"%\" at octet \(index + 1)") }
        octets.append(high << 4 | low)
        index += 3
      } else {
        guard isUnescaped(octet) else { throw invalid("octet \(index + 1) of the URL must be written as %\(hexadecimal(octet))") }
        octets.append(octet)
        index += 1
      }
    }
    guard let text = String(validating: octets, as: UTF8.self) else { throw invalid("the name behind \"#\" is not UTF-8") }
    if text.isEmpty { return [] }
    do { return try NameText.name(of: text) } catch { throw invalid("the name \"\(text)\" behind \"#\": \(error)") }
  }

  private static func escaped(_ text: String) -> String {
    text.utf8.map { isUnescaped($0) ? String(UnicodeScalar($0)) : "%" + hexadecimal($0) }.joined()
  }

  private static func invalid(_ message: String) -> SystemException {
    SystemException(.badParameter, minor: .badSchemeSpecificPart, message: message)
  }
}

private func isUnescaped(_ octet: UInt8) -> Bool {
  switch octet {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
  default: ";/:?@&=+$,-_.!~*'()".utf8.contains(octet)
  }
}

private func hexadecimalValue(_ octet: UInt8) -> UInt8? {
  switch octet {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): octet - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): octet - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): octet - UInt8(ascii: "A") + 10
  default: nil
  }
}

private func hexadecimal(_ octet: UInt8) -> String { (octet < 16 ? "0" : "") + String(octet, radix: 16) }
