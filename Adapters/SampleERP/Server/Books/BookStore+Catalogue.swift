import SQLite

extension BookStore {
  /// Writes a whole catalogue, as a clerk would: what others refer to first.
  static func fill(_ connection: SQLiteConnection, _ catalogue: Catalogue) throws {
    for unit in catalogue.units {
      try connection.run(
        "INSERT INTO unit VALUES (?, ?, ?, ?, ?, ?, ?)",
        [unit.code, next("change", connection), unit.title, unit.base, unit.upper, unit.lower, unit.changedAt])
    }
    for group in catalogue.groups {
      try connection.run(
        "INSERT INTO item_group VALUES (?, ?, ?, ?, ?, ?)",
        [group.number, next("change", connection), group.title, group.above, group.state, group.changedAt])
    }
    for debtor in catalogue.debtors { try insert(debtor, connection) }
    for item in catalogue.items { try insert(item, connection) }
    try fillCredit(connection, catalogue)
    try fillPrices(connection, catalogue)
  }

  static func insert(_ debtor: DebtorRow, _ connection: SQLiteConnection) throws {
    try connection.run(
      "INSERT INTO debtor VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        debtor.number, next("change", connection), debtor.partnerKey, debtor.name, debtor.nameAddition, debtor.street, debtor.postCode,
        debtor.town, debtor.country, debtor.vatNumber, debtor.terms, debtor.state, debtor.changedAt,
      ])
  }

  private static func insert(_ item: ItemRow, _ connection: SQLiteConnection) throws {
    try connection.run(
      "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      [
        item.number, next("change", connection), item.text, item.language.rawValue, item.longText, item.dataSheet, item.group, item.unit,
        item.grossPrice, item.currency, item.taxClass, item.state, item.hasSerialNumbers, item.weightInGrams, item.listedDay,
        item.changedAt,
      ])
    for pack in item.packs {
      try connection.run("INSERT INTO pack VALUES (?, ?, ?, ?)", [item.number, pack.code, pack.title, pack.content])
    }
  }
}
