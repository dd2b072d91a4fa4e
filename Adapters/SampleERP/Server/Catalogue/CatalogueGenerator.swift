/// Makes a ``Catalogue``.
struct CatalogueGenerator {
  private enum Role {
    case plain
    case matched
    case ambiguous
    case faulty(ItemFault)
    case ofUnknownGroup(String)
  }

  /// 1 January 2026, 00:00 UTC.
  private static let start: Int64 = 1_767_225_600
  /// The full rate of value-added tax, in percent, that the prices contain.
  private static let taxPercent = 19

  private let itemCount: Int
  private var random = RandomSequence(seed: 0x4B72_616E_7765_726B)

  init(itemCount: Int) { self.itemCount = itemCount }

  mutating func catalogue() -> Catalogue {
    let units = Self.units
    let groups = Self.groups
    var items: [ItemRow] = []
    items.reserveCapacity(itemCount)
    var products: [PartnerProduct] = []
    // Items with which nothing is the matter: only they have prices in groups, and stock.
    var sound: [ItemRow] = []
    for (index, role) in roles().enumerated() {
      var item = item(index)
      switch role {
      case .plain: sound.append(item)
      case .matched:
        sound.append(item)
        products.append(partnerProduct(of: item, name: item.text))
      case .ambiguous:
        products.append(partnerProduct(of: item, name: item.text))
        products.append(partnerProduct(of: item, name: "\(item.text) (2019)"))
      case .faulty(let fault): fault.spoil(&item)
      case .ofUnknownGroup(let group): item.group = group
      }
      items.append(item)
    }
    products += ownProducts()
    let debtors = debtors()
    let accounts = Self.creditAccounts(of: debtors)
    let openItems = Self.openItems(of: accounts, debtors: debtors)
    let (priceRows, stock) = (Self.priceRows(of: sound), Self.stock(of: sound))
    return Catalogue(
      units: units, groups: groups, items: items, debtors: debtors, creditAccounts: accounts, openItems: openItems,
      priceGroups: Self.priceGroups, priceRows: priceRows, stock: stock, partnerProducts: products,
      summary: CatalogueSummary(
        items: items.count, units: units.count, groups: groups.count, debtors: debtors.count, creditAccounts: accounts.count,
        openItems: openItems.count, priceGroups: Self.priceGroups.count, priceRows: priceRows.count, stock: stock.count,
        matched: Catalogue.Part.matched,
        ambiguous: Catalogue.Part.ambiguous, partnerOnly: Catalogue.Part.partnerOnly, rejected: ItemFault.all.count,
        unknownGroup: Catalogue.Part.unknownGroups.count * Catalogue.Part.itemsPerUnknownGroup,
        unknownGroups: Dictionary(
          uniqueKeysWithValues: Catalogue.Part.unknownGroups.map { ($0, Catalogue.Part.itemsPerUnknownGroup) })))
  }

  // MARK: - Items

  /// Which item is special, and how; spread over the whole catalogue.
  private mutating func roles() -> [Role] {
    var roles: [Role] = Array(repeating: .matched, count: Catalogue.Part.matched)
    roles += Array(repeating: .ambiguous, count: Catalogue.Part.ambiguous)
    roles += ItemFault.all.map(Role.faulty)
    for group in Catalogue.Part.unknownGroups {
      roles += Array(repeating: .ofUnknownGroup(group), count: Catalogue.Part.itemsPerUnknownGroup)
    }
    roles += Array(repeating: .plain, count: itemCount - roles.count)
    random.shuffle(&roles)
    return roles
  }

  private mutating func item(_ index: Int) -> ItemRow {
    let family = random.number(1...7) == 1 ? random.element(of: ProductFamily.machines) : random.element(of: ProductFamily.parts)
    let language = random.element(of: Language.allCases)
    let model = "\(family.prefix) \(random.number(12...980))\(random.element(of: ["", "", "E", "-3", " XL"]))"
    let currency = random.element(of: Currency.weighted)
    let net = random.number(family.prices) * 100 + random.element(of: [0, 50, 90, 95])
    let isPacked = family.carton > 0
    return ItemRow(
      number: "\(family.prefix)-\(10_000 + index)-\(random.number(10...99))",
      text: "\(family.names[language] ?? "") \(model)", language: language,
      longText: "\(family.names[.english] ?? ""), model \(model)",
      dataSheet: family.isMachine ? "power \(random.number(18...420)) kW; width \(random.number(98...349)) cm" : "",
      group: family.group, unit: family.unit,
      packs: isPacked ? [PackRow(code: "KAR", title: "Karton zu \(family.carton)", content: Int64(family.carton) * 1000)] : [],
      grossPrice: Int64(net * currency.perEuro / 100 * (100 + Self.taxPercent) / 100), currency: currency.number, taxClass: 1,
      state: random.number(1...40) == 1 ? BookState.phasedOut : BookState.open, hasSerialNumbers: family.isMachine,
      weightInGrams: Int32(random.number(family.grams)),
      listedDay: Int32(random.number(2009...2025) * 10_000 + random.number(1...12) * 100 + random.number(1...28)),
      changedAt: Self.start + Int64(index) * 37)
  }

  private struct Currency {
    let number: Int16
    let letters: String
    /// Hundredths of it for one euro.
    let perEuro: Int
    static let euro = Currency(number: 978, letters: "EUR", perEuro: 100)
    static let yuan = Currency(number: 156, letters: "CNY", perEuro: 780)
    static let franc = Currency(number: 756, letters: "CHF", perEuro: 95)
    static let weighted = [euro, euro, euro, euro, euro, euro, yuan, franc]
  }

  // MARK: - What the partner has

  private func partnerProduct(of item: ItemRow, name: String) -> PartnerProduct {
    let currency = Currency.weighted.first { $0.number == item.currency } ?? .euro
    return PartnerProduct(
      code: item.number, name: name, description: "", currency: currency.letters,
      netPrice: item.grossPrice * 100 / Int64(100 + Self.taxPercent))
  }

  /// Services that the CRM alone sells.
  private mutating func ownProducts() -> [PartnerProduct] {
    let services = [
      "Operator training", "Bedienerschulung", "操作培训", "Formation des conducteurs", "Site survey", "Standortanalyse", "Wartungsvertrag",
      "Contrat d’entretien", "保养合同", "Transport to site",
    ]
    return (0..<Catalogue.Part.partnerOnly).map { index in
      PartnerProduct(
        code: "SVC-\(100 + index)", name: "\(services[index % services.count]), level \(1 + index / services.count)",
        description: "A service without an item in the books, \"as agreed\"", currency: "EUR",
        netPrice: Int64(random.number(90...4_900) * 100))
    }
  }
}
