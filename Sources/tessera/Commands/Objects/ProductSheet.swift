import Broker
import CDR
import CRMCore
import InterchangeIDL
import Mapping
import StoreAPI

/// The columns that a file of products may have.
enum ProductColumn: String, CaseIterable {
  case id, code, name, description, specification, category, unit, listPrice, currency, priceIncludesTax, serialised, status

  /// `price` is taken for `listPrice`.
  init?(heading: String) { self.init(rawValue: heading == "price" ? "listPrice" : heading) }
}

/// A file of products on its way to records.
struct ProductSheet: Sendable {
  let file: String
  let changedAt: Int64
  /// Whether a code that stands twice is that of two products.
  let allowsRepeatedCodes: Bool
  private let columns: [ProductColumn]
  private let rows: [CSVTable.Row]

  /// - Throws: ``Refusal`` where a column is not known or missing.
  init(table: CSVTable, file: String, changedAt: Int64, allowsRepeatedCodes: Bool = false) throws {
    self.file = file
    self.changedAt = changedAt
    self.allowsRepeatedCodes = allowsRepeatedCodes
    rows = table.rows
    columns = try table.columns.map { heading in
      guard let column = ProductColumn(heading: heading) else {
        if let fault = table.separatorFault { throw Refusal("FILE_INVALID", fault.text(file), hint: "save the file with commas") }
        throw Refusal(
          "FILE_INVALID", "\(file):1: there is no column \"\(heading)\"",
          hint: "there are: \(ProductColumn.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return column
    }
    for needed in [ProductColumn.code, .name] where !columns.contains(needed) {
      throw Refusal("FILE_INVALID", "\(file):1: the column \"\(needed.rawValue)\" is missing")
    }
  }

  /// The records, with ids of the CRM core.
  ///
  /// - Throws: ``Refusal`` with all faults of the file (at most twenty).
  func records(_ reader: any StoreReader) throws -> [Record] {
    var names: [String: Set<String>] = [:]
    for row in rows {
      for (column, field) in zip(columns, row.fields) {
        if let kind = column.names { names[kind.name, default: []].insert(field) }
      }
    }
    let lookUp = try CodeLookUp(names, reader)
    var faults: [String] = []
    var named = NamedProducts(rows.map { cells($0)[.id] ?? "" }, allowsRepeatedCodes: allowsRepeatedCodes)
    let records = try rows.map { row in
      let fields = cells(row)
      var faultsOfRow: [String] = []
      let product = try product(fields, lookUp, &faultsOfRow)
      named.note(product, line: row.line, known: lookUp.ids(product.code, .product), &faultsOfRow)
      faults += faultsOfRow.map { "\(file):\(row.line): \($0)" }
      return product.record
    }
    if !faults.isEmpty {
      throw Refusal("FILE_INVALID", faults.prefix(20).joined(separator: "; "), hint: "nothing was imported")
    }
    return records
  }

  /// What the row says, without what it leaves empty.
  private func cells(_ row: CSVTable.Row) -> [ProductColumn: String] {
    var fields: [ProductColumn: String] = [:]
    for (column, field) in zip(columns, row.fields) where !field.isEmpty { fields[column] = field }
    return fields
  }

  /// A column that the file has not says nothing: what is known stays. Neither does an empty cell of a price, its currency or a truth value.
  private func product(
    _ fields: [ProductColumn: String], _ lookUp: CodeLookUp, _ faults: inout [String]
  ) throws -> Interchange.V1.Product {
    func reference(_ column: ProductColumn, _ kind: EntityKind) -> String {
      guard let name = fields[column] else { return "" }
      let ids = lookUp.ids(name, kind)
      if ids.count == 1 { return ids[0] }
      faults.append(
        ids.isEmpty
          ? "\(column.rawValue): the CRM core has no \(column.rawValue) with the id or code \"\(name)\""
          : "\(column.rawValue): \"\(name)\" is the code of \(ids.joined(separator: ", ")); write the id")
      return ""
    }
    func flag(_ column: ProductColumn) -> Bool? {
      guard let word = fields[column], !word.withoutOuterBlanks.isEmpty else { return nil }
      let flag = TruthWords.value(word)
      if flag == nil { faults.append("\(column.rawValue): \"\(word)\" is neither true nor false") }
      return flag
    }
    var id = fields[.id] ?? ""
    if id.isEmpty, let code = fields[.code] {
      let found = lookUp.ids(code, .product)
      if found.count > 1 {
        faults.append("code: \"\(code)\" is the code of \(found.joined(separator: ", ")); write the id of the one that is meant")
      }
      id = found.first ?? ""
    }
    let known = try lookUp.object(id, .product).map { try Interchange.V1.Product(cdr: $0.body) }
    func text(_ column: ProductColumn, _ before: String?) -> String {
      columns.contains(column) ? fields[column] ?? "" : before ?? ""
    }
    // A product without a price has the price 0.
    var amount = known?.listPrice.amount ?? Interchange.V1.MoneyAmount.zero
    if let price = fields[.listPrice]?.withoutOuterBlanks, !price.isEmpty {
      if let number = Interchange.V1.MoneyAmount(price) {
        amount = number
      } else {
        faults.append("listPrice: \"\(price)\" is no amount with at most four decimals, such as 12.50")
      }
    }
    return Interchange.V1.Product(
      id: id, changedAt: changedAt, sourceVersion: nil, status: fields[.status] ?? known?.status ?? "active",
      attributes: known?.attributes ?? [], code: fields[.code] ?? "", name: fields[.name] ?? "",
      description: text(.description, known?.description), specification: text(.specification, known?.specification),
      category: columns.contains(.category) ? reference(.category, .category) : known?.category ?? "",
      unit: columns.contains(.unit) ? reference(.unit, .unit) : known?.unit ?? "", packagings: known?.packagings ?? [],
      listPrice: Interchange.V1.Money(amount: amount, currency: fields[.currency] ?? known?.listPrice.currency ?? ""),
      priceIncludesTax: flag(.priceIncludesTax) ?? known?.priceIncludesTax ?? false,
      serialised: flag(.serialised) ?? known?.serialised ?? false)
  }
}

extension ProductColumn {
  /// The kind of thing that the column's values name by id or code.
  fileprivate var names: EntityKind? {
    switch self {
    case .code: .product
    case .category: .category
    case .unit: .unit
    default: nil
    }
  }
}

extension Fixed {
  static var zero: Self {
    guard let zero = Self("0") else { preconditionFailure("zero fits into every type") }
    return zero
  }
}
