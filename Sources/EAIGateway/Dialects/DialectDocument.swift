import CDR
import Foundation
import MappingFiles
import XMLStream

/// Reads a `<document>` of the description of a dialect.
struct DialectDocument {
  let element: XMLElement
  let dialect: String
  let folder: String
  /// Where schemas are looked for, in this order; empty where none is compiled.
  let schemaFolders: [String]
  let file: String

  private func fault(_ element: XMLElement, _ message: String, hint: String = "") -> DialectFault {
    DialectFault([element.issue(.notWellFormed, message, file: file, hint: hint)])
  }

  /// - Throws: ``DialectFault``.
  func read() throws -> (kind: DocumentKind, envelope: RecordType) {
    guard let type = element["type"], let root = element["root"] else {
      throw fault(element, "a document needs the attributes type and root")
    }
    let samples = try self.samples(root: root)
    let declared = try declaredItems(type)
    for (index, one) in declared.enumerated() {
      for other in declared[..<index] where one.path.starts(with: other.path) || other.path.starts(with: one.path) {
        throw fault(
          one.element, "items at \(Self.text(one.path)) would stand within those at \(Self.text(other.path)), or be the same",
          hint: "give the outer items one emit for-each of the inner ones")
      }
      if declared[..<index].contains(where: { $0.type == one.type }) { throw fault(one.element, "the items \(one.type) stand there twice") }
    }
    let around = DocumentShape.envelopeType(type, dialect: dialect, roots: samples, itemPaths: declared.map(\.path))
    let items = try declared.map { one in
      let found = samples.flatMap { root in
        one.path.reduce([root]) { parents, step in parents.flatMap { $0.elements.filter { $0.name.local == step } } }
      }
      if found.isEmpty {
        throw fault(
          one.element, "no sample has an item at \(Self.text(one.path))",
          hint: "the path leads from the root element, which it does not name, to the items")
      }
      return ItemKind(
        type: one.type, path: one.path, keyPath: Self.steps(one.element["key"] ?? ""),
        recordType: DocumentShape.recordType(one.type, dialect: dialect, items: found, around: one.path.isEmpty ? nil : around))
    }
    let rootName = XMLName(root, namespace: element["namespace"])
    var schemas: SchemaSet?
    var whiteSpace = DocumentWhiteSpace()
    if let own = schemaFolders.first, let main = element["schema"] {
      let schemaFolder = schemaFolders.first { FileManager.default.fileExists(atPath: "\($0)/\(main)") } ?? own
      schemas = try DialectFault.compiling { () throws(XMLIssues) in
        try SchemaFolder(schemaFolder).compile(main) { types in
          whiteSpace = DocumentWhiteSpace(types, root: rootName, items: items, head: around)
        }
      }
    }
    let kind = DocumentKind(
      dialect: dialect, type: type, root: rootName, conditions: try conditions(), items: items,
      messagePath: Self.steps(element["message"] ?? ""), senderPath: Self.steps(element["sender"] ?? ""), answers: element["answers"],
      asks: element["asks"], schemas: schemas, whiteSpace: whiteSpace)
    return (kind, around)
  }

  private func samples(root: String) throws -> [XMLElement] {
    var samples: [XMLElement] = []
    for sample in element.elements(XMLName("sample", namespace: DialectFile.namespace)) {
      guard let name = sample["file"] else { continue }
      let path = DialectFile.join(folder, name)
      let document = try DialectFault.reading(path) { () throws(XMLIssues) in
        try XMLDocument(path: path, limits: DialectFile.sampleLimits)
      }
      guard document.root.name.local == root else {
        throw fault(sample, "the root of \(name) is \(document.root.name.local), and that of the document \(root)")
      }
      samples.append(document.root)
    }
    guard !samples.isEmpty else { throw fault(element, "a document needs a <sample file=\"…\"/> that shows its shape") }
    return samples
  }

  /// Its kinds of items: those of its `<items>`, else the one that it names itself.
  private func declaredItems(_ type: String) throws -> [(element: XMLElement, type: String, path: [String])] {
    let several = element.elements(XMLName("items", namespace: DialectFile.namespace))
    if let path = element["items"] {
      guard several.isEmpty else {
        throw fault(element, "the document names its items both by an attribute and by elements", hint: "use <items> alone")
      }
      return [(element, type, Self.steps(path))]
    }
    guard !several.isEmpty else {
      throw fault(element, "a document says where its items stand", hint: "items=\"Line\", items=\".\" for the whole document, or <items>")
    }
    if element["key"] != nil { throw fault(element, "key= is of items, and each of the <items> has its own") }
    return try several.map { one in
      guard let type = one["type"], let path = one["path"] else { throw fault(one, "items need the attributes type and path") }
      return (one, type, Self.steps(path))
    }
  }

  private func conditions() throws -> [(attribute: String, value: String)] {
    try (element["where"] ?? "").split(separator: " ").map { condition in
      let parts = condition.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { throw fault(element, "where=\"\(condition)\" is no attribute=value") }
      return (String(parts[0]), String(parts[1]))
    }
  }

  private static func text(_ path: [String]) -> String { path.isEmpty ? "." : path.joined(separator: "/") }

  /// The steps of a path; none for `.`, the document itself.
  private static func steps(_ path: String) -> [String] { path == "." ? [] : path.split(separator: "/").map(String.init) }
}

extension DocumentKind {
  /// Whether every root of the one is a root of the other, and both say as much of it.
  func isRecognisedAs(_ other: DocumentKind) -> Bool {
    func said(_ kind: DocumentKind) -> Set<String> { Set(kind.conditions.map { "\($0.attribute)=\($0.value.lowercased())" }) }
    return root == other.root && said(self) == said(other)
  }
}
