import CDR
import Identity
public import InterchangeIDL

// How the price is chosen. Docs/Prices.md says the same for people.
//
// A line applies if it and its list are active, the day is one of the list's, the list is for everybody or for the customer, the
// currency is the one asked for, the line is for the packaging (or for loose units), and the quantity reaches its minimum. Of those
// that apply, each rule decides where the ones before it leave a choice:
//   1. a list of the customer goes before one for everybody
//   2. the list that began last goes first; one without a first day began before all others
//   3. the list that ends first goes first; one without a last day ends after all others
//   4. two lists that are left are not chosen between
//   5. a line for the packaging goes before one for loose units
//   6. the greatest minimum quantity goes first
// Where no line applies, the product's own list price does, if it is above 0. Prices are never compared with each other.

extension PriceQuestion {
  /// A line that applies.
  private struct Candidate {
    let line: Interchange.V1.PriceLine
    let list: Interchange.V1.PriceList
    /// For the packaging as asked, not for the loose units in it.
    let isDirect: Bool

    /// The right of its list against other lists, the greatest first.
    func rank(for party: String) -> [Int] {
      let (from, to) = (CalendarDay(list.validFrom)?.number ?? .min, CalendarDay(list.validTo)?.number ?? .max)
      return [list.party.isEmpty ? 0 : 1, from, to == .max ? .min : -to]
    }
  }

  /// The price that applies.
  ///
  /// - Throws: ``PriceRefusal``.
  public func answer() throws(PriceRefusal) -> PriceAnswer {
    if quantity.unscaled <= 0 {
      throw PriceRefusal(.quantityInvalid, "\(quantity.normalized) of a product have no price; the quantity must be above 0")
    }
    guard isKnown(packaging) else {
      let names = product.packagings.map(\.code).sorted()
      throw PriceRefusal(
        .packagingUnknown, "\(product.code) has no packaging \"\(packaging)\"",
        hint: names.isEmpty ? "it comes in loose units only" : "there are: \(names.joined(separator: ", "))")
    }
    var candidates: [Candidate] = []
    var passedOver: [PriceAnswer.PassedOver] = []
    for line in lines {
      switch judge(line) {
      case .success(let candidate): candidates.append(candidate)
      case .failure(let objection): passedOver.append(.init(line: line, reason: objection.reason))
      }
    }
    try checkCurrency(candidates)
    guard let best = try best(of: candidates, &passedOver) else { return try listPrice(passedOver) }
    return try answer(best, passedOver)
  }

  /// A packaging of the product, or one that a line gives a price for.
  private func isKnown(_ packaging: String) -> Bool {
    packaging.isEmpty || product.packagings.contains { $0.code == packaging } || lines.contains { $0.packaging == packaging }
  }

  private struct Objection: Error { let reason: String }

  private func judge(_ line: Interchange.V1.PriceLine) -> Result<Candidate, Objection> {
    guard let list = lists[line.list] else { return .failure(Objection(reason: "its list is not known")) }
    if let reason = objection(to: line, of: list) { return .failure(Objection(reason: reason)) }
    let isDirect = line.packaging == packaging
    if !isDirect, !line.packaging.isEmpty {
      return .failure(Objection(reason: "it is for \(line.packaging), not for \(packaging.isEmpty ? "loose units" : packaging)"))
    }
    let needed = isDirect ? ExactQuantity(quantity) : product.units(in: quantity, of: packaging)
    guard let needed, let reached = needed.decimal else {
      return .failure(Objection(reason: "it is for loose units, and what a \(packaging) holds is not known"))
    }
    if reached < line.minimumQuantity.decimal {
      return .failure(
        Objection(reason: "it holds from \(line.minimumQuantity.decimal.normalized) on, and these are \(reached.normalized)"))
    }
    return .success(Candidate(line: line, list: list, isDirect: isDirect))
  }

  /// What speaks against the line, whatever is asked of it.
  private func objection(to line: Interchange.V1.PriceLine, of list: Interchange.V1.PriceList) -> String? {
    if line.status != "active" { return "the line is \(line.status)" }
    if list.status != "active" { return "its list is \(list.status)" }
    if !list.party.isEmpty, list.party != party { return "its list is for \(list.party) alone" }
    if let from = CalendarDay(list.validFrom), day.number < from.number { return "its list begins on \(list.validFrom)" }
    if let to = CalendarDay(list.validTo), to.number < day.number { return "its list ended on \(list.validTo)" }
    if let currency, currency != list.currency { return "its list is in \(list.currency)" }
    return nil
  }

  private func checkCurrency(_ candidates: [Candidate]) throws(PriceRefusal) {
    let currencies = Set(candidates.map(\.list.currency)).sorted()
    if currencies.count > 1 {
      throw PriceRefusal(
        .currencyOpen, "there are prices in \(currencies.joined(separator: " and ")); amounts of different currencies are not compared",
        hint: "say --currency")
    }
  }

  private func best(
    of candidates: [Candidate], _ passedOver: inout [PriceAnswer.PassedOver]
  ) throws(PriceRefusal) -> Candidate? {
    guard let top = candidates.map({ $0.rank(for: party) }).max(by: { $0.lexicographicallyPrecedes($1) }) else { return nil }
    let leading = candidates.filter { $0.rank(for: party) == top }
    let lists = Set(leading.map(\.list.id)).sorted()
    if lists.count > 1 {
      throw PriceRefusal(
        .ambiguous, "the lists \(lists.joined(separator: " and ")) give a price with the same right",
        hint: "say --list, or give the lists different days")
    }
    let ordered = leading.sorted {
      if $0.isDirect != $1.isDirect { return $0.isDirect }
      let (left, right) = ($0.line.minimumQuantity, $1.line.minimumQuantity)
      return left == right ? $0.line.id < $1.line.id : right < left
    }
    let best = ordered[0]
    if ordered.count > 1, ordered[1].isDirect == best.isDirect, ordered[1].line.minimumQuantity == best.line.minimumQuantity {
      throw PriceRefusal(
        .ambiguous, "the lines \(best.line.id) and \(ordered[1].line.id) of the list \(best.list.id) give a price for the same",
        hint: "their system must withdraw one of them")
    }
    for other in candidates where other.line.id != best.line.id {
      passedOver.append(.init(line: other.line, reason: "\(givesWay(other, to: best)) goes first"))
    }
    return best
  }

  /// What the chosen line has and the other has not.
  private func givesWay(_ other: Candidate, to best: Candidate) -> String {
    if other.list.id == best.list.id {
      return best.isDirect != other.isDirect ? "a price for the packaging itself" : "a greater minimum quantity"
    }
    if best.list.party != other.list.party { return "the customer's own list" }
    return best.list.validFrom != other.list.validFrom ? "the list that began later" : "the list that ends earlier"
  }

  private func answer(_ best: Candidate, _ passedOver: [PriceAnswer.PassedOver]) throws(PriceRefusal) -> PriceAnswer {
    let (line, list) = (best.line, best.list)
    let price = try best.isDirect ? line.unitPrice.decimal : packed(line.unitPrice.decimal)
    let days = list.validFrom.isEmpty && list.validTo.isEmpty ? "" : ", \(list.period)"
    let minimum = line.minimumQuantity.unscaled > 0 ? " from \(line.minimumQuantity.decimal.normalized) on" : ""
    let what =
      best.isDirect
      ? "its price for \(packaging.isEmpty ? "loose units" : packaging)\(minimum)"
      : "its price for loose units\(minimum), times what a \(packaging) holds"
    return PriceAnswer(
      source: best.isDirect ? .line(line, list) : .lineOfUnits(line, list), unitPrice: price, total: try times(price, quantity),
      currency: list.currency, includesTax: list.priceIncludesTax,
      reason: "list \(list.code) (\(list.id)\(list.party.isEmpty ? "" : ", of \(list.party) alone")\(days)): \(what)",
      passedOver: passedOver)
  }

  /// The price that the product itself bears, where no line gives one.
  private func listPrice(_ passedOver: [PriceAnswer.PassedOver]) throws(PriceRefusal) -> PriceAnswer {
    let own = product.listPrice
    guard own.amount.unscaled > 0, currency == nil || currency == own.currency else {
      throw PriceRefusal(
        .none, "no price list gives a price for \(product.code) on \(day)\(currency.map { " in \($0)" } ?? ""), and it has none of its own",
        hint: passedOver.isEmpty ? "" : passedOver.prefix(5).map { "\($0.line.id): \($0.reason)" }.joined(separator: "; "))
    }
    if !packaging.isEmpty, !product.packagings.contains(where: { $0.code == packaging }) {
      throw PriceRefusal(.none, "no price list gives a price for \(packaging) that holds on \(day), and what it holds is not known")
    }
    let price = try packed(own.amount.decimal)
    return PriceAnswer(
      source: .product, unitPrice: price, total: try times(price, quantity), currency: own.currency, includesTax: product.priceIncludesTax,
      reason: "no price list gives a price; the product's own\(packaging.isEmpty ? "" : ", times what a \(packaging) holds")",
      passedOver: passedOver)
  }

  /// The price of one package, by that of a loose unit.
  private func packed(_ price: DecimalNumber) throws(PriceRefusal) -> DecimalNumber {
    guard let found = product.packagings.first(where: { $0.code == packaging }), !packaging.isEmpty else { return price }
    return try times(price, found.unitsPerPackage.decimal)
  }

  private func times(_ price: DecimalNumber, _ quantity: DecimalNumber) throws(PriceRefusal) -> DecimalNumber {
    guard let product = price.multiplied(by: quantity) else {
      throw PriceRefusal(.beyondReckoning, "\(price.normalized) times \(quantity.normalized) has more digits than any price")
    }
    return product.normalized
  }
}

extension Interchange.V1.PriceList {
  /// The days on which the list holds: `from 2026-11-01 to 2027-02-28`.
  public var period: String {
    switch (validFrom.isEmpty, validTo.isEmpty) {
    case (true, true): "always"
    case (false, true): "from \(validFrom)"
    case (true, false): "to \(validTo)"
    case (false, false): "from \(validFrom) to \(validTo)"
    }
  }
}
