// Object references in dynamic values: text, `IOR:` and the hexadecimal octets of an encapsulation (CORBA 3.3, part 2, 7.6.9), which
// says the same as the reference on the wire and needs no ORB.

extension CDREncoder {
  /// Writes a reference that a dynamic value carries as text; ``Value/absent`` as the nil reference.
  mutating func encodeReference(_ value: Value) throws(CDRError) {
    switch value {
    case .absent:
      try encode("")
      encode(0 as UInt32)
    case .text(let text):
      guard let octets = hexadecimalOctets(text) else { throw .mismatch("a stringified object reference", value) }
      let reference: TaggedReference
      do {
        reference = try unsafe CDRDecoder.decodeEncapsulation(octets.span.bytes) { (decoder) throws(CDRError) in
          try TaggedReference(from: &decoder)
        }
      } catch { throw .mismatch("a stringified object reference", value) }
      try reference.encode(into: &self)
    default: throw .mismatch("a stringified object reference", value)
    }
  }

  private func hexadecimalOctets(_ text: String) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count > 4, characters.count % 2 == 0, text.prefix(4).lowercased() == "ior:" else { return nil }
    var octets: [UInt8] = []
    octets.reserveCapacity(characters.count / 2 - 2)
    for index in stride(from: 4, to: characters.count, by: 2) {
      guard let high = hexadecimalDigit(characters[index]), let low = hexadecimalDigit(characters[index + 1]) else { return nil }
      octets.append(high << 4 | low)
    }
    return octets
  }

  private func hexadecimalDigit(_ character: UInt8) -> UInt8? {
    switch character {
    case 0x30...0x39: character - 0x30
    case 0x41...0x46: character - 0x41 + 10
    case 0x61...0x66: character - 0x61 + 10
    default: nil
    }
  }
}

extension CDRDecoder {
  /// Reads a reference as text; the nil reference as ``Value/absent``.
  mutating func decodeReferenceValue() throws(CDRError) -> Value {
    let reference = try TaggedReference(from: &self)
    if reference.profiles.isEmpty { return .absent }
    var encoder = CDREncoder(format: WireFormat(byteOrder: .littleEndian))
    encoder.encode(ByteOrder.littleEndian.rawValue)
    try reference.encode(into: &encoder)
    let digits = Array("0123456789abcdef".utf8)
    var text = Array("IOR:".utf8)
    text.reserveCapacity(4 + 2 * encoder.count)
    for octet in encoder.array {
      text.append(digits[Int(octet >> 4)])
      text.append(digits[Int(octet & 15)])
    }
    return .text(String(decoding: text, as: UTF8.self))
  }
}

/// A reference on the wire: a repository id and tagged profiles, which nobody changes who passes them on.
private struct TaggedReference {
  let typeID: String
  let profiles: [(tag: UInt32, data: [UInt8])]

  init(from decoder: inout CDRDecoder) throws(CDRError) {
    typeID = try decoder.decode(String.self, bound: 4096)
    profiles = try decoder.decodeSequence(minimumSize: 8, bound: 256) { (decoder) throws(CDRError) in
      (tag: try decoder.decode(UInt32.self), data: try decoder.decodeOctets())
    }
  }

  func encode(into encoder: inout CDREncoder) throws(CDRError) {
    try encoder.encode(typeID)
    encoder.encode(UInt32(profiles.count))
    for profile in profiles {
      encoder.encode(profile.tag)
      encoder.encode(octets: profile.data)
    }
  }
}
