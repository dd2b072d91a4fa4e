/// The form by which tax ids are compared: each authority writes them with blanks, dots, dashes or slashes for people, and gives each one
/// once without them. What stands in an object stays as it was sent; check digits are not looked at.
public enum TaxID {
  /// The tax id as its country's registers hold it.
  ///
  /// In every country: upper case, usual width, without blanks, invisible characters and marks between groups (`.` `-` `/` `'` `,` `_`).
  /// Beyond that, by country: VAT ids of AT, BE, CH, DE, DK, FI, FR, GB, GR, IT, LU, NL, PL and SE begin with their prefix, also where it
  /// was left out and the number can be nothing else; Greece's prefix is EL; Switzerland's endings MWST, TVA, IVA and HR, Norway's MVA
  /// and Japan's T before a corporate number do not count; both get the prefix of their country.
  ///
  /// - Parameter country: ISO 3166-1 alpha-2 in either case; empty where it is not known, then a prefix tells it.
  public static func canonical(_ text: String, country: String = "") -> String {
    let id = plain(text)
    let country = country.isEmpty ? countryOfPrefix(id) : country.uppercased()
    switch country {
    case "GR", "EL":
      if id.hasPrefix("GR") { return "EL" + id.dropFirst(2) }
      return withPrefix("EL", id) { $0.count == 9 && digits($0) }
    case "CH", "LI":
      guard id.hasPrefix("CHE") else { return withPrefix("CHE", id) { $0.count == 9 && digits($0) } }
      for ending in ["MWST", "TVA", "IVA", "HR"] where id.hasSuffix(ending) { return String(id.dropLast(ending.count)) }
      return id
    // With its prefix in every case: nine or thirteen digits alone may be another country's number as well.
    case "NO":
      let number = id.hasSuffix("MVA") && digits(id.dropLast(3).suffix(9)) ? String(id.dropLast(3)) : id
      return withPrefix("NO", number) { $0.count == 9 && digits($0) }
    case "JP":
      let number = id.count == 14 && id.first == "T" && digits(id.dropFirst()) ? String(id.dropFirst()) : id
      return withPrefix("JP", number) { $0.count == 13 && digits($0) }
    default:
      guard let isNumber = vatNumbers[country] else { return id }
      return withPrefix(country, id, where: isNumber)
    }
  }

  /// The countries that give tax ids more than the common form, by ISO 3166-1 alpha-2.
  public static let countries = (["GR", "CH", "NO", "JP"] + vatNumbers.keys).sorted()

  /// Without what stands between groups of characters.
  private static func plain(_ text: String) -> String {
    let isPlain = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
    if isPlain { return text }
    let folded = Spelling.fold(text)
    let plain = folded.filter { !".-/',_’`:".contains($0) }
    // Nothing but marks, such as "-" or "n/a" with its letters gone, stays as it is: it tells nobody apart in any case.
    return plain.isEmpty ? folded : plain
  }

  private static func withPrefix(_ prefix: String, _ id: String, where isNumber: (Substring) -> Bool) -> String {
    if id.hasPrefix(prefix) { return id }
    return isNumber(id[...]) ? prefix + id : id
  }

  /// The country whose prefix an id bears, where its form beyond the prefix is looked at.
  private static func countryOfPrefix(_ id: String) -> String {
    if id.hasPrefix("CHE"), id.count >= 12, digits(id.dropFirst(3).prefix(9)) { return "CH" }
    if id.count == 11, ["GR", "EL"].contains(id.prefix(2)), digits(id.dropFirst(2)) { return "GR" }
    if id.hasPrefix("NO"), id.count >= 11, digits(id.dropFirst(2).prefix(9)) { return "NO" }
    return ""
  }

  /// The prefixes of VAT ids of the countries around France, whose ids may have its form.
  private static let vatPrefixes: Set<String> = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "GB", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "NO",
    "PL",
    "PT", "RO", "SE", "SI", "SK", "XI",
  ]

  /// What follows the prefix of a VAT id, for countries where nothing else has this form: an id without prefix that has it is that.
  private static let vatNumbers: [String: @Sendable (Substring) -> Bool] = [
    "AT": { $0.count == 9 && $0.first == "U" && digits($0.dropFirst()) },
    // A Steuernummer has ten to thirteen digits.
    "DE": { $0.count == 9 && digits($0) },
    "DK": { $0.count == 8 && digits($0) },
    "FI": { $0.count == 8 && digits($0) },
    // A SIREN has nine digits, a SIRET fourteen.
    "FR": { $0.count == 11 && digits($0.dropFirst(2)) && !vatPrefixes.contains(String($0.prefix(2))) },
    "IT": { $0.count == 11 && digits($0) },
    "LU": { $0.count == 8 && digits($0) },
    "NL": { $0.count == 12 && $0.dropFirst(9).first == "B" && digits($0.prefix(9)) },
    "PL": { $0.count == 10 && digits($0) },
    "SE": { $0.count == 12 && digits($0) },
    "BE": { $0.count == 10 && digits($0) },
    "GB": { [9, 12].contains($0.count) && digits($0) },
  ]

  private static func digits(_ text: some StringProtocol) -> Bool { !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
}
