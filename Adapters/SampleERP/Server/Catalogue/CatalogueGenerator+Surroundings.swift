// Units, groups and debtors: few, so they are written out.

extension CatalogueGenerator {
  private static let unitsAt: Int64 = 1_767_000_000

  /// Bases before what is counted in them.
  static let units: [UnitRow] = [
    UnitRow(code: "ST", title: "Stück", base: "", upper: 1, lower: 1, changedAt: unitsAt),
    UnitRow(code: "SZ", title: "Satz", base: "", upper: 1, lower: 1, changedAt: unitsAt),
    UnitRow(code: "M", title: "Meter", base: "", upper: 1, lower: 1, changedAt: unitsAt),
    UnitRow(code: "KG", title: "Kilogramm", base: "", upper: 1, lower: 1, changedAt: unitsAt),
    UnitRow(code: "L", title: "Liter", base: "", upper: 1, lower: 1, changedAt: unitsAt),
    UnitRow(code: "STD", title: "Stunde", base: "", upper: 1, lower: 1, changedAt: unitsAt),
    UnitRow(code: "T", title: "Tonne", base: "KG", upper: 1000, lower: 1, changedAt: unitsAt),
    UnitRow(code: "CM", title: "Zentimeter", base: "M", upper: 1, lower: 100, changedAt: unitsAt),
  ]

  /// Parents before their children.
  static let groups: [GroupRow] = [
    GroupRow(number: "100000", title: "Machines · Maschinen · 机械 · Engins", above: "", state: BookState.open, changedAt: unitsAt),
    GroupRow(number: "200000", title: "Spare parts · Ersatzteile · 配件 · Pièces", above: "", state: BookState.open, changedAt: unitsAt),
    machines("110000", "Excavators · Bagger · 挖掘机 · Pelles"),
    machines("120000", "Loaders · Lader · 装载机 · Chargeuses"),
    machines("130000", "Cranes · Krane · 起重机 · Grues"),
    machines("140000", "Road building · Straßenbau · 筑路机械 · Travaux routiers"),
    machines("150000", "Concrete · Beton · 混凝土机械 · Béton"),
    parts("210000", "Ground tools · Grabwerkzeuge · 挖掘工具 · Outils d’attaque"),
    parts("220000", "Hydraulics · Hydraulik · 液压 · Hydraulique"),
    parts("230000", "Engine · Motor · 发动机 · Moteur"),
    parts("240000", "Undercarriage · Fahrwerk · 底盘 · Train de chenilles"),
    parts("250000", "Ropes and hooks · Seile und Haken · 绳索吊钩 · Câbles et crochets"),
    parts("260000", "Cab · Kabine · 驾驶室 · Cabine"),
    parts("270000", "Service · Wartung · 保养 · Entretien"),
  ]

  private static func machines(_ number: String, _ title: String) -> GroupRow {
    GroupRow(number: number, title: title, above: "100000", state: BookState.open, changedAt: unitsAt)
  }

  private static func parts(_ number: String, _ title: String) -> GroupRow {
    GroupRow(number: number, title: title, above: "200000", state: BookState.open, changedAt: unitsAt)
  }

  /// Forty customers in four countries.
  func debtors() -> [DebtorRow] {
    struct Place {
      let country: Int16
      let town: String
      let postCode: String
      let street: String
      let vatPrefix: String
      let firms: [String]
    }
    let german = ["Hochbau Brandt GmbH", "Straßenbau Müller & Söhne", "Tiefbau Öttinger KG", "Kranverleih Groß", "Betonwerk Jäger AG"]
    let chinese = ["上海建工机械有限公司", "长江路桥股份有限公司", "北方矿业设备公司", "华南起重租赁公司", "东海港务工程局"]
    let french = ["Travaux Lefèvre SA", "Béton du Rhône SARL", "Société des Carrières", "Levage Garçon & Fils", "Routes de l’Est"]
    let english = ["Harbour Plant Hire Ltd", "O’Neill Groundworks", "Northern Quarries plc", "Crane & Tackle Ltd", "Mersey Civils Ltd"]
    let places = [
      Place(country: 276, town: "Köln", postCode: "50667", street: "Rheinuferstraße", vatPrefix: "DE", firms: german),
      Place(country: 156, town: "上海市", postCode: "200120", street: "世纪大道", vatPrefix: "", firms: chinese),
      Place(country: 250, town: "Besançon", postCode: "25000", street: "rue de la République", vatPrefix: "FR", firms: french),
      Place(country: 826, town: "Liverpool", postCode: "L3 4AA", street: "Wapping Quay", vatPrefix: "GB", firms: english),
    ]
    return (0..<40).map { index in
      let place = places[index % 4]
      let round = index / 4
      return DebtorRow(
        number: "D\(70_001 + index)", partnerKey: "", name: place.firms[round % 5], nameAddition: round < 5 ? "" : "Branch \(round - 3)",
        street: "\(place.street) \(3 + index)", postCode: place.postCode, town: place.town, country: place.country,
        vatNumber: place.vatPrefix.isEmpty ? "9131000\(1_000_000 + index * 7919)" : "\(place.vatPrefix)\(811_000_000 + index * 7919)",
        terms: Int16(1 + index % 4), state: BookState.open, changedAt: Self.unitsAt + Int64(index))
    }
  }
}
