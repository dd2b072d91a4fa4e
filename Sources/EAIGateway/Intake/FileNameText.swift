/// Any text as a part of a file name: base64url without padding (RFC 4648, 5), four characters for three octets.
enum FileNameText {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  static func encoded(_ text: String) -> String {
    var characters: [UInt8] = []
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for octet in text.utf8 {
      bits = bits << 8 | UInt32(octet)
      count += 8
      while count >= 6 {
        count -= 6
        characters.append(alphabet[Int(bits >> count & 63)])
      }
    }
    if count > 0 { characters.append(alphabet[Int(bits << (6 - count) & 63)]) }
    return String(decoding: characters, as: UTF8.self)
  }

  /// The text again; nil where these are no such characters.
  static func text(_ encoded: Substring) -> String? {
    var octets: [UInt8] = []
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for character in encoded.utf8 {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        octets.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return String(decoding: octets, as: UTF8.self)
  }
}
