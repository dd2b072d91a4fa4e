import CDR

/// What an object reference says, as it travels: a type and the ways to reach the object (CORBA 3.3, part 2, 7.6.2).
struct ReferenceData: Sendable, Hashable {
  struct Profile: Sendable, Hashable {
    var tag: UInt32
    /// An encapsulation in its creator's byte order, never changed by those who pass it on.
    var data: [UInt8]
  }

  var typeID: String
  var profiles: [Profile]

  /// A reference to an object of this process.
  static func local(key: ObjectKey, typeID: String, endpoint: Endpoint) -> ReferenceData {
    var encoder = CDREncoder()
    encoder.encode(ByteOrder.native.rawValue)
    encoder.encode(1 as UInt8)
    encoder.encode(2 as UInt8)
    try? encoder.encode(endpoint.host)
    encoder.encode(endpoint.port)
    encoder.encode(octets: key.octets)
    encoder.encode(0 as UInt32)
    return ReferenceData(typeID: typeID, profiles: [Profile(tag: 0, data: encoder.array)])
  }

  /// The address and key of the first IIOP profile.
  var target: (endpoint: Endpoint, key: ObjectKey)? {
    guard let profile = profiles.first(where: { $0.tag == 0 }) else { return nil }
    return unsafe try? CDRDecoder.decodeEncapsulation(profile.data.span.bytes) { (decoder) throws(CDRError) in
      _ = try decoder.decode(UInt16.self)
      let host = try decoder.decode(String.self, bound: 255)
      let port = try decoder.decode(UInt16.self)
      return (Endpoint(host: host, port: port), ObjectKey(octets: try decoder.decodeOctets()))
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

  init(typeID: String, profiles: [Profile]) {
    self.typeID = typeID
    self.profiles = profiles
  }

  init(from decoder: inout CDRDecoder) throws(CDRError) {
    typeID = try decoder.decode(String.self, bound: 4096)
    profiles = try decoder.decodeSequence(minimumSize: 8, bound: 64) { (decoder) throws(CDRError) in
      Profile(tag: try decoder.decode(), data: try decoder.decodeOctets())
    }
  }

  /// `IOR:` and the hexadecimal octets of an encapsulation.
  var stringified: String {
    var encoder = CDREncoder()
    encoder.encode(ByteOrder.native.rawValue)
    try? encode(into: &encoder)
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = Array("IOR:".utf8)
    for octet in encoder.array {
      text.append(digits[Int(octet >> 4)])
      text.append(digits[Int(octet & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  init?(stringified text: String) {
    let characters = Array(text.utf8)
    guard characters.count > 4, characters.count % 2 == 0, text.hasPrefix("IOR:") else { return nil }
    var octets: [UInt8] = []
    for index in stride(from: 4, to: characters.count, by: 2) {
      guard let octet = UInt8(String(decoding: characters[index..<index + 2], as: UTF8.self), radix: 16) else { return nil }
      octets.append(octet)
    }
    let data = unsafe try? CDRDecoder.decodeEncapsulation(octets.span.bytes) { (decoder) throws(CDRError) in
      try ReferenceData(from: &decoder)
    }
    guard let data else { return nil }
    self = data
  }
}
