import CDR

// The form of the text: CORBA 3.3, part 2, 7.6.10.
//
//   corbaloc:  address {, address} [/ key]
//   address    [iiop]: [major.minor@] host [: port]   or   rir:
extension ReferenceTextParser {
  /// Most addresses in one text.
  private static var maximumAddresses: Int { IOR.maximumProfiles }

  mutating func parseLocation() throws(ReferenceTextError) -> StringifiedReference {
    var addresses: [(version: WireFormat.Version, address: IIOPAddress)] = []
    var initial = false
    repeat {
      let start = index
      let scheme = word { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "/") }
      guard take(":") else {
        throw ReferenceTextError(.badAddress, at: index + 1, "expected \":\" after the protocol, found \(shown(at: index))")
      }
      switch scheme.lowercased() {
      case "rir": initial = true
      case "", "iiop": addresses.append(try parseAddress())
      default: throw ReferenceTextError(.badAddress, at: start + 1, "unknown protocol \"\(scheme)\"; iiop and rir are known")
      }
      if initial && (!addresses.isEmpty || peek(",")) {
        throw ReferenceTextError(.badAddress, at: start + 1, "rir: stands for itself and cannot be one of several addresses")
      }
      if addresses.count > Self.maximumAddresses {
        throw ReferenceTextError(.badAddress, at: start + 1, "more than \(Self.maximumAddresses) addresses")
      }
    } while take(",")
    let key = try parseKey()
    if initial {
      guard let name = String(validating: key, as: UTF8.self) else {
        throw ReferenceTextError(.badSchemeSpecificPart, at: index + 1, "the name behind rir: is not UTF-8")
      }
      return .initialReference(name.isEmpty ? "NameService" : name)
    }
    let profiles = addresses.map { IIOPProfile(version: $0.version, address: $0.address, objectKey: key).tagged() }
    return .reference(IOR(typeID: "", profiles: profiles))
  }

  private mutating func parseAddress() throws(ReferenceTextError) -> (version: WireFormat.Version, address: IIOPAddress) {
    var version = WireFormat.Version.giop10
    let end = octets[index...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "/") } ?? octets.endIndex
    if octets[index..<end].contains(UInt8(ascii: "@")) { version = try parseVersion() }
    let host = try parseHost()
    var port = StringifiedReference.defaultPort
    if take(":") {
      let start = index
      let digits = word { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "/") }
      guard let number = UInt16(digits), number > 0, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
        throw ReferenceTextError(.badAddress, at: start + 1, "expected a port from 1 to 65535, found \"\(digits)\"")
      }
      port = number
    }
    return (version, IIOPAddress(host: host, port: port))
  }

  private mutating func parseVersion() throws(ReferenceTextError) -> WireFormat.Version {
    let start = index
    let text = word { $0 != UInt8(ascii: "@") }
    _ = take("@")
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "1", let minor = UInt8(parts[1]) else {
      throw ReferenceTextError(.badAddress, at: start + 1, "expected an IIOP version 1.0, 1.1 or 1.2, found \"\(text)\"")
    }
    return WireFormat.Version(rawValue: minor) ?? .giop12
  }

  private mutating func parseHost() throws(ReferenceTextError) -> String {
    let start = index
    if take("[") {
      let host = word { $0 != UInt8(ascii: "]") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: ",") }
      guard take("]") else {
        throw ReferenceTextError(.badAddress, at: index + 1, "expected \"]\" at the end of an IPv6 address, found \(shown(at: index))")
      }
      // A zone such as %eth0 may follow the address itself.
      guard !host.isEmpty, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
        throw ReferenceTextError(.badAddress, at: start + 1, "expected an IPv6 address, found \"\(host)\"")
      }
      return host
    }
    let host = word { $0 != UInt8(ascii: ":") && $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "/") }
    guard !host.isEmpty else {
      throw ReferenceTextError(.badAddress, at: start + 1, "expected a host name, found \(shown(at: start))")
    }
    if host.utf8.count > IIOPProfile.maximumHostLength {
      throw ReferenceTextError(.badAddress, at: start + 1, "a host name of \(host.utf8.count) octets is too long")
    }
    if let wrong = octets[start..<index].firstIndex(where: { !isHostOctet($0) }) {
      throw ReferenceTextError(.badAddress, at: wrong + 1, "\(shown(at: wrong)) cannot stand in a host name")
    }
    return host
  }

  /// The key: unreserved and reserved characters of RFC 2396 stand for themselves, every other octet is written `%xx`.
  private mutating func parseKey() throws(ReferenceTextError) -> [UInt8] {
    guard index < octets.count else { return [] }
    guard take("/") else {
      throw ReferenceTextError(.badAddress, at: index + 1, "expected \",\" or \"/\" after an address, found \(shown(at: index))")
    }
    var key: [UInt8] = []
    while index < octets.count {
      let octet = octets[index]
      if octet == UInt8(ascii: "%") {
        guard index + 2 < octets.count, let high = hexadecimalValue(octets[index + 1]), let low = hexadecimalValue(octets[index + 2])
        else {
          throw ReferenceTextError(.badSchemeSpecificPart, at: index + 1, "expected two hexadecimal digits after \"%\"")
        }
        key.append(high << 4 | low)
        index += 3
      } else if isKeyOctet(octet) {
        key.append(octet)
        index += 1
      } else {
        throw ReferenceTextError(
          .badSchemeSpecificPart, at: index + 1, "\(shown(at: index)) cannot stand in a key; write it as %\(hexadecimal(octet))")
      }
    }
    return key
  }

  // MARK: - Octets

  private func peek(_ character: Unicode.Scalar) -> Bool { index < octets.count && octets[index] == UInt8(ascii: character) }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek(character) else { return false }
    index += 1
    return true
  }

  private mutating func word(_ belongs: (UInt8) -> Bool) -> String {
    let start = index
    while index < octets.count, belongs(octets[index]) { index += 1 }
    return String(decoding: octets[start..<index], as: UTF8.self)
  }
}

private func isAlphanumeric(_ octet: UInt8) -> Bool {
  switch octet {
  case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
  default: false
  }
}

private func isHostOctet(_ octet: UInt8) -> Bool {
  isAlphanumeric(octet) || octet == UInt8(ascii: "-") || octet == UInt8(ascii: ".") || octet == UInt8(ascii: "_")
}

private func isKeyOctet(_ octet: UInt8) -> Bool {
  isAlphanumeric(octet) || Array(";/:?@&=+$,-_.!~*'()".utf8).contains(octet)
}
