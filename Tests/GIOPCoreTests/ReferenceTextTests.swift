import CDR
import GIOPCore
import Testing

@Suite struct StringifiedReferences {
  struct Location: Sendable, CustomTestStringConvertible {
    let text: String
    let version: WireFormat.Version
    let addresses: [IIOPAddress]
    let key: String
    var testDescription: String { text }

    init(_ text: String, _ addresses: [(String, UInt16)], _ version: WireFormat.Version = .giop10, key: String) {
      self.text = text
      self.version = version
      self.addresses = addresses.map { IIOPAddress(host: $0.0, port: $0.1) }
      self.key = key
    }
  }

  static let locations: [Location] = [
    Location("corbaloc::host/key", [("host", 2809)], key: "key"),
    Location("corbaloc:iiop:host:5000/key", [("host", 5000)], key: "key"),
    Location("corbaloc:iiop:1.2@host:5000/key", [("host", 5000)], .giop12, key: "key"),
    Location("corbaloc::1.1@127.0.0.1:5000/key", [("127.0.0.1", 5000)], .giop11, key: "key"),
    Location("corbaloc::1.9@h/key", [("h", 2809)], .giop12, key: "key"),
    Location("CORBALOC:IIOP:h/Key", [("h", 2809)], key: "Key"),
    Location("corbaloc:iiop:1.2@a:1,:1.2@b:2,iiop:1.2@c/k", [("a", 1), ("b", 2), ("c", 2809)], .giop12, key: "k"),
    Location("corbaloc::[::1]:5000/key", [("::1", 5000)], key: "key"),
    Location("corbaloc::1.2@[fe80::1%25eth0]/key", [("fe80::1%25eth0", 2809)], .giop12, key: "key"),
    Location("corbaloc::host/key%20with%2fescapes%C3%BC", [("host", 2809)], key: "key with/escapesü"),
    Location("corbaloc::host/a/b;c:d?e@f&g=h+i$j,k-l_m.n!o~p*q'r(s)", [("host", 2809)], key: "a/b;c:d?e@f&g=h+i$j,k-l_m.n!o~p*q'r(s)"),
    Location("corbaloc::host", [("host", 2809)], key: ""),
    Location("corbaloc::host/", [("host", 2809)], key: ""),
    Location("  corbaloc::host/key\n", [("host", 2809)], key: "key"),
  ]

  @Test(arguments: locations) func areReadFromCorbaloc(_ location: Location) throws {
    guard case .reference(let ior) = try StringifiedReference(location.text) else { throw Unexpected() }
    #expect(ior.typeID == "" && !ior.isNull)
    let profiles = ior.iiopProfiles.map(\.profile)
    #expect(profiles.map(\.address) == location.addresses)
    for profile in profiles {
      #expect(profile.version == location.version)
      #expect(profile.objectKey == Array(location.key.utf8))
      #expect(profile.components.isEmpty && profile.codeSets == nil)
    }
  }

  @Test(arguments: [
    ("corbaloc:rir:/NameService", "NameService"), ("corbaloc:rir:", "NameService"), ("corbaloc:rir:/", "NameService"),
    ("corbaloc:RIR:/Trading%20Service", "Trading Service"),
  ])
  func mayBeInitialReferences(_ text: String, _ name: String) throws {
    #expect(try StringifiedReference(text) == .initialReference(name))
  }

  static let broken: [(text: String, minor: MinorCode, message: String)] = [
    ("", .badSchemeName, "character 1: expected IOR: or corbaloc:, found \"\""),
    ("  http://x", .badSchemeName, "character 3: expected IOR: or corbaloc:, found \"http://x\""),
    ("IOR", .badSchemeName, "character 1: expected IOR: or corbaloc:, found \"IOR\""),
    ("IOR:0g", .badSchemeSpecificPart, "character 6: expected a hexadecimal digit, found \"g\""),
    ("IOR:000", .badSchemeSpecificPart, "character 8: the number of digits is odd"),
    (
      "IOR:", .badSchemeSpecificPart,
      "character 5: the digits are no object reference: the message ends at offset 0: 1 octets needed, 0 left"
    ),
    (
      "IOR:0000000000000009", .badSchemeSpecificPart,
      "character 5: the digits are no object reference: a length of 9 at offset 4 cannot be held by the 0 octets that follow"
    ),
    (
      "IOR:000000000000000100000000ffffffff", .badSchemeSpecificPart,
      "character 5: the digits are no object reference: a length of 4294967295 at offset 12 exceeds the bound 256 of its type"
    ),
    ("corbaloc:host/key", .badAddress, "character 14: expected \":\" after the protocol, found \"/\""),
    ("corbaloc:ssliop:host/key", .badAddress, "character 10: unknown protocol \"ssliop\"; iiop and rir are known"),
    ("corbaloc::/key", .badAddress, "character 11: expected a host name, found \"/\""),
    ("corbaloc::", .badAddress, "character 11: expected a host name, found the end"),
    ("corbaloc::host:/key", .badAddress, "character 16: expected a port from 1 to 65535, found \"\""),
    ("corbaloc::host:0/key", .badAddress, "character 16: expected a port from 1 to 65535, found \"0\""),
    ("corbaloc::host:65536/key", .badAddress, "character 16: expected a port from 1 to 65535, found \"65536\""),
    ("corbaloc::host:+80/key", .badAddress, "character 16: expected a port from 1 to 65535, found \"+80\""),
    ("corbaloc::2.0@host/key", .badAddress, "character 11: expected an IIOP version 1.0, 1.1 or 1.2, found \"2.0\""),
    ("corbaloc::1.@host/key", .badAddress, "character 11: expected an IIOP version 1.0, 1.1 or 1.2, found \"1.\""),
    ("corbaloc::ho st/key", .badAddress, "character 13: the octet 0x20 cannot stand in a host name"),
    ("corbaloc::[::1/key", .badAddress, "character 15: expected \"]\" at the end of an IPv6 address, found \"/\""),
    ("corbaloc::[]/key", .badAddress, "character 11: expected an IPv6 address, found \"\""),
    ("corbaloc::[::1]x/key", .badAddress, "character 16: expected \",\" or \"/\" after an address, found \"x\""),
    ("corbaloc::a,/key", .badAddress, "character 13: expected \":\" after the protocol, found \"/\""),
    ("corbaloc:rir:,:a/key", .badAddress, "character 10: rir: stands for itself and cannot be one of several addresses"),
    ("corbaloc::a,rir:/key", .badAddress, "character 13: rir: stands for itself and cannot be one of several addresses"),
    ("corbaloc::a/k%2", .badSchemeSpecificPart, "character 14: expected two hexadecimal digits after \"%\""),
    ("corbaloc::a/k%zz", .badSchemeSpecificPart, "character 14: expected two hexadecimal digits after \"%\""),
    ("corbaloc::a/a key", .badSchemeSpecificPart, "character 14: the octet 0x20 cannot stand in a key; write it as %20"),
    ("corbaloc::a/ü", .badSchemeSpecificPart, "character 13: the octet 0xc3 cannot stand in a key; write it as %c3"),
    ("corbaloc::a/<", .badSchemeSpecificPart, "character 13: \"<\" cannot stand in a key; write it as %3c"),
  ]

  @Test(arguments: broken) func sayWhereTheyAreBroken(_ text: String, _ minor: MinorCode, _ message: String) throws {
    let error = try #require(throws: ReferenceTextError.self) { try StringifiedReference(text) }
    #expect(error.description == message)
    #expect(error.minor == minor)
  }

  @Test func haveABoundedLength() {
    let longest = "IOR:" + String(repeating: "0", count: StringifiedReference.maximumLength - 4)
    #expect(throws: ReferenceTextError.self) { try StringifiedReference(longest) }
    let error = #expect(throws: ReferenceTextError.self) { try StringifiedReference(longest + "0") }
    #expect(error?.message.contains("more than the 1048576 allowed") == true)
    let addresses = Array(repeating: ":h", count: 257).joined(separator: ",")
    #expect(throws: ReferenceTextError.self) { try StringifiedReference("corbaloc:" + addresses + "/k") }
  }

  @Test func everyTruncationIsRefused() throws {
    let text = IOR(typeID: "IDL:X:1.0", profiles: [TaggedProfile(tag: 0, data: [0, 1, 2, 3])]).stringified
    #expect(text.count == 4 + 2 * (8 + 12 + 4 + 8 + 4))
    for length in 4..<text.count {
      #expect(throws: ReferenceTextError.self) { try StringifiedReference(String(text.prefix(length))) }
    }
  }
}
