import CDR

/// How digits are written in a text: `1,234.50`, `1.234,50`, `1 234,50`, `1'234.50`.
struct DecimalMarks: Sendable, Hashable {
  var decimal: Unicode.Scalar = "."
  /// Stands between groups of digits before the decimal mark: three in each, one to three in the first.
  var group: Unicode.Scalar?
  static let plain = DecimalMarks()

  /// Why a text is no number.
  struct Fault: Error, Hashable {
    /// Which of its characters does not belong, from 1.
    var character: Int
    var reason: String
  }

  /// Reads a number; blanks around it are left out.
  ///
  /// Group marks need not stand, but where one stands all do: a mark at another place is the decimal mark of somebody else, and a number
  /// without it would be a thousand times too large.
  ///
  /// - Throws: ``Fault``, also for a text of blanks.
  func number(_ text: String) throws(Fault) -> DecimalNumber {
    if self == .plain, let number = DecimalNumber(text.withoutOuterBlanks) { return number }
    let scalars = Array(text.unicodeScalars)
    var end = scalars.count
    while end > 0, Self.isBlank(scalars[end - 1]) { end -= 1 }
    var position = 0
    while position < end, Self.isBlank(scalars[position]) { position += 1 }
    func fault(_ reason: String) -> Fault { Fault(character: position + 1, reason: reason) }
    var plain = ""
    if position < end, let sign = Self.sign(scalars[position]) {
      plain.unicodeScalars.append(sign)
      position += 1
    }
    /// Digits since the beginning or the last group mark.
    var run = 0
    var digits = 0
    var hasGroups = false
    var hasFraction = false
    func isWhole() -> Bool { !hasGroups || run == 3 }
    while position < end {
      let scalar = scalars[position]
      if ("0"..."9").contains(scalar) {
        plain.unicodeScalars.append(scalar)
        digits += 1
        if !hasFraction { run += 1 }
        if !hasFraction, hasGroups, run > 3 { throw fault("a group has three digits") }
      } else if Self.isSame(scalar, decimal) {
        if hasFraction { throw fault("a second decimal mark stands here") }
        if !isWhole() { throw fault("a group has three digits, and the last one has \(run)") }
        hasFraction = true
        plain.append(".")
      } else if let group, Self.isSame(scalar, group) {
        if hasFraction { throw fault("a group mark stands behind the decimal mark") }
        if hasGroups ? run != 3 : !(1...3).contains(run) {
          throw fault(hasGroups ? "a group has three digits, and this one has \(run)" : "the first group has one to three digits")
        }
        if !hasGroups, scalars[position - run] == "0" {
          throw fault("a number with groups does not begin with 0, so that this is the decimal mark of somebody else")
        }
        hasGroups = true
        run = 0
      } else {
        throw fault("'\(scalar.escaped(asASCII: false))' is neither a digit nor a mark")
      }
      position += 1
    }
    if !hasFraction, !isWhole() { throw fault("a group has three digits, and the last one has \(run)") }
    if digits == 0 { throw fault("there is no digit") }
    guard let number = DecimalNumber(plain) else {
      throw Fault(character: 1, reason: "it has more than \(DecimalNumber.maximumDigits) digits")
    }
    return number
  }

  private static func sign(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar {
    case "+", "-": scalar
    // The minus sign of typesetters.
    case "\u{2212}": "-"
    default: nil
    }
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { isXMLBlank(scalar) || blanks.contains(scalar) }

  /// A declared blank means any that does not break a line, a declared apostrophe also the curved one: nobody sees the difference.
  static func isSame(_ scalar: Unicode.Scalar, _ mark: Unicode.Scalar) -> Bool {
    scalar == mark || (blanks.contains(mark) && blanks.contains(scalar)) || (apostrophes.contains(mark) && apostrophes.contains(scalar))
  }

  private static func isXMLBlank(_ scalar: Unicode.Scalar) -> Bool { [" ", "\t", "\r", "\n"].contains(scalar) }
  private static let blanks: [Unicode.Scalar] = [" ", "\u{A0}", "\u{2007}", "\u{2009}", "\u{202F}"]
  private static let apostrophes: [Unicode.Scalar] = ["'", "\u{2019}"]
}

extension String {
  /// The text without blanks, tabs and line ends at its ends: what the whiteSpace rule of XML Schema leaves of numbers, truth values and
  /// dates (XML Schema 1.0, part 2, 4.3.6).
  public var withoutOuterBlanks: String {
    let octets = utf8
    func isBlank(_ octet: UInt8?) -> Bool { octet == 0x20 || octet == 0x0A || octet == 0x0D || octet == 0x09 }
    guard isBlank(octets.first) || isBlank(octets.last) else { return self }
    guard let first = octets.firstIndex(where: { !isBlank($0) }), let last = octets.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(self[first...last])
  }
}
