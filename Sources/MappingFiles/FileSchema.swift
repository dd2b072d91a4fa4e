import XMLStream

/// The schemas of the files that this target reads, compiled once.
enum FileSchema {
  static let mappingNamespace = "urn:tessera:mapping:1"
  static let valueMapNamespace = "urn:tessera:value-map:1"

  static let mapping = compile("mapping.xsd", EmbeddedSchemas.mapping)
  static let valueMap = compile("value-map.xsd", EmbeddedSchemas.valueMap)

  private static func compile(_ name: String, _ text: String) -> SchemaSet {
    do {
      return try SchemaSet([SchemaDocument(name: name, bytes: Array(text.utf8))], main: name)
    } catch {
      // The text is part of the program, and tests compile it.
      fatalError("\(name): \(error)")
    }
  }
}
