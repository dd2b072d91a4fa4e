import Foundation
public import XMLStream

/// A folder of schemas, of which one document is compiled with all that it refers to.
public struct SchemaFolder {
  private let path: String

  /// Names the folder.
  public init(_ path: String) { self.path = path }

  /// Compiles a document; what it includes and imports is found by relative paths inside of the folder.
  ///
  /// - Parameter examine: is given what the schemas say of single elements.
  /// - Throws: everything that is wrong with the schemas.
  public func compile(_ main: String, examine: ((SchemaTypes) -> Void)? = nil) throws(XMLIssues) -> SchemaSet {
    var documents: [String: SchemaDocument] = [:]
    var open = [main]
    while let name = open.popLast() {
      if documents[name] != nil { continue }
      let file = "\(path)/\(name)"
      let octets: [UInt8]
      do throws(RegularFile.Failure) { octets = try RegularFile.octets(of: file, limit: XMLLimits().documentBytes) } catch {
        throw XMLIssues([XMLIssue(.fileUnreadable, "The schema '\(name)' cannot be read: \(error).", file: file)])
      }
      let document = SchemaDocument(name: name, bytes: octets)
      documents[name] = document
      open += Self.references(of: document).compactMap { Self.resolve($0, from: name) }
    }
    return try SchemaSet(documents.values.sorted { $0.name < $1.name }, main: main, examine: examine)
  }

  /// The locations of what a schema includes, imports or redefines; one that cannot be read has none, and is told of when compiled.
  private static func references(of document: SchemaDocument) -> [String] {
    let limits = XMLLimits(depth: 256)
    var references: [String] = []
    guard let reader = try? XMLReader(bytes: document.bytes, file: document.name, limits: limits) else { return [] }
    do {
      while let event = try reader.next() {
        guard case .startElement(let tag) = event, ["include", "import", "redefine"].contains(tag.name.local) else { continue }
        if let location = tag.attributes.first(where: { $0.name == "schemaLocation" })?.value { references.append(location) }
      }
    } catch {
      return references
    }
    return references
  }

  /// A relative location inside of the folder; nil for an absolute one or one that leads out.
  private static func resolve(_ location: String, from name: String) -> String? {
    if location.contains("://") || location.hasPrefix("/") { return nil }
    var steps = name.split(separator: "/").dropLast().map(String.init)
    for step in location.split(separator: "/") {
      if step == "." { continue }
      if step == ".." {
        if steps.popLast() == nil { return nil }
      } else {
        steps.append(String(step))
      }
    }
    return steps.joined(separator: "/")
  }
}
