import Identity
import Mapping
import XMLStream

/// A mapping file: its definition and the tests inside.
struct MappingFileContent {
  var definition: MappingDefinition
  var tests: [MappingTest]
}

/// Reads the tree of a mapping file. What lacks something that the schema demands is left out: the schema has said so.
struct MappingFileReader {
  let document: MappingDocument

  func read(contentHash: String) -> MappingFileContent? {
    let root = document.root
    guard let name = text(root, "name"), let from = text(root, "from") else { return nil }
    var definition = MappingDefinition(
      name: name, from: from, emits: elements(root, "emit").compactMap(emit), contentHash: contentHash, place: document.place(root))
    definition.system = text(root, "system")
    definition.systemType = text(root, "system-type")
    definition.holds = text(root, "holds")
    definition.missingAtMost = text(root, "missing-at-most")
    definition.csv = elements(root, "csv").first.map { element in
      MappingDefinition.CSVForm(separator: element["separator"], encoding: element["encoding"], place: document.place(element))
    }
    definition.columns = elements(root, "column").compactMap { element in
      text(element, "name").map { name in
        MappingDefinition.Column(
          name: name, heading: element["heading"] ?? name.text, isOptional: ["true", "1"].contains(element["optional"] ?? ""))
      }
    }
    return MappingFileContent(definition: definition, tests: elements(root, "test").compactMap(test))
  }

  private func text(_ element: XMLElement, _ attribute: XMLName) -> SourceText? { document.text(element, attribute) }

  private func elements(_ parent: XMLElement, _ name: String) -> [XMLElement] {
    parent.elements(XMLName(name, namespace: FileSchema.mappingNamespace))
  }

  private func emit(_ element: XMLElement) -> MappingDefinition.Emit? {
    guard let to = text(element, "to") else { return nil }
    var emit = MappingDefinition.Emit(
      to: to, when: text(element, "when"), identity: elements(element, "identity").first.flatMap(identity),
      instructions: instructions(element), requirements: elements(element, "require").compactMap(requirement),
      place: document.place(element), forEach: text(element, "for-each"), subject: text(element, "subject"))
    emit.absent = text(element, "absent")
    emit.takes = text(element, "takes")
    return emit
  }

  private func identity(_ element: XMLElement) -> MappingDefinition.Identity? {
    guard let entity = text(element, "entity"), let from = text(element, "from") else { return nil }
    return MappingDefinition.Identity(
      entity: entity, from: from, field: text(element, "field"), matches: elements(element, "match").compactMap(key),
      proposals: elements(element, "propose").compactMap(key), place: document.place(element))
  }

  private func key(_ element: XMLElement) -> MappingDefinition.Key? {
    guard let field = text(element, "field"), let from = text(element, "from") else { return nil }
    return MappingDefinition.Key(field: field, from: from)
  }

  private func requirement(_ element: XMLElement) -> MappingDefinition.Requirement? {
    guard let that = text(element, "that"), let otherwise = text(element, "else"), let code = text(element, "code") else { return nil }
    return MappingDefinition.Requirement(condition: that, otherwise: otherwise, code: code, place: document.place(element))
  }

  private func instructions(_ parent: XMLElement) -> [MappingDefinition.Instruction] {
    parent.elements.compactMap { element in
      guard element.name.namespace == FileSchema.mappingNamespace, let field = text(element, "field") else { return nil }
      switch element.name.local {
      case "set": return .set(assignment(element, field))
      case "for-each":
        guard let nodes = text(element, "in") else { return nil }
        return .forEach(
          MappingDefinition.ForEach(
            field: field, nodes: nodes, when: text(element, "when"), write: text(element, "write"), instructions: instructions(element),
            place: document.place(element)))
      default: return nil
      }
    }
  }

  private func assignment(_ element: XMLElement, _ field: SourceText) -> MappingDefinition.Assignment {
    var assignment = MappingDefinition.Assignment(
      field: field, from: text(element, "from"), value: text(element, "value"), place: document.place(element))
    assignment.table = text(element, "table")
    assignment.tableFrom = text(element, "table-from")
    assignment.tableTo = text(element, "table-to")
    assignment.idOf = text(element, "id-of")
    assignment.conversion = text(element, "as")
    assignment.scale = text(element, "scale")
    assignment.round = text(element, "round")
    assignment.when = text(element, "when")
    assignment.otherwise = text(element, "otherwise")
    assignment.unmapped = text(element, "unmapped")
    assignment.defaultValue = text(element, "default")
    assignment.write = text(element, "write")
    return assignment
  }

  private func test(_ element: XMLElement) -> MappingTest? {
    guard let name = element["name"], let given = elements(element, "given").first?.elements.first else { return nil }
    var test = MappingTest(name: name, place: document.place(element), time: text(element, "time"), given: given)
    for qualifier in elements(element, "qualifier") {
      if let name = qualifier["name"], let value = qualifier["value"] { test.qualifiers[name] = value }
    }
    test.expected = elements(element, "expect").first?.elements
    test.problems = elements(element, "expect-problem").compactMap { problem in
      problem["code"].map { MappingTest.ExpectedProblem(code: $0, field: problem["field"]) }
    }
    test.held = elements(element, "expect-held").compactMap { held in
      guard let table = held["table"], let value = held["value"] else { return nil }
      return MappingTest.ExpectedHold(table: table, value: value)
    }
    return test
  }
}
