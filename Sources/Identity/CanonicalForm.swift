/// How one system writes its ids of one entity, or how values by which things are recognised are written; applied before they are
/// compared, octet by octet.
///
/// The default leaves out blanks and invisible characters at both ends, which nobody means; all else is declared.
public struct CanonicalForm: Hashable, Sendable {
  /// Blanks of every kind and invisible characters at the start and the end do not count.
  public var trims: Bool
  /// Blanks of every kind and invisible characters do not count anywhere.
  public var dropsBlanks: Bool
  /// Characters of full and half width count as the usual ones.
  public var foldsWidth: Bool
  /// Zeros at the start of an id of digits alone do not count: `000123` is `123`. One digit always stays.
  public var dropsLeadingZeros: Bool
  /// Letters count as upper case, in every script.
  public var ignoresCase: Bool
  /// The form that the country of a tax id gives it (``TaxID``).
  public var isTaxID: Bool

  public init(
    trims: Bool = true, dropsBlanks: Bool = false, foldsWidth: Bool = false, dropsLeadingZeros: Bool = false, ignoresCase: Bool = false,
    isTaxID: Bool = false
  ) {
    self.trims = trims
    self.dropsBlanks = dropsBlanks
    self.foldsWidth = foldsWidth
    self.dropsLeadingZeros = dropsLeadingZeros
    self.ignoresCase = ignoresCase
    self.isTaxID = isTaxID
  }

  /// Why a text is no id.
  public enum Fault: Error, Hashable, Sendable {
    case empty
    case tooLong(octets: Int)
    /// A control character, which no system shows and no person can type.
    case controlCharacter(Unicode.Scalar)

    /// A stable code for item results.
    public var code: String {
      switch self {
      case .empty: "ID_EMPTY"
      case .tooLong: "ID_TOO_LONG"
      case .controlCharacter: "ID_CONTROL_CHARACTER"
      }
    }

    public var explanation: String {
      switch self {
      case .empty: "the id is empty; every item needs the id by which its own system knows it"
      case .tooLong(let octets): "the id has \(octets) octets; ids have at most \(ForeignID.maximumOctets)"
      case .controlCharacter(let scalar):
        "the id contains the control character U+\(String(scalar.value, radix: 16, uppercase: true)); send the id without it"
      }
    }
  }

  /// The id in canonical form.
  ///
  /// - Throws: ``Fault`` where the text, as it came or in canonical form, is no id.
  public func canonical(_ text: String) throws(Fault) -> ForeignID {
    if text.utf8.count > ForeignID.maximumOctets { throw .tooLong(octets: text.utf8.count) }
    if let scalar = text.unicodeScalars.first(where: { $0.value < 32 || $0.value == 127 }) { throw .controlCharacter(scalar) }
    let canonical = value(text)
    if canonical.utf8.isEmpty { throw .empty }
    if canonical.utf8.count > ForeignID.maximumOctets { throw .tooLong(octets: canonical.utf8.count) }
    return ForeignID(canonical)
  }

  /// A value in canonical form, which may be empty.
  ///
  /// - Parameter country: of a tax id, ISO 3166-1 alpha-2; empty where it is not known.
  public func value(_ text: String, country: String = "") -> String {
    if self == CanonicalForm() { return Spelling.trimmed(text) }
    if isTaxID { return TaxID.canonical(text, country: country) }
    var text = text
    if foldsWidth { text = Spelling.ofUsualWidth(text) }
    if dropsBlanks { text = Spelling.withoutBlanks(text) } else if trims { text = Spelling.trimmed(text) }
    if ignoresCase { text = Spelling.upperCase(text) }
    if dropsLeadingZeros, !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      text = text.utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? "0" : String(text.drop { $0 == "0" })
    }
    return text
  }
}

extension CanonicalForm {
  /// The words by which forms are declared, with what each does.
  public enum Word: String, CaseIterable, Sendable {
    case exact
    case trim
    case noBlanks = "no-blanks"
    case width
    case noZeros = "no-zeros"
    case upperCase = "upper-case"
    case taxID = "tax-id"

    /// Those that ids may have: an id has no country.
    public static let ofIDs = allCases.filter { $0 != .taxID }
  }

  /// The form of some words; nil where they do not go together: `exact` and `tax-id` stand alone. `trim` is meant with all others.
  public init?(words: [Word]) {
    guard !words.isEmpty, words.count == 1 || !(words.contains(.exact) || words.contains(.taxID)) else { return nil }
    self.init(
      trims: !words.contains(.exact), dropsBlanks: words.contains(.noBlanks), foldsWidth: words.contains(.width),
      dropsLeadingZeros: words.contains(.noZeros), ignoresCase: words.contains(.upperCase), isTaxID: words.contains(.taxID))
  }

  /// Reads what ``text`` wrote; nil where a word is unknown.
  public init?(text: String) {
    var words: [Word] = []
    for part in text.split(separator: " ") {
      guard let word = Word(rawValue: String(part)) else { return nil }
      words.append(word)
    }
    self.init(words: words)
  }

  /// The words with blanks between them, always in the same order.
  public var text: String {
    if isTaxID { return Word.taxID.rawValue }
    var words: [Word] = []
    if dropsBlanks { words.append(.noBlanks) }
    if foldsWidth { words.append(.width) }
    if dropsLeadingZeros { words.append(.noZeros) }
    if ignoresCase { words.append(.upperCase) }
    if words.isEmpty { words = [trims ? .trim : .exact] }
    return words.map(\.rawValue).joined(separator: " ")
  }
}
