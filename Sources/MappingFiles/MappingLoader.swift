import Identity
import Mapping
import XMLStream

/// Puts a set together file by file.
struct MappingLoader {
  let types: DialectRegistry
  private(set) var diagnostics: [MappingDiagnostic] = []

  private var mappings: [(document: MappingDocument, content: MappingFileContent, faultyLines: Set<Int>)] = []
  private var valueMaps: [ValueMap] = []
  private var valueMapFiles: [String: String] = [:]
  /// A value map that is wrong is not missing: mappings are then not checked against value maps.
  private var hasFaultyValueMap = false

  init(types: DialectRegistry) { self.types = types }

  mutating func read(_ bytes: [UInt8], file: String) {
    let (document, issues) = MappingDocument.reading(bytes, file: file)
    diagnostics += issues
    guard let document else {
      // It may have been one.
      hasFaultyValueMap = true
      return
    }
    if document.root.name.local == "value-map" {
      readValueMap(document, isValid: issues.isEmpty)
    } else if let content = MappingFileReader(document: document).read(contentHash: MappingSet.contentHash(bytes)) {
      mappings.append((document, content, Set(issues.map(\.place.line))))
    }
  }

  private mutating func readValueMap(_ document: MappingDocument, isValid: Bool) {
    guard isValid else {
      hasFaultyValueMap = true
      return
    }
    let (map, found) = ValueMapReader(document: document).read()
    diagnostics += found
    guard let map else {
      hasFaultyValueMap = true
      return
    }
    if let other = valueMapFiles[map.name] {
      duplicate("value map", map.name, other, document.text(document.root, "name"), document)
      return
    }
    valueMapFiles[map.name] = document.file
    valueMaps.append(map)
  }

  private mutating func duplicate(_ what: String, _ name: String, _ other: String, _ text: SourceText?, _ document: MappingDocument) {
    diagnostics.append(
      document.diagnostic(
        .duplicateName, "there is a \(what) '\(name)' already: \(other)", at: text?.place ?? document.place(document.root)))
  }

  /// The types, with that of the CSV files that the mapping reads: it has the columns that the mapping declares.
  private mutating func types(for definition: MappingDefinition, _ document: MappingDocument) -> DialectRegistry {
    let from = definition.from
    guard CSVRow.isTypeName(from.text) else {
      if let csv = definition.csv {
        diagnostics.append(
          document.diagnostic(
            .attributes, "<csv> says how CSV files are written, and '\(from.text)' is none", at: csv.place, hint: "write from=\"csv:…\""))
      }
      if let column = definition.columns.first {
        diagnostics.append(
          document.diagnostic(
            .attributes, "columns are those of CSV files, and '\(from.text)' is none", at: column.name.place,
            hint: "write from=\"csv:…\""))
      }
      return types
    }
    if definition.columns.isEmpty {
      diagnostics.append(
        document.diagnostic(
          .attributes, "the mapping declares no column of '\(from.text)'", at: from.place, hint: "write a <column name=\"…\"/> for each"))
    }
    for (index, column) in definition.columns.enumerated() {
      let earlier = definition.columns[..<index]
      if earlier.contains(where: { $0.name.text == column.name.text || $0.heading == column.heading }) {
        diagnostics.append(document.diagnostic(.duplicateField, "the column '\(column.heading)' stands there twice", at: column.name.place))
      }
    }
    var types = types
    let name = String(from.text.dropFirst(CSVRow.dialect.utf8.count + 1))
    types.register(CSVRow.type(named: name, columns: definition.columns.map(\.name.text)), dialect: CSVRow.dialect)
    return types
  }

  /// Checks the mappings, now that all value maps are known.
  mutating func finish() -> MappingSet {
    let maps = ValueMapSet(valueMaps)
    var entries: [MappingSet.Entry] = []
    var names: [String: String] = [:]
    var purposes: [String: String] = [:]
    for (document, content, faultyLines) in mappings {
      let name = content.definition.name
      if let other = names[name.text] {
        duplicate("mapping", name.text, other, name, document)
        continue
      }
      names[name.text] = document.file
      let (plan, found) = MappingPlan.checking(
        content.definition, types: self.types(for: content.definition, document), valueMaps: hasFaultyValueMap ? nil : maps)
      // What the schema said of a line is not said again in other words, nor what follows from it.
      let isRead = faultyLines.isEmpty
      let new = found.filter { isRead || (!faultyLines.contains($0.place.line) && $0.code != .missingField) }
      diagnostics += new.sorted { $0.place < $1.place }.map { diagnostic in
        var shown = diagnostic
        shown.excerpt = document.lines[diagnostic.place.line] ?? ""
        return shown
      }
      guard let plan, faultyLines.isEmpty else { continue }
      let purpose = ([plan.sourceTypeName, plan.system ?? "", plan.systemType ?? ""] + plan.targetTypeNames).joined(separator: "|")
      if let other = purposes[purpose] {
        diagnostics.append(
          document.diagnostic(
            .duplicateName, "the mapping '\(other)' maps the same types for the same systems", at: document.place(document.root),
            hint: "say with system= or system-type= for which systems it is"))
        continue
      }
      purposes[purpose] = name.text
      entries.append(
        MappingSet.Entry(
          plan: plan, file: document.file, csv: content.definition.csv, columns: content.definition.columns, tests: content.tests))
    }
    return MappingSet(mappings: entries, valueMaps: maps, valueMapFiles: valueMapFiles, types: types)
  }
}
