extension CDRDecoder {
  /// Reads `string` or `string<bound>` in the transmission code set.
  ///
  /// - Throws: ``CDRError/invalidString(reason:offset:)``, ``CDRError/invalidCharacters(codeSet:offset:)``: octets are never repaired.
  @inlinable public mutating func decode(_: String.Type = String.self, bound: Int = .max) throws(CDRError) -> String {
    let length = Int(try load(UInt32.self))
    let start = position
    if length == 0 { throw .invalidString(reason: "has length 0, without room for its terminating zero", offset: start) }
    if length &- 1 > bound { throw .boundExceeded(bound: bound, actual: length &- 1, offset: start &- 4) }
    if length > remaining { throw .countExceedsMessage(count: length, available: remaining, offset: start &- 4) }
    let octets = unsafe input.extracting(unchecked: index..<(index &+ length &- 1))
    if unsafe input.unsafeLoad(fromUncheckedByteOffset: index &+ length &- 1, as: UInt8.self) != 0 {
      throw .invalidString(reason: "does not end with a zero", offset: start)
    }
    index = index &+ length
    if length == 1 { return "" }
    let (isASCII, hasZero) = Self.inspect(octets)
    if hasZero { throw .invalidString(reason: "has a zero inside", offset: start) }
    let span = Span<UInt8>(_bytes: octets)
    if isASCII { return unsafe String(copying: UTF8Span(unchecked: span, isKnownASCII: true)) }
    if format.characterCodeSet == .latin1 { return Self.latin1(octets) }
    guard let valid = try? UTF8Span(validating: span) else { throw .invalidCharacters(codeSet: "UTF-8", offset: start) }
    return String(copying: valid)
  }

  /// Whether all octets are ASCII, and whether there is a zero among them, eight at a time.
  @inlinable @inline(__always) static func inspect(_ octets: RawSpan) -> (isASCII: Bool, hasZero: Bool) {
    let count = octets.byteCount
    var zeros: UInt64 = 0
    var high: UInt64 = 0
    var index = 0
    while index &+ 8 <= count {
      let word = unsafe octets.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
      zeros |= (word &- 0x0101_0101_0101_0101) & ~word
      high |= word
      index = index &+ 8
    }
    while index < count {
      let octet = UInt64(unsafe octets.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self))
      if octet == 0 { zeros = .max }
      high |= octet
      index = index &+ 1
    }
    return (high & 0x8080_8080_8080_8080 == 0, zeros & 0x8080_8080_8080_8080 != 0)
  }

  @usableFromInline static func latin1(_ octets: RawSpan) -> String {
    var scalars = String.UnicodeScalarView()
    for index in 0..<octets.byteCount {
      scalars.append(Unicode.Scalar(unsafe octets.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)))
    }
    return String(scalars)
  }

  /// Reads `wstring` or `wstring<bound>` (bound in UTF-16 units).
  ///
  /// GIOP 1.2: octet count and UTF-16, big-endian unless a byte-order mark says otherwise (CORBA 3.3, part 2, 9.3.1.6).
  public mutating func decodeWide(bound: Int = .max) throws(CDRError) -> String {
    let start: Int
    var units: [UInt16]
    try requireWideCharacters()
    switch format.version {
    case .giop10: throw .wideCharactersNeedGIOP11
    case .giop12:
      let length = try decodeCount(minimumSize: 1)
      start = position
      if length % 2 != 0 { throw .invalidString(reason: "has \(length) octets, no whole number of UTF-16 units", offset: start) }
      units = Self.utf16(try take(length))
    case .giop11:
      let count = try decodeCount(minimumSize: 2)
      start = position
      if count == 0 { throw .invalidString(reason: "has length 0, without room for its terminating zero", offset: start) }
      units = []
      units.reserveCapacity(count)
      for _ in 0..<count { units.append(try load(UInt16.self)) }
      if units.removeLast() != 0 { throw .invalidString(reason: "does not end with a zero", offset: start) }
    }
    if units.count > bound { throw .boundExceeded(bound: bound, actual: units.count, offset: start &- 4) }
    if units.contains(0) { throw .invalidString(reason: "has a zero inside", offset: start) }
    guard let text = String(validating: units, as: UTF16.self) else { throw .invalidCharacters(codeSet: "UTF-16", offset: start) }
    return text
  }

  /// UTF-16 units of octets that may start with a byte-order mark, which is not part of the text.
  private static func utf16(_ octets: RawSpan) -> [UInt16] {
    var units: [UInt16] = []
    units.reserveCapacity(octets.byteCount / 2)
    var little = false
    var offset = 0
    while offset < octets.byteCount {
      let unit = unsafe octets.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self)
      let value = little ? UInt16(littleEndian: unit) : UInt16(bigEndian: unit)
      if offset == 0, value == 0xFFFE {
        little = true
      } else if !(offset == 0 && value == 0xFEFF) {
        units.append(value)
      }
      offset += 2
    }
    return units
  }

  /// Reads `char`.
  @inlinable public mutating func decode(_: Char.Type = Char.self) throws(CDRError) -> Char {
    Char(try load(UInt8.self))
  }

  /// Reads `wchar`: in GIOP 1.2 an octet count of 2, or of 4 with a byte-order mark; in GIOP 1.1 one unit.
  public mutating func decode(_: WChar.Type = WChar.self) throws(CDRError) -> WChar {
    try requireWideCharacters()
    switch format.version {
    case .giop10: throw .wideCharactersNeedGIOP11
    case .giop11: return WChar(try load(UInt16.self))
    case .giop12:
      let length = Int(try load(UInt8.self))
      let start = position
      guard length == 2 || length == 4 else {
        throw .invalidString(reason: "is a wide character of \(length) octets, not of one UTF-16 unit", offset: start)
      }
      let units = Self.utf16(try take(length))
      guard let unit = units.first, units.count == 1 else { throw .invalidCharacters(codeSet: "UTF-16", offset: start) }
      return WChar(unit)
    }
  }

  private func requireWideCharacters() throws(CDRError) {
    if !format.hasWideCharacters && format.version >= .giop11 { throw .wideCharactersNotNegotiated(isWriting: false) }
  }
}
