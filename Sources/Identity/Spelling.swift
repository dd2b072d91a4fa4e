/// How texts differ that people take for the same: case, blanks, width, invisible characters, kinds of dashes.
public enum Spelling {
  /// The text that stands for all spellings of it: of usual width, without blanks and invisible characters, dashes as hyphens, upper case,
  /// letters and their marks composed. Two texts of one fold are a near miss of each other.
  ///
  /// Most codes are their own fold, which costs one look at their octets: stores note only the others.
  public static func fold(_ text: String) -> String {
    if isOwnFold(text) { return text }
    var folded = String.UnicodeScalarView()
    for scalar in ofUsualWidth(text).unicodeScalars where !isBlank(scalar) {
      folded.append(scalar.properties.generalCategory == .dashPunctuation || scalar.value == 0x2212 ? "-" : scalar)
    }
    return upperCase(String(folded))
  }

  /// Whether the text is sure to be its own fold: visible ASCII without lower case.
  public static func isOwnFold(_ text: String) -> Bool {
    text.utf8.allSatisfy { (0x21..<0x61).contains($0) || (0x7B..<0x7F).contains($0) }
  }

  /// Without blanks and invisible characters at both ends.
  public static func trimmed(_ text: String) -> String {
    let octets = text.utf8
    guard let first = octets.first, let last = octets.last else { return text }
    if (0x21..<0x7F).contains(first), (0x21..<0x7F).contains(last) { return text }
    let scalars = text.unicodeScalars
    guard let start = scalars.firstIndex(where: { !isBlank($0) }), let end = scalars.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(text[start...end])
  }

  /// Without blanks and invisible characters.
  public static func withoutBlanks(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { !isBlank($0) }))
  }

  /// Characters of full and half width as the usual ones, as Unicode's compatibility mappings `<wide>` and `<narrow>` give them: Latin,
  /// signs and kana.
  public static func ofUsualWidth(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var usual = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x3000: usual.append(" ")
      case 0xFF01...0xFF5E: usual.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
      case 0xFF61...0xFF9F: usual.append(kana[Int(scalar.value - 0xFF61)])
      case 0xFFE0...0xFFE6: usual.append(signs[Int(scalar.value - 0xFFE0)])
      default: usual.append(scalar)
      }
    }
    return composed(String(usual))
  }

  /// Upper case without regard to any language, composed.
  static func upperCase(_ text: String) -> String { composed(text.uppercased()) }

  /// Letters and marks that Unicode takes for the same as one character, as that character.
  private static func composed(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) || !text.contains(where: { $0.unicodeScalars.count > 1 }) { return text }
    return String(text.map { character in compositions[character].map { Character($0) } ?? character })
  }

  /// What U+FF61 to U+FF9F stand for.
  private static let kana = Array(
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u{3099}\u{309A}".unicodeScalars)
  /// What U+FFE0 to U+FFE6 stand for.
  private static let signs = Array("¢£¬¯¦¥₩".unicodeScalars)

  /// Characters of Latin, Greek, Cyrillic and kana by themselves: Swift takes a character for equal however it is composed.
  private static let compositions: [Character: Unicode.Scalar] = {
    var found: [Character: Unicode.Scalar] = [:]
    for range in [0xC0...0x24F, 0x370...0x52F, 0x1E00...0x1FFF, 0x3041...0x30FF] as [ClosedRange<UInt32>] {
      for scalar in range.lazy.compactMap(Unicode.Scalar.init) { found[Character(scalar)] = found[Character(scalar)] ?? scalar }
    }
    return found
  }()

  /// Whether nobody sees the character: a blank of any kind, or what displays leave out.
  static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 { return scalar.value <= 0x20 || scalar.value == 0x7F }
    let properties = scalar.properties
    return properties.isWhitespace || properties.isDefaultIgnorableCodePoint || properties.generalCategory == .format
  }
}
