/// Swift text that grows line by line, indented by two spaces for each open block.
struct SourceText {
  private(set) var text = ""
  private let depth: Int

  init(depth: Int = 0) { self.depth = depth }

  var isEmpty: Bool { text.isEmpty }

  mutating func line(_ content: String) {
    text += String(repeating: "  ", count: depth) + content + "\n"
  }

  /// A blank line, unless at the beginning of a block or after another one.
  mutating func gap() {
    if !text.isEmpty, !text.hasSuffix("\n\n") { text += "\n" }
  }

  /// `head {`, what `body` writes, `}`.
  mutating func block(_ head: String, _ body: (inout SourceText) -> Void) {
    var inner = SourceText(depth: depth + 1)
    body(&inner)
    if inner.isEmpty {
      line(head + " {}")
    } else {
      line(head + " {")
      append(inner)
      line("}")
    }
  }

  /// Lines that are indented already.
  mutating func append(_ other: SourceText) { text += other.text }

  /// `"text"` with everything escaped that does not show or would end the literal.
  static func literal(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x22: result += "\\\""
      case 0x5C: result += "\\\\"
      case 0x0A: result += "\\n"
      case 0x0D: result += "\\r"
      case 0x09: result += "\\t"
      case 0..<0x20, 0x7F..<0xA1, 0xAD, 0x0300..<0x0370, 0x200B..<0x2010, 0x2028..<0x2030, 0x2060..<0x2070, 0xE000..<0xF900,
        0xFE00..<0xFE10,
        0xFEFF, 0xFFF0..<0x1_0000:
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
