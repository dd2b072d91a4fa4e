/// Text from outside as people may see it in logs, tables and documents: nothing in it steers a terminal, begins a line of its own,
/// turns the direction of writing or hides.
///
/// The one place that decides which characters those are: controls (C0, C1, DEL), separators of lines and paragraphs, and whatever Unicode
/// lets a display leave out (`Default_Ignorable_Code_Point`: bidirectional marks, tags, blanks without width, fillers) with the marks of
/// interlinear annotation. Joiners and variation selectors stay where scripts and emoji need them: one, behind a character that is seen.
public enum VisibleText {
  /// The text on one line, with what must not be shown spelled out: `\n`, `\u{202E}`.
  public static func line(_ text: String) -> String { spelled(text, keepsLineEnds: false) }

  /// The same for text of several lines of our own, whose parts from outside went through ``line(_:)``.
  public static func lines(_ text: String) -> String { spelled(text, keepsLineEnds: true) }

  /// The first characters of a text, whatever it counts as one, with the number of octets where that is not all.
  public static func beginning(_ text: String, scalars limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex), end != scalars.endIndex else {
      return text
    }
    return "\(text[..<end])… (\(text.utf8.count) octets)"
  }

  /// Whether a character must not be shown as it is.
  ///
  /// - Parameter previous: the character before it.
  public static func isHidden(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?) -> Bool {
    let value = scalar.value
    if value < 0x7F { return value < 0x20 }
    if value < 0xA0 { return true }
    switch value {
    case 0x2028, 0x2029, 0xFFF9...0xFFFB: return true
    default: break
    }
    guard scalar.properties.isDefaultIgnorableCodePoint else { return false }
    guard let previous else { return true }
    switch value {
    case 0x200C, 0x200D: return !(isSelector(previous.value) || isSeen(previous))
    // Behind digits, # and * they make keycaps.
    case 0xFE0E...0xFE0F where previous.isASCII: return !("0"..."9" ~= previous || previous == "#" || previous == "*")
    default: return !(isSelector(value) && isSeen(previous))
    }
  }

  private static func isSelector(_ value: UInt32) -> Bool {
    switch value {
    case 0x180B...0x180D, 0x180F, 0xFE00...0xFE0F, 0xE0100...0xE01EF: true
    default: false
    }
  }

  /// Whether a character beyond ASCII shows by itself.
  private static func isSeen(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0xA1 && !scalar.properties.isDefaultIgnorableCodePoint && !scalar.properties.isWhitespace
  }

  private static func spelled(_ text: String, keepsLineEnds: Bool) -> String {
    if text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) || (keepsLineEnds && $0 == 0x0A) }) { return text }
    var result = ""
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if !isHidden(scalar, after: previous) || (keepsLineEnds && scalar == "\n") {
        result.unicodeScalars.append(scalar)
      } else {
        switch scalar {
        case "\n": result += "\\n"
        case "\t": result += "\\t"
        case "\r": result += "\\r"
        default: result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
      }
      previous = scalar
    }
    return result
  }
}
