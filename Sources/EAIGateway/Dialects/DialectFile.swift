public import CDR
import MappingFiles
public import XMLStream

/// A description of a dialect: an XML file that says how its documents are recognised, which samples show their shape, and which schema
/// checks them. Integrators write one; no code belongs to it.
///
///     <dialect xmlns="urn:tessera:dialect:1" name="ubl" protocol="receipt">
///       <schemas folder="../ubl-2.1/xsd"/>
///       <document type="CatalogueLine" root="Catalogue" namespace="urn:…:Catalogue-2" items="CatalogueLine" message="ID"
///                 key="Item/SellersItemIdentification/ID" schema="maindoc/UBL-Catalogue-2.1.xsd">
///         <sample file="samples/catalogue.xml"/>
///       </document>
///     </dialect>
public struct DialectFile: Sendable {
  /// The dialect's name.
  public let name: String
  /// The name of the protocol that answers.
  public let answering: String
  /// Its documents, with the types of what stands around their items.
  public let documents: [(kind: DocumentKind, envelope: RecordType)]

  static let namespace = "urn:tessera:dialect:1"
  /// Bounds of samples, which people register.
  static let sampleLimits = XMLLimits(documentBytes: 4 << 20, depth: 128)

  /// Reads a description with everything that it names, relative to its own folder.
  ///
  /// - Parameter compilesSchemas: whether documents will be checked, rather than their types be known alone.
  /// - Throws: ``DialectFault`` with all that is wrong.
  public init(path: String, compilesSchemas: Bool) throws {
    let folder = Self.folder(of: path)
    let document = try DialectFault.reading(path) { () throws(XMLIssues) in
      try XMLDocument(path: path, limits: XMLLimits(documentBytes: 1 << 20))
    }
    let root = document.root
    guard root.name == XMLName("dialect", namespace: Self.namespace), let name = root["name"], !name.isEmpty else {
      throw DialectFault([
        root.issue(.notWellFormed, "a dialect is described by <dialect xmlns=\"\(Self.namespace)\" name=\"…\">", file: path)
      ])
    }
    self.name = name
    answering = root["protocol"] ?? "receipt"
    let schemaFolder = root.element(XMLName("schemas", namespace: Self.namespace))?["folder"].map { Self.join(folder, $0) } ?? folder
    var faults: [XMLIssue] = []
    var documents: [(kind: DocumentKind, envelope: RecordType)] = []
    for element in root.elements(XMLName("document", namespace: Self.namespace)) {
      do {
        documents.append(
          try Self.document(element, dialect: name, folder: folder, schemaFolder: compilesSchemas ? schemaFolder : nil, file: path))
      } catch let fault as DialectFault {
        faults += fault.issues
      }
    }
    guard faults.isEmpty else { throw DialectFault(faults) }
    self.documents = documents
  }

  private static func document(_ element: XMLElement, dialect: String, folder: String, schemaFolder: String?, file: String) throws -> (
    kind: DocumentKind, envelope: RecordType
  ) {
    func required(_ attribute: String) throws -> String {
      guard let value = element[XMLName(attribute)], !value.isEmpty else {
        throw DialectFault([element.issue(.notWellFormed, "a document needs the attribute \(attribute)", file: file)])
      }
      return value
    }
    let (type, root, items) = (try required("type"), try required("root"), steps(try required("items")))
    var samples: [XMLElement] = []
    for sample in element.elements(XMLName("sample", namespace: namespace)) {
      guard let name = sample["file"] else { continue }
      let path = join(folder, name)
      samples.append(
        try DialectFault.reading(path) { () throws(XMLIssues) in try XMLDocument(path: path, limits: sampleLimits) }.root)
    }
    guard !samples.isEmpty else {
      throw DialectFault([element.issue(.notWellFormed, "a document needs a <sample file=\"…\"/> that shows its shape", file: file)])
    }
    let found = samples.flatMap { root in
      items.reduce([root]) { parents, step in parents.flatMap { $0.elements.filter { $0.name.local == step } } }
    }
    let recordType = DocumentShape.recordType(type, dialect: dialect, items: found, roots: samples, itemPath: items)
    guard case .optional(.record(let envelope))? = recordType.fields.first?.type else {
      preconditionFailure("a document's type has an envelope")
    }
    var schemas: SchemaSet?
    if let schemaFolder, let main = element["schema"] {
      schemas = try DialectFault.compiling { () throws(XMLIssues) in try SchemaFolder(schemaFolder).compile(main) }
    }
    let conditions = (element["where"] ?? "").split(separator: " ").compactMap { condition -> (attribute: String, value: String)? in
      let parts = condition.split(separator: "=", maxSplits: 1)
      return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }
    let kind = DocumentKind(
      dialect: dialect, type: type, root: XMLName(root, namespace: element["namespace"]), conditions: conditions, itemPath: items,
      messagePath: steps(element["message"] ?? ""), senderPath: steps(element["sender"] ?? ""), keyPath: steps(element["key"] ?? ""),
      recordType: recordType, answers: element["answers"], asks: element["asks"], schemas: schemas)
    return (kind, envelope)
  }

  private static func steps(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

  static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  static func join(_ folder: String, _ path: String) -> String { path.hasPrefix("/") ? path : "\(folder)/\(path)" }
}

/// What is wrong with the description of a dialect, or with the schemas and samples that it names.
public struct DialectFault: Error, Sendable, CustomStringConvertible {
  /// All of it, with places.
  public var issues: [XMLIssue]

  init(_ issues: [XMLIssue]) { self.issues = issues }

  public var description: String { issues.map(\.description).joined(separator: "\n") }

  static func reading<Result>(_ path: String, _ body: () throws(XMLIssues) -> Result) throws -> Result {
    do { return try body() } catch { throw DialectFault(error.issues) }
  }

  static func compiling<Result>(_ body: () throws(XMLIssues) -> Result) throws -> Result {
    do { return try body() } catch { throw DialectFault(error.issues) }
  }
}
