public import CDR

/// Something more that a profile says about its server (CORBA 3.3, part 2, 7.6.2 and 7.6.6).
public struct TaggedComponent: Sendable, Hashable {
  /// What a component is; the OMG assigns the numbers.
  public struct Tag: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// TAG_ORB_TYPE: which ORB made the reference.
    public static let orbType = Tag(rawValue: 0)
    /// TAG_CODE_SETS: a ``CodeSetComponentInfo``.
    public static let codeSets = Tag(rawValue: 1)
    /// TAG_ALTERNATE_IIOP_ADDRESS: one more address of the same server.
    public static let alternateIIOPAddress = Tag(rawValue: 3)
  }

  /// The ORB type that our references carry: `TSR` and a zero, not registered with the OMG.
  public static var tesseraORBType: UInt32 { 0x5453_5200 }

  public var tag: Tag
  /// An encapsulation: its first octet is the byte order.
  public var data: [UInt8]

  public init(tag: Tag, data: [UInt8]) {
    self.tag = tag
    self.data = data
  }

  /// A TAG_ORB_TYPE component.
  public static func orbType(_ type: UInt32, byteOrder: ByteOrder = .native) -> TaggedComponent {
    TaggedComponent(tag: .orbType, data: encapsulation(byteOrder: byteOrder) { $0.encode(type) })
  }

  /// A TAG_CODE_SETS component.
  public static func codeSets(_ info: CodeSetComponentInfo, byteOrder: ByteOrder = .native) -> TaggedComponent {
    TaggedComponent(tag: .codeSets, data: encapsulation(byteOrder: byteOrder) { info.encode(into: &$0) })
  }

  /// A TAG_ALTERNATE_IIOP_ADDRESS component.
  public static func alternateAddress(_ address: IIOPAddress, byteOrder: ByteOrder = .native) -> TaggedComponent {
    TaggedComponent(
      tag: .alternateIIOPAddress,
      data: encapsulation(byteOrder: byteOrder) { encoder in
        encoder.encode(identifier: address.host)
        encoder.encode(address.port)
      })
  }
}

extension IIOPProfile {
  /// Which ORB made the reference, if it says so.
  public var orbType: UInt32? {
    first(.orbType) { (decoder) throws(CDRError) in try decoder.decode(UInt32.self) }
  }

  /// The code sets of the server; nil if the profile says nothing of them, or nothing that can be read.
  public var codeSets: CodeSetComponentInfo? {
    first(.codeSets) { (decoder) throws(CDRError) in try CodeSetComponentInfo(from: &decoder) }
  }

  /// The address of the profile and every alternate one that can be read, in the order to try them.
  public var addresses: [IIOPAddress] {
    [address]
      + components.filter { $0.tag == .alternateIIOPAddress }.compactMap { component in
        try? CDRDecoder.decodeEncapsulation(unsafe component.data.span.bytes) { (decoder) throws(CDRError) in
          let host = try decoder.decode(String.self, bound: Self.maximumHostLength)
          return IIOPAddress(host: host, port: try decoder.decode(UInt16.self))
        }
      }
  }

  private func first<T>(_ tag: TaggedComponent.Tag, _ body: (inout CDRDecoder) throws(CDRError) -> T) -> T? {
    guard let component = components.first(where: { $0.tag == tag }) else { return nil }
    return try? CDRDecoder.decodeEncapsulation(unsafe component.data.span.bytes, body)
  }
}
