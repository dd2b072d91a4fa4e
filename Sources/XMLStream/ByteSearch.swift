import Glibc

// Loops over bytes that every document goes through.

extension Span<UInt8> {
  /// The first place of a byte from `start` on; nil where there is none.
  func firstIndex(of byte: UInt8, from start: Int) -> Int? {
    precondition(start >= 0 && start <= count)
    return unsafe withUnsafeBytes { bytes in
      guard start < bytes.count, let base = bytes.baseAddress else { return nil }
      let found = unsafe memchr(base + start, CInt(byte), bytes.count - start)
      return unsafe found.map { unsafe UnsafeRawPointer($0) - base }
    }
  }
}

extension Span<UInt8> {
  /// The first place of a word of US-ASCII that ends before `end`; nil where there is none.
  func firstIndex(of word: StaticString, before end: Int) -> Int? {
    let first = unsafe word.utf8Start.pointee
    var start = 0
    while let found = firstIndex(of: first, from: start), found + word.utf8CodeUnitCount <= Swift.min(end, count) {
      let isFound = (0..<word.utf8CodeUnitCount).allSatisfy { unsafe self[found + $0] == word.utf8Start[$0] }
      if isFound { return found }
      start = found + 1
    }
    return nil
  }

  /// How many bytes from the first on are whole, well-formed characters of UTF-8 (The Unicode Standard, table 3-7).
  ///
  /// Text of a few Chinese characters among markup is checked twice as fast as by the library, which is made for long runs of either.
  var validUTF8Prefix: Int {
    unsafe withUnsafeBytes { bytes in
      let count = bytes.count
      var index = 0
      while index < count {
        while index &+ 8 <= count,
          unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        { index &+= 8 }
        while unsafe index < count && bytes[index] < 0x80 { index &+= 1 }
        // Characters beyond US-ASCII seldom stand alone.
        while unsafe index < count && bytes[index] >= 0x80 {
          let length = unsafe Self.characterLength(bytes, at: index)
          if length == 0 { return index }
          index &+= length
        }
      }
      return index
    }
  }

  /// The bytes of the character that begins at `index`, which is none of US-ASCII; 0 where none does.
  @inline(__always)
  private static func characterLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
    func continues(_ offset: Int) -> Bool { unsafe bytes[index &+ offset] & 0xC0 == 0x80 }
    let first = unsafe bytes[index]
    let left = bytes.count &- index
    if first < 0xC2 { return 0 }
    if first < 0xE0 { return left >= 2 && continues(1) ? 2 : 0 }
    if first < 0xF0 {
      guard left >= 3, continues(1), continues(2) else { return 0 }
      let second = unsafe bytes[index &+ 1]
      // Neither what two bytes can say nor a surrogate.
      return first == 0xE0 && second < 0xA0 || first == 0xED && second > 0x9F ? 0 : 3
    }
    guard first < 0xF5, left >= 4, continues(1), continues(2), continues(3) else { return 0 }
    let second = unsafe bytes[index &+ 1]
    return first == 0xF0 && second < 0x90 || first == 0xF4 && second > 0x8F ? 0 : 4
  }
}
