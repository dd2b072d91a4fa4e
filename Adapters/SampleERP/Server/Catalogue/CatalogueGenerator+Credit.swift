/// What a debtor may owe; sums in hundredths of the currency.
public struct CreditRow: Hashable, Sendable {
  public var debtor: String
  public var area: String
  public var currency: Int16
  public var grade: Int16
  public var ceiling: Int64
  public var daysAllowed: Int16
  public var terms: Int16
  /// Ordered before the books begin, and not invoiced.
  public var unbilled: Int64
  public var state: Int16
}

/// A paper that a debtor has not paid yet.
public struct OpenItemRow: Hashable, Sendable {
  public var number: String
  public var debtor: String
  public var area: String
  public var currency: Int16
  /// Counted from the day on which the books are made; negative: it is past.
  public var dueInDays: Int
  public var sum: Int64
  public var unpaid: Int64
}

/// The states of credit accounts and of papers.
public enum CreditState {
  public static let open: Int16 = 10
  public static let stopped: Int16 = 20
  public static let closed: Int16 = 30
  public static let paid: Int16 = 20
}

extension CatalogueGenerator {
  /// Every tenth debtor has no account, every twentieth (the eighth and so on) is stopped.
  static func creditAccounts(of debtors: [DebtorRow]) -> [CreditRow] {
    debtors.enumerated().compactMap { index, debtor in
      if index % 10 == 9 { return nil }
      let (area, currency) = area(of: debtor.country)
      let ceiling = [50_000, 75_000, 60_000, 120_000, 250_000][index % 5] * 100
      return CreditRow(
        debtor: debtor.number, area: area, currency: currency, grade: index % 20 == 7 ? 6 : Int16(1 + index % 5),
        ceiling: Int64(currency == 978 ? ceiling : ceiling * 8), daysAllowed: [0, 14, 30, 60][Int(debtor.terms) - 1], terms: debtor.terms,
        unbilled: index % 6 == 0 ? 250_000 : 0, state: index % 20 == 7 ? CreditState.stopped : CreditState.open)
    }
  }

  /// Two papers of each account. Of ten debtors one (the fourth) is late by 45 days, and one (the sixth) by three.
  static func openItems(of accounts: [CreditRow], debtors: [DebtorRow]) -> [OpenItemRow] {
    let places = Dictionary(uniqueKeysWithValues: debtors.enumerated().map { ($1.number, $0) })
    return accounts.flatMap { account in
      let place = places[account.debtor] ?? 0
      return (0..<2).map { number in
        let sum = Int64(100_000 + place * 13_750 + number * 40_000)
        let due = number == 0 ? 5 + place : place % 10 == 3 ? -45 : place % 10 == 5 ? -3 : 20
        return OpenItemRow(
          number: "RE-\(500_000 + 2 * place + number)", debtor: account.debtor, area: account.area, currency: account.currency,
          dueInDays: due, sum: sum, unpaid: place % 4 == 0 ? sum / 2 : sum)
      }
    }
  }

  /// The credit control area of a country, and its currency: China has its own.
  static func area(of country: Int16) -> (area: String, currency: Int16) { country == 156 ? ("2000", 156) : ("1000", 978) }
}
