/// The forms in which a date or time may be written: `yyyy-M-d[ H:mm[:ss]]|d.M.yyyy`.
///
/// `|` stands between forms, `[…]` around what may be left out; the first form that fits a text counts.
struct DateForms: Sendable, Hashable {
  /// Forms that one pattern may stand for.
  static let greatestCount = 32

  let pattern: String
  /// One at least.
  let forms: [DateFormat]

  /// Reads a pattern.
  ///
  /// - Returns: The forms, or what is wrong with the pattern.
  static func reading(_ pattern: String) -> Result<DateForms, ExpressionFault> {
    func failure(_ message: String) -> Result<DateForms, ExpressionFault> {
      .failure(ExpressionFault(code: .literal, message: message, offset: 0, hint: "for example yyyy-M-d[ H:mm:ss]|d.M.yyyy"))
    }
    var open = pattern.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    var forms: [DateFormat] = []
    while !open.isEmpty {
      let text = open.removeFirst()
      guard open.count + forms.count < greatestCount else { return failure("the format stands for more than \(greatestCount) forms") }
      // The innermost brackets: their beginning is the last one before the first end.
      if let end = text.firstIndex(of: "]") {
        guard let start = text[..<end].lastIndex(of: "[") else { return failure("a ']' has no '['") }
        let (before, inner, after) = (text[..<start], text[text.index(after: start)..<end], text[text.index(after: end)...])
        open.insert(contentsOf: ["\(before)\(after)", "\(before)\(inner)\(after)"], at: 0)
        continue
      }
      if text.contains("[") { return failure("a '[' has no ']'") }
      switch DateFormat.reading(text) {
      case .success(let form): forms.append(form)
      case .failure(let fault): return .failure(fault)
      }
    }
    return .success(DateForms(pattern: pattern, forms: forms))
  }

  /// Microseconds since 1970 of a date and time without a zone, blanks around it left out; nil where the text has none of the forms or
  /// the calendar has no such time.
  func microseconds(of text: String) -> Int64? {
    let text = text.withoutOuterBlanks
    for form in forms { if let time = form.microseconds(of: text) { return time } }
    return nil
  }
}
