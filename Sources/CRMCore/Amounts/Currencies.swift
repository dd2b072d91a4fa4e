public import CDR

/// The currencies of ISO 4217 in use, and the digits that an amount of each has behind the point.
public enum Currencies {
  /// The codes of list one, with those of funds in which contracts are written, such as CLF.
  static let codes = Set(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY
    COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK
    JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB
    TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
    """.split(whereSeparator: \.isWhitespace).map(String.init))

  /// The codes whose minor unit is not a hundredth.
  private static let exceptions: [String: Int] = {
    let digits = [
      0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
      3: "BHD IQD JOD KWD LYD OMR TND",
      4: "CLF UYW",
    ]
    return digits.reduce(into: [:]) { found, entry in
      for code in entry.value.split(separator: " ") { found[String(code)] = entry.key }
    }
  }()

  /// The digits that an amount has behind the point (the minor unit of ISO 4217): 2 for EUR, 0 for JPY, 3 for KWD; nil where the text is no
  /// code that we know, of which nothing can be said.
  public static func minorUnits(of code: String) -> Int? { exceptions[code] ?? (codes.contains(code) ? 2 : nil) }

  /// An amount in the currency's own digits, rounded half-even; in hundredths where the currency is unknown. Nil on overflow.
  public static func rounded(_ amount: DecimalNumber, _ code: String) -> DecimalNumber? {
    amount.rescaled(to: minorUnits(of: code) ?? 2, rounding: .halfEven)
  }

  /// The smallest amount above 0: a cent, a yen; a hundredth where the currency is unknown.
  static func coin(of code: String) -> DecimalNumber {
    DecimalNumber(unscaled: 1, scale: minorUnits(of: code) ?? 2) ?? DecimalNumber(1)
  }

  /// Why there is no such amount in the currency; nil where there is.
  static func objection(to amount: DecimalNumber, _ code: String) -> String? {
    // Most amounts have few digits, and an amount of nothing is there in each currency.
    guard amount.unscaled != 0, let digits = minorUnits(of: code), amount.rescaled(to: digits, rounding: .exact) == nil else { return nil }
    let has =
      switch digits {
      case 0: "no digits"
      case let count: "\(count) digits"
      }
    return "\"\(amount.normalized)\" is no amount of \(code), which has \(has) behind the point (ISO 4217)"
  }
}
