/// Integer, floating-point and fixed-point literals (OMG CORBA 3.0, 3.2.5.1, 3.2.5.3 and 3.2.5.5).
extension Scanner {
  mutating func number(at start: SourceLocation) -> Token {
    let first = position
    let isHexadecimal = sees("0") && (sees("x", ahead: 1) || sees("X", ahead: 1))
    while true {
      let isExponent = !isHexadecimal && (sees("e") || sees("E"))
      guard Self.isLetter(peek()) || Self.isDigit(peek()) || sees(".") else { break }
      advance()
      if isExponent, sees("+") || sees("-") { advance() }
    }
    let text = text(from: first)
    if isHexadecimal { return integer(text, digits: text.dropFirst(2), radix: 16, start) }
    if text.last == "d" || text.last == "D" { return fixed(text, start) }
    if text.contains(where: { $0 == "." || $0 == "e" || $0 == "E" }) { return floating(text, start) }
    return text.hasPrefix("0") && text.count > 1
      ? integer(text, digits: text.dropFirst(), radix: 8, start) : integer(text, digits: text[...], radix: 10, start)
  }

  private func integer(_ text: String, digits: Substring, radix: Int, _ start: SourceLocation) -> Token {
    guard !digits.isEmpty, digits.allSatisfy({ $0.hexDigitValue.map { $0 < radix } ?? false }) else {
      let name = radix == 8 ? "an octal" : radix == 10 ? "a decimal" : "a hexadecimal"
      diagnostics.error(.malformedNumber, "'\(Self.shortened(text))' is not \(name) number", at: start)
      return token(.integer(1), text, start)
    }
    guard let value = UInt64(digits, radix: radix) else {
      diagnostics.error(.integerTooLarge, "integer literal '\(Self.shortened(text))' does not fit in 64 bits", at: start)
      return token(.integer(1), text, start)
    }
    return token(.integer(Int128(value)), text, start)
  }

  private func floating(_ text: String, _ start: SourceLocation) -> Token {
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" || $0 == "E" }
    var isWellFormed = true
    if parts.count == 2 {
      let digits = parts[1].hasPrefix("+") || parts[1].hasPrefix("-") ? parts[1].dropFirst() : parts[1]
      isWellFormed = !digits.isEmpty && digits.allSatisfy { "0"..."9" ~= $0 }
    }
    guard isWellFormed, let mantissa = Self.decimalDigits(parts[0]),
      let value = Double("\(mantissa.whole).\(mantissa.fraction)" + (parts.count == 2 ? "e" + parts[1] : ""))
    else {
      diagnostics.error(.malformedNumber, "'\(Self.shortened(text))' is not a number", at: start)
      return token(.floating(1), text, start)
    }
    guard value.isFinite else {
      diagnostics.error(.floatTooLarge, "floating-point literal '\(Self.shortened(text))' is beyond the range of double", at: start)
      return token(.floating(1), text, start)
    }
    return token(.floating(value), text, start)
  }

  private func fixed(_ text: String, _ start: SourceLocation) -> Token {
    guard let digits = Self.decimalDigits(text.dropLast()) else {
      diagnostics.error(.malformedNumber, "'\(Self.shortened(text))' is not a fixed-point number", at: start)
      return token(.fixed(.one), text, start)
    }
    guard let value = DecimalValue(whole: digits.whole, fraction: digits.fraction) else {
      diagnostics.error(.fixedTooLong, "fixed-point literal '\(Self.shortened(text))' has more than 31 digits", at: start)
      return token(.fixed(.one), text, start)
    }
    return token(.fixed(value), text, start)
  }

  /// Splits `12.5`, `12.` or `.5`; nil when a part is no number or both are empty. Empty parts become `0`.
  private static func decimalDigits(_ text: Substring) -> (whole: Substring, fraction: Substring)? {
    let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count == 2 ? parts[1] : ""
    guard !(parts[0].isEmpty && fraction.isEmpty), (parts[0] + fraction).allSatisfy({ "0"..."9" ~= $0 }) else { return nil }
    return (parts[0].isEmpty ? "0" : parts[0], fraction.isEmpty ? "0" : fraction)
  }

  private static func shortened(_ text: String) -> String { text.utf8.count > 60 ? text.prefix(60) + "..." : text }
}
