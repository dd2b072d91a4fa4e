public import CDR
import Foundation
import MappingFiles
public import XMLStream

/// A description of a dialect: an XML file that says how its documents are recognised, which samples show their shape, and which schema
/// checks them. Integrators write one; no code belongs to it.
///
/// Its schema is Schemas/dialect.xsd.
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
  /// Octets of a description.
  private static let greatestFile = 1 << 20
  /// Bounds of samples, which people register.
  static let sampleLimits = XMLLimits(documentBytes: 4 << 20, depth: 128)

  /// Reads a description with everything that it names, relative to its own folder.
  ///
  /// - Parameters:
  ///   - compilesSchemas: whether documents will be checked, rather than their types be known alone.
  ///   - schemaFolders: where a schema is looked for that the dialect's own folder does not have.
  /// - Throws: ``DialectFault`` with all that is wrong.
  public init(path: String, compilesSchemas: Bool, schemaFolders: [String] = []) throws {
    let folder = Self.folder(of: path)
    let octets = try Self.octets(of: path)
    let root = try DialectFault.reading(path) { () throws(XMLIssues) in try XMLDocument(parsing: octets, file: path) }.root
    guard root.name == XMLName("dialect", namespace: Self.namespace) else {
      throw DialectFault([
        root.issue(.notWellFormed, "a dialect is described by <dialect xmlns=\"\(Self.namespace)\" name=\"…\">", file: path)
      ])
    }
    let breaches = DialectSchema.check(octets, file: path)
    guard breaches.isEmpty, let name = root["name"] else { throw DialectFault(breaches) }
    self.name = name
    answering = root["protocol"] ?? "receipt"
    let schemaFolder = root.element(XMLName("schemas", namespace: Self.namespace))?["folder"].map { Self.join(folder, $0) } ?? folder
    var faults: [XMLIssue] = []
    var documents: [(kind: DocumentKind, envelope: RecordType)] = []
    for element in root.elements(XMLName("document", namespace: Self.namespace)) {
      do {
        let reader = DialectDocument(
          element: element, dialect: name, folder: folder, schemaFolders: compilesSchemas ? [schemaFolder] + schemaFolders : [],
          file: path)
        let found = try reader.read()
        if let other = documents.first(where: { $0.kind.isRecognisedAs(found.kind) }) {
          faults.append(
            element.issue(
              .notWellFormed, "a document with this root is a \(other.kind.type) already, and nothing tells them apart", file: path,
              hint: "name an attribute of the root with where=, or give one document several <items>"))
        }
        for type in found.kind.items.map(\.type) where documents.contains(where: { $0.kind.items.contains { $0.type == type } }) {
          faults.append(element.issue(.notWellFormed, "there are items of the type \(type) already", file: path))
        }
        documents.append(found)
      } catch let fault as DialectFault {
        faults += fault.issues
      }
    }
    guard faults.isEmpty else { throw DialectFault(faults) }
    self.documents = documents
  }

  /// The octets of a description; a longer one is none.
  private static func octets(of path: String) throws -> [UInt8] {
    do throws(RegularFile.Failure) { return try RegularFile.octets(of: path, limit: greatestFile) } catch {
      throw DialectFault([XMLIssue(.fileUnreadable, "the description of the dialect cannot be read: \(error)", file: path)])
    }
  }

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
