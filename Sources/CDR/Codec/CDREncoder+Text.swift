extension CDREncoder {
  /// Writes `string` or `string<bound>` in the transmission code set: octet count with the terminating zero, octets, zero.
  ///
  /// - Throws: ``CDRError/boundExceeded(bound:actual:offset:)`` where UTF-8 takes more octets than the bound,
  ///   ``CDRError/invalidString(reason:offset:)`` for a zero inside, ``CDRError/unrepresentableCharacter(scalar:codeSet:)``.
  @inlinable public mutating func encode(_ value: String, bound: Int = .max) throws(CDRError) {
    let length = value.utf8.count
    if length > bound { throw .boundExceeded(bound: bound, actual: length, offset: position) }
    if _format.characterCodeSet == .latin1 { return try encodeLatin1(value) }
    append(UInt32(truncatingIfNeeded: length &+ 1))
    let end = _count &+ length &+ 1
    if end &+ Self.slack > capacity { grow(toHold: end) }
    let target = unsafe base + _count
    if unsafe !Self.copyText(value.utf8Span.span.bytes, to: target) {
      throw .invalidString(reason: "contains a zero, which IDL strings cannot carry", offset: position)
    }
    unsafe target.storeBytes(of: 0, toByteOffset: length, as: UInt8.self)
    _count = end
  }

  /// Copies the octets of a text, eight at a time: business data is made of short strings, where calls of memcpy and memchr cost more
  /// than the copying.
  ///
  /// - Returns: false if there is a zero among them.
  @inlinable @inline(__always) static func copyText(_ source: RawSpan, to target: UnsafeMutableRawPointer) -> Bool {
    let count = source.byteCount
    var zeros: UInt64 = 0
    var index = 0
    if count >= 8 {
      while true {
        let word = unsafe source.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt64.self)
        zeros |= (word &- 0x0101_0101_0101_0101) & ~word
        unsafe target.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
        index = index &+ 8
        if index == count { break }
        // The last eight, some of them a second time.
        if index &+ 8 > count { index = count &- 8 }
      }
      // The highest bit of an octet is set where a borrow went through it and it was not above 0x7f itself: there is a zero.
      return zeros & 0x8080_8080_8080_8080 == 0
    }
    while index < count {
      let octet = unsafe source.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self)
      if octet == 0 { return false }
      unsafe target.storeBytes(of: octet, toByteOffset: index, as: UInt8.self)
      index = index &+ 1
    }
    return true
  }

  @usableFromInline mutating func encodeLatin1(_ value: String) throws(CDRError) {
    append(UInt32(truncatingIfNeeded: value.unicodeScalars.count &+ 1))
    for scalar in value.unicodeScalars {
      guard scalar.value != 0 else {
        throw .invalidString(reason: "contains a zero, which IDL strings cannot carry", offset: position)
      }
      guard scalar.value < 256 else { throw .unrepresentableCharacter(scalar: scalar.value, codeSet: "ISO 8859-1") }
      append(UInt8(truncatingIfNeeded: scalar.value))
    }
    append(0 as UInt8)
  }

  /// Writes `wstring` or `wstring<bound>` (bound in UTF-16 units).
  ///
  /// GIOP 1.2: octet count and UTF-16 with a byte-order mark, little-endian in streams of both orders as omniORB writes it (CORBA 3.3,
  /// part 2, 9.3.2.7 leaves the choice); nothing at all for the empty text. GIOP 1.1: unit count with the terminating zero, units in
  /// the byte order of the stream.
  public mutating func encode(wide value: String, bound: Int = .max) throws(CDRError) {
    let units = value.utf16.count
    if units > bound { throw .boundExceeded(bound: bound, actual: units, offset: position) }
    try requireWideCharacters()
    switch _format.version {
    case .giop12:
      append(UInt32(truncatingIfNeeded: units == 0 ? 0 : units * 2 + 2))
      if units > 0 { appendLittleEndian(0xFEFF) }
      for unit in value.utf16 {
        if unit == 0 { throw .invalidString(reason: "contains a zero, which IDL strings cannot carry", offset: position) }
        appendLittleEndian(unit)
      }
    case .giop11:
      append(UInt32(truncatingIfNeeded: units + 1))
      for unit in value.utf16 {
        if unit == 0 { throw .invalidString(reason: "contains a zero, which IDL strings cannot carry", offset: position) }
        append(unit)
      }
      append(0 as UInt16)
    case .giop10: throw .wideCharactersNeedGIOP11
    }
  }

  private mutating func appendLittleEndian(_ unit: UInt16) {
    append(UInt8(truncatingIfNeeded: unit))
    append(UInt8(truncatingIfNeeded: unit >> 8))
  }

  /// Writes `char`: one octet, whatever the code set says (as omniORB does; a code set of several octets has no `char` of its own).
  @inlinable public mutating func encode(_ value: Char) { append(value.octet) }

  /// Writes `wchar`: in GIOP 1.2 its octet count and UTF-16, big-endian without a mark; in GIOP 1.1 one unit.
  @inlinable public mutating func encode(_ value: WChar) throws(CDRError) {
    try requireWideCharacters()
    switch _format.version {
    case .giop12:
      append(2 as UInt8)
      append(UInt8(truncatingIfNeeded: value.unit >> 8))
      append(UInt8(truncatingIfNeeded: value.unit))
    case .giop11: append(value.unit)
    case .giop10: throw .wideCharactersNeedGIOP11
    }
  }

  @usableFromInline func requireWideCharacters() throws(CDRError) {
    if !_format.hasWideCharacters && _format.version >= .giop11 { throw .wideCharactersNotNegotiated(isWriting: true) }
  }
}
