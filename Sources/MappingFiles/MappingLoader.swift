import Identity
import Mapping
import XMLStream

/// Puts a set together file by file.
struct MappingLoader {
  let types: DialectRegistry
  private(set) var diagnostics: [MappingDiagnostic] = []

  private struct Read {
    let document: MappingDocument
    let content: MappingFileContent
    let faultyLines: Set<Int>
    let isAdded: Bool
  }

  private var mappings: [Read] = []
  private var valueMaps: [ValueMap] = []
  private var valueMapFiles: [String: (file: String, hash: String)] = [:]
  private var setAside: [MappingFileSetAside] = []
  /// A value map that is wrong is not missing: mappings are then not checked against value maps, and those that need it not used.
  private var hasFaultyValueMap = false
  /// Value maps of added files that have the name of another, and were not read: added mappings mean them.
  private var shadowedValueMaps: Set<String> = []
  /// Those beside the files that ship.
  private var addedFiles: Set<String> = []
  private var leavingOut: [MappingLeftOut]
  private var leftOut: Set<MappingLeftOut> = []

  init(types: DialectRegistry, leavingOut: [MappingLeftOut] = []) {
    self.types = types
    self.leavingOut = leavingOut
  }

  /// Sets a file aside that cannot be read at all.
  mutating func setAside(_ file: String, _ diagnostic: MappingDiagnostic) {
    diagnostics.append(diagnostic)
    hasFaultyValueMap = true
    setAside.append(MappingFileSetAside(file, diagnostic, isAdded: true))
  }

  /// - Parameter isAdded: whether the file stands beside those that ship.
  mutating func read(_ bytes: [UInt8], file: String, isAdded: Bool) {
    if isAdded { addedFiles.insert(file) }
    let (document, issues) = MappingDocument.reading(bytes, file: file)
    if let root = document?.root, !isAdded, isLeftOut(root) { return }
    diagnostics += issues
    guard let document else {
      let claim = MappingClaim(rootOf: bytes, file: file)
      // It may have been one.
      hasFaultyValueMap = hasFaultyValueMap || claim == nil
      if let issue = issues.first { setAside.append(MappingFileSetAside(file, issue, isAdded: isAdded, claim)) }
      return
    }
    if document.root.name.local == "value-map" {
      readValueMap(document, issues, MappingSet.contentHash(bytes), isAdded)
    } else if let content = MappingFileReader(document: document).read(contentHash: MappingSet.contentHash(bytes)) {
      if let issue = issues.first { setAside.append(MappingFileSetAside(file, issue, isAdded: isAdded, MappingClaim(content.definition))) }
      mappings.append(Read(document: document, content: content, faultyLines: Set(issues.map(\.place.line)), isAdded: isAdded))
    } else if let issue = issues.first {
      setAside.append(MappingFileSetAside(file, issue, isAdded: isAdded, MappingClaim(rootOf: bytes, file: file)))
    }
  }

  private mutating func isLeftOut(_ root: XMLElement) -> Bool {
    let matching = leavingOut.filter { $0.kind.rawValue == root.name.local && $0.name == root["name"] }
    leftOut.formUnion(matching)
    return !matching.isEmpty
  }

  private mutating func readValueMap(_ document: MappingDocument, _ issues: [MappingDiagnostic], _ hash: String, _ isAdded: Bool) {
    var found = issues
    var map: ValueMap?
    if issues.isEmpty {
      (map, found) = ValueMapReader(document: document).read()
      diagnostics += found
    }
    guard let map else {
      hasFaultyValueMap = true
      if let fault = found.first { setAside.append(MappingFileSetAside(document.file, fault, isAdded: isAdded)) }
      return
    }
    if let other = valueMapFiles[map.name] {
      if duplicate("value map", map.name, other, hash, document.text(document.root, "name"), document, isAdded) {
        shadowedValueMaps.insert(map.name)
      }
      return
    }
    valueMapFiles[map.name] = (document.file, hash)
    valueMaps.append(map)
  }

  /// Tells of two files of one name: of one that says the same twice, too, but then nothing is wrong.
  ///
  /// - Returns: whether the two differ.
  private mutating func duplicate(
    _ what: String, _ name: String, _ other: (file: String, hash: String), _ hash: String, _ text: SourceText?,
    _ document: MappingDocument, _ isAdded: Bool, _ claim: MappingClaim? = nil
  ) -> Bool {
    let place = text?.place ?? document.place(document.root)
    if other.hash == hash {
      diagnostics.append(
        MappingDiagnostic(
          .duplicateName, "the \(what) '\(name)' stands there twice, with the same octets: \(other.file)", at: place,
          hint: "one of the files can go", severity: .warning))
      return false
    }
    let diagnostic = twofold(
      "there is a \(what) '\(name)' already: \(other.file)", other.file, document, place,
      hint: "give it a name of its own if it is for something else")
    diagnostics.append(diagnostic)
    setAside.append(MappingFileSetAside(document.file, diagnostic, isAdded: isAdded, claim))
    return true
  }

  /// Tells of a file that would do what another does, and does it otherwise.
  private func twofold(
    _ message: String, _ other: String, _ document: MappingDocument, _ place: SourcePlace, hint: String
  ) -> MappingDiagnostic {
    let isValueMap = document.root.name.local == "value-map"
    let remedy =
      addedFiles.contains(document.file) && !addedFiles.contains(other)
      ? "leave the one that ships out with <leave-out> in broker.xml, or take this file away" : "take one of the two files away"
    return document.diagnostic(
      .duplicateName,
      "\(message), and the two differ: \(isValueMap ? "that one counts, and mappings of yours that need it are not used" : "what this one maps is refused, since nobody could tell which of the two is meant")",
      at: place, hint: "\(remedy); \(hint)")
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
    var names: [String: (file: String, hash: String)] = [:]
    var purposes: [String: String] = [:]
    for read in mappings {
      let (document, definition) = (read.document, read.content.definition)
      let (name, claim) = (definition.name, MappingClaim(definition))
      if let other = names[name.text] {
        _ = duplicate("mapping", name.text, other, definition.contentHash, name, document, read.isAdded, claim)
        continue
      }
      names[name.text] = (document.file, definition.contentHash)
      let (plan, found) = check(read, maps)
      diagnostics += found
      guard let plan, read.faultyLines.isEmpty else {
        if read.faultyLines.isEmpty, let fault = found.first(where: { $0.severity == .error }) {
          setAside.append(MappingFileSetAside(document.file, fault, isAdded: read.isAdded, claim))
        }
        continue
      }
      if let table = plan.tableNames.first(where: { isUnusable($0, maps, read.isAdded) }) {
        let fault = document.diagnostic(
          .unknownTable, "the value map '\(table)', which the mapping needs, is not usable", at: document.place(document.root))
        setAside.append(MappingFileSetAside(document.file, fault, isAdded: read.isAdded, claim))
        continue
      }
      let purpose = ([plan.sourceTypeName, plan.system ?? "", plan.systemType ?? ""] + plan.targetTypeNames).joined(separator: "|")
      if let other = purposes[purpose] {
        let file = names[other]?.file ?? ""
        let fault = twofold(
          "the mapping '\(other)' maps the same types for the same systems: \(file)", file, document, document.place(document.root),
          hint: "say with system= or system-type= for which systems it is if it is for others")
        diagnostics.append(fault)
        setAside.append(MappingFileSetAside(document.file, fault, isAdded: read.isAdded, claim))
        continue
      }
      purposes[purpose] = name.text
      entries.append(
        MappingSet.Entry(
          plan: plan, file: document.file, csv: definition.csv, columns: definition.columns, tests: read.content.tests))
    }
    for one in leavingOut where !leftOut.contains(one) {
      diagnostics.append(
        MappingDiagnostic(
          .unknownTable, "no \(one.kind.rawValue) '\(one.name)' ships, so that none is left out", at: one.place, severity: .warning))
    }
    return MappingSet(
      mappings: entries, valueMaps: maps, valueMapFiles: valueMapFiles.mapValues(\.file), setAside: setAside, types: types)
  }

  /// The plan of a mapping, and what is wrong with it, in the order of its places.
  private mutating func check(_ read: Read, _ maps: ValueMapSet) -> (plan: MappingPlan?, found: [MappingDiagnostic]) {
    let types = types(for: read.content.definition, read.document)
    let (plan, found) = MappingPlan.checking(read.content.definition, types: types, valueMaps: hasFaultyValueMap ? nil : maps)
    // What the schema said of a line is not said again in other words, nor what follows from it.
    let isRead = read.faultyLines.isEmpty
    let new = found.filter { isRead || (!read.faultyLines.contains($0.place.line) && $0.code != .missingField) }
    let shown = new.sorted { $0.place < $1.place }.map { diagnostic in
      var shown = diagnostic
      shown.excerpt = read.document.lines.excerpt(at: diagnostic.place)
      return shown
    }
    return (plan, shown)
  }

  /// Whether a mapping that needs the value map cannot do its work, or would do it with another than it means.
  private func isUnusable(_ table: String, _ maps: ValueMapSet, _ isAdded: Bool) -> Bool {
    isAdded && shadowedValueMaps.contains(table) || hasFaultyValueMap && valueMapFiles[table] == nil
  }
}
