public import XMLStream

/// The schemas of the files that this target reads, compiled once.
enum FileSchema {
  static let mappingNamespace = "urn:tessera:mapping:1"
  static let valueMapNamespace = "urn:tessera:value-map:1"

  static let mapping = compile("mapping.xsd", EmbeddedSchemas.mapping)
  static let valueMap = compile("value-map.xsd", EmbeddedSchemas.valueMap)
  static let dialect = compile("dialect.xsd", EmbeddedSchemas.dialect)

  private static func compile(_ name: String, _ text: String) -> SchemaSet {
    do {
      return try SchemaSet([SchemaDocument(name: name, bytes: Array(text.utf8))], main: name)
    } catch {
      // The text is part of the program, and tests compile it.
      fatalError("\(name): \(error)")
    }
  }
}

/// The schema of the descriptions of dialects.
public enum DialectSchema {
  /// Everything in which the octets of a file break it.
  public static func check(_ bytes: [UInt8], file: String) -> [XMLIssue] {
    let issues = FileSchema.dialect.validate(bytes, file: file).issues
    if issues.isEmpty { return issues }
    let root = try? XMLDocument(parsing: bytes, file: file).root
    return issues.map { SchemaHints.completing($0, in: root, schema: EmbeddedSchemas.dialect) }
  }
}
