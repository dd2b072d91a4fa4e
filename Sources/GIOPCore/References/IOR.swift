public import CDR

/// An interoperable object reference (CORBA 3.3, part 2, 7.6.2): the interface's repository id and one or more ways to reach the object.
///
/// Profiles are kept as they came, known or not, so that a reference passed on loses nothing.
public struct IOR: Sendable, Hashable {
  /// Longest repository id in octets.
  static var maximumTypeIDLength: Int { 4096 }
  /// Most profiles of one reference.
  static var maximumProfiles: Int { 256 }

  /// The repository id of the most derived interface; empty if unknown, as in references made of a `corbaloc:`.
  public var typeID: String
  public var profiles: [TaggedProfile]

  public init(typeID: String, profiles: [TaggedProfile]) {
    self.typeID = typeID
    self.profiles = profiles
  }

  /// The reference to no object.
  public static var null: IOR { IOR(typeID: "", profiles: []) }
  /// True for the reference to no object: it has no profile.
  public var isNull: Bool { profiles.isEmpty }

  /// The IIOP profiles that can be read, each with its index in ``profiles``.
  public var iiopProfiles: [(index: Int, profile: IIOPProfile)] {
    profiles.indices.compactMap { index in (try? IIOPProfile(profiles[index])).map { (index, $0) } }
  }

  /// Reads a reference inside a message or an encapsulation.
  public init(from decoder: inout CDRDecoder) throws(CDRError) {
    typeID = try decoder.decode(String.self, bound: Self.maximumTypeIDLength)
    let count = try decoder.decodeCount(minimumSize: 8, bound: Self.maximumProfiles)
    profiles = []
    profiles.reserveCapacity(count)
    for _ in 0..<count {
      profiles.append(TaggedProfile(tag: try decoder.decode(UInt32.self), data: try decoder.decodeOctets()))
    }
  }

  public func encode(into encoder: inout CDREncoder) {
    encoder.encode(identifier: typeID)
    encoder.encode(UInt32(truncatingIfNeeded: profiles.count))
    for profile in profiles { profile.encode(into: &encoder) }
  }
}

/// One way to reach an object, in its own encapsulation (CORBA 3.3, part 2, 7.6.2).
public struct TaggedProfile: Sendable, Hashable {
  /// TAG_INTERNET_IOP: the data is an ``IIOPProfile``.
  @inlinable public static var internetIOP: UInt32 { 0 }
  /// TAG_MULTIPLE_COMPONENTS.
  @inlinable public static var multipleComponents: UInt32 { 1 }

  public var tag: UInt32
  /// An encapsulation: its first octet is the byte order.
  public var data: [UInt8]

  public init(tag: UInt32, data: [UInt8]) {
    self.tag = tag
    self.data = data
  }

  func encode(into encoder: inout CDREncoder) {
    encoder.encode(tag)
    encoder.encode(octets: data)
  }

  static func skip(_ decoder: inout CDRDecoder) throws(CDRError) {
    _ = try decoder.decode(UInt32.self)
    _ = try skipOctets(&decoder)
  }
}
