public import CDR

/// A host and a port to connect to.
public struct IIOPAddress: Sendable, Hashable {
  /// A name or an address; IPv6 without brackets.
  public var host: String
  public var port: UInt16

  public init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }
}

extension IIOPAddress: CustomStringConvertible {
  public var description: String { host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// How to reach an object over TCP (CORBA 3.3, part 2, 9.7.2).
public struct IIOPProfile: Sendable, Hashable {
  /// Longest host name in octets.
  static var maximumHostLength: Int { 1024 }
  /// Most components of one profile.
  static var maximumComponents: Int { 256 }

  /// The highest GIOP version that the server takes; a newer minor version than ours reads as 1.2.
  public var version: WireFormat.Version
  public var address: IIOPAddress
  public var objectKey: [UInt8]
  /// Kept as they came, known or not; there are none in IIOP 1.0.
  public var components: [TaggedComponent]

  public init(version: WireFormat.Version = .giop12, address: IIOPAddress, objectKey: [UInt8], components: [TaggedComponent] = []) {
    self.version = version
    self.address = address
    self.objectKey = objectKey
    self.components = components
  }

  /// Reads the data of a profile.
  ///
  /// - Throws: if the tag is not TAG_INTERNET_IOP, the major version is not 1, or the data is broken.
  public init(_ profile: TaggedProfile) throws(CDRError) {
    guard profile.tag == TaggedProfile.internetIOP else {
      throw .invalidEnumerator(profile.tag, type: "ProfileId (only TAG_INTERNET_IOP is an IIOP profile)", offset: 0)
    }
    self = try CDRDecoder.decodeEncapsulation(unsafe profile.data.span.bytes) { (decoder) throws(CDRError) in
      let (version, address) = try IIOPProfile.decodeAddress(&decoder)
      let objectKey = try decoder.decodeOctets()
      var components: [TaggedComponent] = []
      if version >= .giop11 {
        let count = try decoder.decodeCount(minimumSize: 8, bound: IIOPProfile.maximumComponents)
        components.reserveCapacity(count)
        for _ in 0..<count {
          let tag = TaggedComponent.Tag(rawValue: try decoder.decode(UInt32.self))
          components.append(TaggedComponent(tag: tag, data: try decoder.decodeOctets()))
        }
      }
      return IIOPProfile(version: version, address: address, objectKey: objectKey, components: components)
    }
  }

  /// The profile as part of a reference.
  public func tagged(byteOrder: ByteOrder = .native) -> TaggedProfile {
    let data = encapsulation(byteOrder: byteOrder) { encoder in
      encoder.encode(1 as UInt8)
      encoder.encode(version.rawValue)
      encoder.encode(identifier: address.host)
      encoder.encode(address.port)
      encoder.encode(octets: objectKey)
      guard version >= .giop11 else { return }
      encoder.encode(UInt32(truncatingIfNeeded: components.count))
      for component in components {
        encoder.encode(component.tag.rawValue)
        encoder.encode(octets: component.data)
      }
    }
    return TaggedProfile(tag: TaggedProfile.internetIOP, data: data)
  }

  /// Reads version, host and port, up to the object key.
  static func decodeAddress(_ decoder: inout CDRDecoder) throws(CDRError) -> (version: WireFormat.Version, address: IIOPAddress) {
    let major = try decoder.decode(UInt8.self)
    guard major == 1 else { throw .invalidEnumerator(UInt32(major), type: "IIOP major version", offset: decoder.position - 1) }
    let minor = try decoder.decode(UInt8.self)
    let host = try decoder.decode(String.self, bound: maximumHostLength)
    return (WireFormat.Version(rawValue: minor) ?? .giop12, IIOPAddress(host: host, port: try decoder.decode(UInt16.self)))
  }
}

/// The octets of an encapsulation without its length.
func encapsulation(byteOrder: ByteOrder, _ body: (inout CDREncoder) -> Void) -> [UInt8] {
  var encoder = CDREncoder(format: WireFormat(byteOrder: byteOrder), capacity: 128)
  encoder.encode(byteOrder.rawValue)
  body(&encoder)
  return encoder.array
}
