/// Emits of mapping files with what a test says; the other fields are of no meaning to it.
enum Emits {
  static func mapping(_ name: String, from type: String, columns: [String] = [], _ emits: String..., attributes: String = "") -> String {
    """
    <mapping xmlns="urn:tessera:mapping:1" name="\(name)" from="\(type)" \(attributes)>
      \(columns.map { "<column name=\"\($0)\"/>" }.joined())
      \(emits.joined(separator: "\n  "))
    </mapping>
    """
  }

  /// - Parameters:
  ///   - id: an expression, as all others are.
  ///   - version: where the source counts its versions.
  static func category(
    _ attributes: String = "", id: String, name: String, parent: String? = nil, version: String? = nil
  ) -> String {
    """
    <emit to="Category" \(attributes)>
        <identity entity="Category" from="\(id)" field="id"/>
        \(common(id, name, version))
        \(reference("parent", parent, "Category"))
      </emit>
    """
  }

  static func product(
    _ attributes: String = "", id: String, name: String, category: String? = nil, unit: String? = nil, price: String? = nil,
    version: String? = nil
  ) -> String {
    """
    <emit to="Product" \(attributes)>
        <identity entity="Product" from="\(id)" field="id"/>
        \(common(id, name, version))
        <set field="description" value=""/><set field="specification" value=""/>
        \(reference("category", category, "Category"))\(reference("unit", unit, "Unit"))
        <set field="listPrice/amount" \(price.map { "from=\"\($0)\" as=\"decimal\"" } ?? "value=\"1\"")/>
        <set field="listPrice/currency" value="EUR"/>
        <set field="priceIncludesTax" value="false"/><set field="serialised" value="false"/>
      </emit>
    """
  }

  static func unit(_ attributes: String = "", id: String, base: String? = nil) -> String {
    """
    <emit to="Unit" \(attributes)>
        <identity entity="Unit" from="\(id)" field="id"/>
        \(common(id, id, nil))
        <set field="rec20" value=""/>\(reference("baseUnit", base, "Unit"))
        <set field="factorNumerator" value="1"/><set field="factorDenominator" value="1"/>
      </emit>
    """
  }

  private static func common(_ id: String, _ name: String, _ version: String?) -> String {
    """
    <set field="changedAt" from="now-of-document()"/><set field="status" value="active"/>
        <set field="code" from="\(id)"/><set field="name" from="\(name)"/>\
    \(version.map { "<set field=\"sourceVersion\" from=\"\($0)\" as=\"integer\"/>" } ?? "")
    """
  }

  private static func reference(_ field: String, _ from: String?, _ entity: String) -> String {
    from.map { "<set field=\"\(field)\" from=\"\($0)\" id-of=\"\(entity)\" unmapped=\"hold\"/>" } ?? "<set field=\"\(field)\" value=\"\"/>"
  }
}
