public import CDR

/// How a request names its object (CORBA 3.3, part 2, 9.4.2.1); also what a server asks for by NEEDS_ADDRESSING_MODE.
public enum AddressingDisposition: Int16, Sendable, Hashable {
  case key = 0
  case profile = 1
  case reference = 2
}

/// The object a request is for, as a client writes it.
public enum TargetAddress: Sendable, Hashable {
  /// The object key alone: the usual form, and the only one before GIOP 1.2.
  case key([UInt8])
  /// A whole profile of the reference.
  case profile(TaggedProfile)
  /// The whole reference and the index of the profile that was chosen.
  case reference(IOR, selectedProfile: UInt32)

  /// The address of `profile` number `index` of `reference` in the form that a server asked for.
  ///
  /// - Returns: nil if there is no such profile or, for `.key`, if it is no IIOP profile.
  public init?(_ disposition: AddressingDisposition, of reference: IOR, profile index: Int) {
    guard reference.profiles.indices.contains(index) else { return nil }
    switch disposition {
    case .key:
      guard let profile = try? IIOPProfile(reference.profiles[index]) else { return nil }
      self = .key(profile.objectKey)
    case .profile: self = .profile(reference.profiles[index])
    case .reference: self = .reference(reference, selectedProfile: UInt32(index))
    }
  }

  /// The object key, wherever it stands.
  var objectKey: [UInt8] {
    switch self {
    case .key(let key): key
    case .profile(let profile): (try? IIOPProfile(profile))?.objectKey ?? []
    case .reference(let reference, let index):
      reference.profiles.indices.contains(Int(index)) ? (try? IIOPProfile(reference.profiles[Int(index)]))?.objectKey ?? [] : []
    }
  }
}

extension CDREncoder {
  /// Writes a target address in the form of the message's GIOP version.
  @usableFromInline mutating func encode(_ target: TargetAddress) {
    if case .key(let key) = target {
      if format.version >= .giop12 { encode(AddressingDisposition.key.rawValue) }
      return encode(octets: key)
    }
    guard format.version >= .giop12 else { return encode(octets: target.objectKey) }
    switch target {
    case .key: break
    case .profile(let profile):
      encode(AddressingDisposition.profile.rawValue)
      profile.encode(into: &self)
    case .reference(let reference, let selected):
      encode(AddressingDisposition.reference.rawValue)
      encode(selected)
      reference.encode(into: &self)
    }
  }
}

/// The object a request is for, as a server finds it: the key is left where it stands in the message.
struct LocatedTarget {
  var addressing: AddressingDisposition
  /// Where the object key stands, counted from the start of the message; nil if the profile is none of ours (not IIOP).
  var objectKey: Range<Int>?

  /// Reads the target of a Request or LocateRequest; `decoder` must have started at the message's first octet.
  static func decode(_ decoder: inout CDRDecoder) throws(CDRError) -> LocatedTarget {
    guard decoder.format.version >= .giop12 else {
      return LocatedTarget(addressing: .key, objectKey: try skipOctets(&decoder))
    }
    let raw = try decoder.decode(Int16.self)
    switch AddressingDisposition(rawValue: raw) {
    case .key: return LocatedTarget(addressing: .key, objectKey: try skipOctets(&decoder))
    case .profile: return LocatedTarget(addressing: .profile, objectKey: try keyOfProfile(&decoder))
    case .reference:
      let selected = Int(try decoder.decode(UInt32.self))
      _ = try decoder.decode(String.self, bound: IOR.maximumTypeIDLength)
      let count = try decoder.decodeCount(minimumSize: 8, bound: IOR.maximumProfiles)
      var key: Range<Int>?
      for index in 0..<count {
        if index == selected { key = try keyOfProfile(&decoder) } else { try TaggedProfile.skip(&decoder) }
      }
      return LocatedTarget(addressing: .reference, objectKey: key)
    case nil:
      throw .invalidEnumerator(UInt32(truncatingIfNeeded: Int32(raw)), type: "AddressingDisposition", offset: decoder.position - 2)
    }
  }

  private static func keyOfProfile(_ decoder: inout CDRDecoder) throws(CDRError) -> Range<Int>? {
    let tag = try decoder.decode(UInt32.self)
    let length = try decoder.decodeCount(minimumSize: 1)
    let start = decoder.consumed
    let octets = try decoder.take(length)
    guard tag == TaggedProfile.internetIOP else { return nil }
    return try CDRDecoder.decodeEncapsulation(octets) { (inner) throws(CDRError) in
      _ = try IIOPProfile.decodeAddress(&inner)
      let key = try skipOctets(&inner)
      return start + key.lowerBound..<start + key.upperBound
    }
  }
}

/// Passes over a `sequence<octet>` and says where its octets stand in the decoder's input.
func skipOctets(_ decoder: inout CDRDecoder) throws(CDRError) -> Range<Int> {
  let count = try decoder.decodeCount(minimumSize: 1)
  let start = decoder.consumed
  _ = try decoder.take(count)
  return start..<start + count
}
