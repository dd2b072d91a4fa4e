public import CDR

/// A character code set, by its number in the OSF registry (CORBA 3.3, part 2, 7.10.2.2).
public struct CodeSetID: RawRepresentable, Sendable, Hashable {
  public let rawValue: UInt32
  @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let none = CodeSetID(rawValue: 0)
  public static let latin1 = CodeSetID(rawValue: 0x0001_0001)
  public static let utf8 = CodeSetID(rawValue: 0x0501_0001)
  public static let utf16 = CodeSetID(rawValue: 0x0001_0109)

  /// The number as the registry writes it, for messages.
  public var description: String {
    switch self {
    case .latin1: "ISO 8859-1"
    case .utf8: "UTF-8"
    case .utf16: "UTF-16"
    default: "code set 0x" + String(rawValue, radix: 16)
    }
  }
}

/// The sets that one side has for `char`, or for `wchar`.
public struct CodeSetComponent: Sendable, Hashable {
  static var maximumConversions: Int { 1024 }

  public var native: CodeSetID
  public var conversions: [CodeSetID]

  public init(native: CodeSetID, conversions: [CodeSetID] = []) {
    self.native = native
    self.conversions = conversions
  }

  /// True if the side can read and write `set`.
  public func has(_ set: CodeSetID) -> Bool { native == set || conversions.contains(set) }
  /// True if the side says that it has no such characters at all.
  var isEmpty: Bool { native == .none && conversions.isEmpty }

  init(from decoder: inout CDRDecoder) throws(CDRError) {
    native = CodeSetID(rawValue: try decoder.decode(UInt32.self))
    let count = try decoder.decodeCount(minimumSize: 4, bound: Self.maximumConversions)
    conversions = []
    for _ in 0..<count { conversions.append(CodeSetID(rawValue: try decoder.decode(UInt32.self))) }
  }

  func encode(into encoder: inout CDREncoder) {
    encoder.encode(native.rawValue)
    encoder.encode(UInt32(truncatingIfNeeded: conversions.count))
    for set in conversions { encoder.encode(set.rawValue) }
  }
}

/// What a server says of its code sets in TAG_CODE_SETS (CORBA 3.3, part 2, 7.10.2.4).
public struct CodeSetComponentInfo: Sendable, Hashable {
  public var char: CodeSetComponent
  public var wideChar: CodeSetComponent

  public init(char: CodeSetComponent, wideChar: CodeSetComponent) {
    self.char = char
    self.wideChar = wideChar
  }

  /// Our own: UTF-8 with conversion to ISO 8859-1, and UTF-16.
  public static let tessera = CodeSetComponentInfo(
    char: CodeSetComponent(native: .utf8, conversions: [.latin1]), wideChar: CodeSetComponent(native: .utf16, conversions: [.utf16]))

  init(from decoder: inout CDRDecoder) throws(CDRError) {
    char = try CodeSetComponent(from: &decoder)
    wideChar = try CodeSetComponent(from: &decoder)
  }

  func encode(into encoder: inout CDREncoder) {
    char.encode(into: &encoder)
    wideChar.encode(into: &encoder)
  }
}

/// The code sets of one connection: chosen by the client, told to the server with the first request.
public struct TransmissionCodeSets: Sendable, Hashable {
  public var char: WireFormat.CharacterCodeSet
  /// True if `wchar` and `wstring` travel as UTF-16; false if nothing was agreed and they must not be sent.
  public var hasWideCharacters: Bool

  public init(char: WireFormat.CharacterCodeSet, hasWideCharacters: Bool) {
    self.char = char
    self.hasWideCharacters = hasWideCharacters
  }

  /// What holds between peers that agreed on nothing (CORBA 3.3, part 2, 7.10.2.6): ISO 8859-1 and no wide characters.
  public static let unnegotiated = TransmissionCodeSets(char: .latin1, hasWideCharacters: false)

  /// How messages of a version are written under these sets; GIOP 1.0 has no code sets (CORBA 3.3, part 2, 7.10.2.6).
  public func format(version: WireFormat.Version, byteOrder: ByteOrder = .native) -> WireFormat {
    if version == .giop10 {
      return WireFormat(byteOrder: byteOrder, version: version, characterCodeSet: .latin1, hasWideCharacters: false)
    }
    return WireFormat(byteOrder: byteOrder, version: version, characterCodeSet: char, hasWideCharacters: hasWideCharacters)
  }

  /// Chooses the sets for calls to a server, as a client does (CORBA 3.3, part 2, 7.10.2.6).
  ///
  /// Our native set is UTF-8 and we convert to ISO 8859-1, so the rules come down to this: UTF-8 if the server has it, else ISO 8859-1
  /// if the server has it, else the fallback UTF-8 which every ORB must know. Wide characters are UTF-16, natively or as the fallback.
  ///
  /// - Parameter server: the server's TAG_CODE_SETS; nil, as in a `corbaloc:` or IIOP 1.0, gives ``unnegotiated``.
  public static func choose(for server: CodeSetComponentInfo?) -> TransmissionCodeSets {
    guard let server else { return unnegotiated }
    let latin1 = server.char.isEmpty || (!server.char.has(.utf8) && server.char.has(.latin1))
    return TransmissionCodeSets(char: latin1 ? .latin1 : .utf8, hasWideCharacters: !server.wideChar.isEmpty)
  }

  /// The service context that tells the server.
  public func serviceContext(byteOrder: ByteOrder = .native) -> ServiceContext {
    let data = encapsulation(byteOrder: byteOrder) { encoder in
      encoder.encode(char.rawValue)
      encoder.encode(hasWideCharacters ? CodeSetID.utf16.rawValue : 0)
    }
    return ServiceContext(id: .codeSets, data: data)
  }

  /// Reads the client's choice, as a server does.
  ///
  /// - Returns: nil if the client chose a set that we do not have: answer CODESET_INCOMPATIBLE.
  /// - Throws: if the context's data is broken.
  public init?(_ context: ServiceContext) throws(CDRError) {
    let (char, wide) = try CDRDecoder.decodeEncapsulation(unsafe context.data.span.bytes) { (decoder) throws(CDRError) in
      (CodeSetID(rawValue: try decoder.decode(UInt32.self)), CodeSetID(rawValue: try decoder.decode(UInt32.self)))
    }
    guard let set = char == .none ? .latin1 : WireFormat.CharacterCodeSet(rawValue: char.rawValue) else { return nil }
    guard wide == .none || wide == .utf16 else { return nil }
    self.init(char: set, hasWideCharacters: wide == .utf16)
  }
}
