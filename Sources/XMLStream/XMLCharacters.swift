/// Which characters XML 1.0 (fifth edition) allows where, and how the others are written.
enum XMLCharacters {
  /// Production 2: every character but most controls, surrogates, U+FFFE and U+FFFF.
  static func isLegal(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
    default: false
    }
  }

  /// Production 4 of Namespaces in XML: a name without a colon.
  static func isName(_ name: String) -> Bool {
    // Nearly all names that are written are of letters, digits and the like.
    if let first = name.utf8.first, isPlainLetter(first), name.utf8.allSatisfy({ isPlainLetter($0) || isPlainContinuation($0) }) {
      return true
    }
    guard let first = name.unicodeScalars.first, isNameStart(first) else { return false }
    return name.unicodeScalars.dropFirst().allSatisfy { isNameStart($0) || isNameContinuation($0) }
  }

  private static func isPlainLetter(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z") || byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
      || byte == UInt8(ascii: "_")
  }

  private static func isPlainContinuation(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D,
      0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF:
      true
    default: false
    }
  }

  private static func isNameContinuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
    default: false
    }
  }

  /// Appends text so that a reader gets it back unchanged: line ends and tabs in attributes, and CR everywhere, as references.
  static func append(_ text: String, to output: inout [UInt8], inAttribute: Bool) {
    for byte in text.utf8 {
      switch byte {
      case Byte.ampersand: output += "&amp;".utf8
      case Byte.less: output += "&lt;".utf8
      case Byte.greater: output += "&gt;".utf8
      case Byte.carriageReturn: output += "&#13;".utf8
      case Byte.quote where inAttribute: output += "&quot;".utf8
      case Byte.lineFeed where inAttribute: output += "&#10;".utf8
      case Byte.tab where inAttribute: output += "&#9;".utf8
      default: output.append(byte)
      }
    }
  }
}
