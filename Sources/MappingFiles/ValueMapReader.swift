import Identity
import Mapping
import XMLStream

/// Reads the tree of a value-map file.
struct ValueMapReader {
  let document: MappingDocument

  /// The map, nil where something is wrong with it that the schema does not say, and what.
  func read() -> (map: ValueMap?, diagnostics: [MappingDiagnostic]) {
    let root = document.root
    guard let name = root["name"] else { return (nil, []) }
    var diagnostics: [MappingDiagnostic] = []
    let columns = elements(root, "column").compactMap { column in
      column["name"].map { ValueMap.Column($0, allowsSeveral: flag(column["several"])) }
    }
    let qualifiers = elements(root, "qualifier").compactMap { $0["name"] }
    var defaults: [String: String] = [:]
    for element in elements(root, "default") {
      if let column = element["column"], let value = element["value"] { defaults[column] = value }
    }
    let rowElements = elements(root, "row")
    let rows = rowElements.map { row($0, columns.map(\.name), qualifiers, &diagnostics) }
    guard diagnostics.isEmpty else { return (nil, diagnostics) }
    do throws(ValueMapFaults) {
      return (try ValueMap(name: name, columns: columns, qualifiers: qualifiers, rows: rows, defaults: defaults), [])
    } catch {
      let found = error.faults.map { fault in
        let element = fault.row.map { rowElements[$0] } ?? root
        return document.diagnostic(
          MappingDiagnostic.Code(rawValue: fault.code.rawValue), fault.message, at: document.place(element), hint: fault.hint)
      }
      return (nil, found)
    }
  }

  private func elements(_ parent: XMLElement, _ name: String) -> [XMLElement] {
    parent.elements(XMLName(name, namespace: FileSchema.valueMapNamespace))
  }

  private func flag(_ text: String?) -> Bool { text == "true" || text == "1" }

  private func row(
    _ element: XMLElement, _ columns: [String], _ qualifiers: [String], _ diagnostics: inout [MappingDiagnostic]
  ) -> ValueMap.Row {
    var values = [String?](repeating: nil, count: columns.count)
    var conditions = [String?](repeating: nil, count: qualifiers.count)
    for (name, attribute, names, isValue) in [("value", XMLName("column"), columns, true), ("where", "qualifier", qualifiers, false)] {
      for child in elements(element, name) {
        guard let wanted = document.text(child, attribute) else { continue }
        guard let place = names.firstIndex(of: wanted.text) else {
          diagnostics.append(
            document.diagnostic(
              .init(rawValue: "TABLE_UNKNOWN_COLUMN"), "there is no \(attribute.local) '\(wanted.text)'", at: wanted.place,
              hint: "there are: \(names.joined(separator: ", "))"))
          continue
        }
        if (isValue ? values : conditions)[place] != nil {
          diagnostics.append(
            document.diagnostic(
              .init(rawValue: "TABLE_DUPLICATE_VALUE"), "the row has two values for '\(wanted.text)'", at: wanted.place,
              hint: "write a row for each"))
        }
        if isValue { values[place] = child.text } else { conditions[place] = child.text }
      }
    }
    return ValueMap.Row(
      values, qualifiers: conditions, validFrom: day(element, "valid-from", &diagnostics), validTo: day(element, "valid-to", &diagnostics),
      isPreferred: flag(element["preferred"]), line: element.position.line)
  }

  private func day(_ element: XMLElement, _ attribute: XMLName, _ diagnostics: inout [MappingDiagnostic]) -> CalendarDay? {
    guard let text = document.text(element, attribute) else { return nil }
    if let day = CalendarDay(text.text) { return day }
    diagnostics.append(
      document.diagnostic(
        .init(rawValue: "TABLE_VALIDITY"), "'\(text.text)' is no day", at: text.place, hint: "a day is written 2026-03-31"))
    return nil
  }
}
