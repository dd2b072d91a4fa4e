/// A kind of thing that Kranwerk sells: what its items are called and what they cost.
struct ProductFamily: Sendable {
  /// The first letters of the item numbers.
  let prefix: String
  let group: String
  let unit: String
  let names: [Language: String]
  /// Whole euros, without tax.
  let prices: ClosedRange<Int>
  let grams: ClosedRange<Int>
  let isMachine: Bool
  /// Pieces in a carton; 0 where nothing is packed.
  let carton: Int

  private init(
    _ prefix: String, _ group: String, _ unit: String, _ names: (en: String, zh: String, de: String, fr: String),
    prices: ClosedRange<Int>, grams: ClosedRange<Int>, isMachine: Bool = false, carton: Int = 0
  ) {
    self.prefix = prefix
    self.group = group
    self.unit = unit
    self.names = [.english: names.en, .chinese: names.zh, .german: names.de, .french: names.fr]
    self.prices = prices
    self.grams = grams
    self.isMachine = isMachine
    self.carton = carton
  }

  private static func machine(
    _ prefix: String, _ group: String, _ names: (en: String, zh: String, de: String, fr: String), prices: ClosedRange<Int>
  ) -> ProductFamily {
    ProductFamily(prefix, group, "ST", names, prices: prices, grams: 900_000...48_000_000, isMachine: true)
  }

  static let machines: [ProductFamily] = [
    machine("KB", "110000", ("Hydraulic excavator", "液压挖掘机", "Hydraulikbagger", "Pelle hydraulique"), prices: 85_000...420_000),
    machine("KM", "110000", ("Mini excavator", "小型挖掘机", "Minibagger", "Mini-pelle"), prices: 18_000...62_000),
    machine("KL", "120000", ("Wheel loader", "轮式装载机", "Radlader", "Chargeuse sur pneus"), prices: 49_000...310_000),
    machine("KD", "120000", ("Bulldozer", "推土机", "Planierraupe", "Bouteur"), prices: 95_000...510_000),
    machine("KT", "130000", ("Tower crane", "塔式起重机", "Turmdrehkran", "Grue à tour"), prices: 120_000...680_000),
    machine("KR", "130000", ("Crawler crane", "履带起重机", "Raupenkran", "Grue sur chenilles"), prices: 250_000...990_000),
    machine("KW", "140000", ("Road roller", "压路机", "Straßenwalze", "Rouleau compresseur"), prices: 28_000...160_000),
    machine("KG", "140000", ("Motor grader", "平地机", "Motorgrader", "Niveleuse"), prices: 110_000...340_000),
    machine("KP", "150000", ("Concrete pump", "混凝土泵", "Betonpumpe", "Pompe à béton"), prices: 72_000...390_000),
    machine("KX", "150000", ("Concrete mixer", "混凝土搅拌机", "Betonmischer", "Bétonnière"), prices: 9_000...78_000),
  ]

  static let parts: [ProductFamily] = [
    .init("EZ", "210000", "ST", ("Bucket tooth", "斗齿", "Baggerzahn", "Dent de godet"), prices: 12...95, grams: 900...14_000, carton: 12),
    .init(
      "EL", "210000", "ST", ("Bucket, cast edge", "铲斗", "Löffel mit Gusskante", "Godet à bord coulé"), prices: 780...5_400,
      grams: 95_000...900_000),
    .init(
      "HF", "220000", "ST", ("Hydraulic filter", "液压滤芯", "Hydraulikfilter", "Filtre hydraulique"), prices: 18...140, grams: 300...2_800,
      carton: 6),
    .init(
      "HS", "220000", "M", ("Hydraulic hose, per metre", "液压软管", "Hydraulikschlauch", "Flexible hydraulique"), prices: 9...48,
      grams: 400...1_900),
    .init(
      "HZ", "220000", "ST", ("Cylinder seal kit", "油缸密封件", "Dichtsatz für Zylinder", "Jeu de joints de vérin"), prices: 35...310,
      grams: 80...900, carton: 10),
    .init(
      "HO", "220000", "L", ("Hydraulic oil HLP 46", "液压油", "Hydrauliköl HLP 46", "Huile hydraulique HLP 46"), prices: 3...9,
      grams: 860...900, carton: 20),
    .init(
      "HV", "220000", "ST", ("Control valve", "控制阀", "Steuerventil", "Distributeur hydraulique"), prices: 240...2_900, grams: 2_000...38_000
    ),
    .init("MF", "230000", "ST", ("Oil filter", "机油滤清器", "Ölfilter", "Filtre à huile"), prices: 8...42, grams: 250...1_400, carton: 12),
    .init("ML", "230000", "ST", ("Air filter", "空气滤清器", "Luftfilter", "Filtre à air"), prices: 22...130, grams: 400...3_600, carton: 4),
    .init("MT", "230000", "ST", ("Turbocharger", "涡轮增压器", "Turbolader", "Turbocompresseur"), prices: 620...3_800, grams: 6_000...29_000),
    .init("MI", "230000", "ST", ("Fuel injector", "喷油嘴", "Einspritzdüse", "Injecteur"), prices: 110...640, grams: 200...900, carton: 6),
    .init(
      "MA", "230000", "ST", ("Alternator 24 V", "发电机", "Drehstromgenerator 24 V", "Alternateur 24 V"), prices: 190...880,
      grams: 4_000...11_000),
    .init(
      "FK", "240000", "ST", ("Track chain", "履带链", "Laufkette", "Chaîne de chenille"), prices: 1_900...12_500, grams: 180_000...2_400_000),
    .init("FR", "240000", "ST", ("Track roller", "支重轮", "Laufrolle", "Galet de chenille"), prices: 85...620, grams: 9_000...62_000),
    .init(
      "FD", "240000", "ST", ("Slewing bearing", "回转支承", "Drehkranz", "Couronne d’orientation"), prices: 1_400...16_000,
      grams: 60_000...900_000),
    .init("SD", "250000", "M", ("Wire rope 16 mm", "钢丝绳", "Drahtseil 16 mm", "Câble d’acier 16 mm"), prices: 6...28, grams: 900...1_300),
    .init("SH", "250000", "ST", ("Crane hook", "吊钩", "Kranhaken", "Crochet de grue"), prices: 140...2_600, grams: 4_000...190_000),
    .init("KA", "260000", "ST", ("Cab window", "驾驶室玻璃", "Kabinenscheibe", "Vitre de cabine"), prices: 130...940, grams: 5_000...26_000),
    .init(
      "KS", "260000", "ST", ("Operator’s seat", "驾驶座椅", "Fahrersitz", "Siège du conducteur"), prices: 480...2_300, grams: 22_000...46_000),
    .init(
      "KE", "260000", "ST", ("LED work lamp", "工作灯", "LED-Arbeitsscheinwerfer", "Phare de travail LED"), prices: 29...210,
      grams: 300...1_800, carton: 8),
    .init(
      "SF", "270000", "KG", ("Lubricating grease", "润滑脂", "Schmierfett", "Graisse lubrifiante"), prices: 4...19, grams: 1_000...1_000,
      carton: 15),
    .init(
      "SW", "270000", "SZ", ("Service kit 500 h", "保养套件", "Wartungssatz 500 h", "Kit d’entretien 500 h"), prices: 160...1_200,
      grams: 3_000...21_000),
  ]
}
