/// What blanks, tabs and line ends in a text mean, as its type in a schema says (XML Schema 1.0, part 2, 4.3.6).
public enum WhiteSpace: UInt8, Sendable, Hashable {
  /// They are part of the value.
  case preserve
  /// Each is a blank.
  case replace
  /// None stands at the ends, and one blank stands for each run of them inside.
  case collapse

  /// What is left of a text: UTF-8, changed in place.
  public func apply(to octets: inout [UInt8]) {
    // Nearly every text that could be changed has nothing that would be.
    guard self != .preserve, octets.contains(where: { $0 <= 0x20 }) else { return }
    guard self == .collapse else {
      for index in octets.indices where Byte.isSpace(octets[index]) { octets[index] = 0x20 }
      return
    }
    var length = 0
    var isBehindBlank = true
    for octet in octets {
      let isBlank = Byte.isSpace(octet)
      if isBlank && isBehindBlank { continue }
      octets[length] = isBlank ? 0x20 : octet
      length += 1
      isBehindBlank = isBlank
    }
    if isBehindBlank, length > 0 { length -= 1 }
    octets.removeLast(octets.count - length)
  }

  /// What is left of a text.
  public func applied(to text: String) -> String {
    guard self != .preserve, text.utf8.contains(where: { $0 <= 0x20 }) else { return text }
    var octets = Array(text.utf8)
    apply(to: &octets)
    return String(decoding: octets, as: UTF8.self)
  }
}
