import Foundation
import Testing

@testable import MappingFiles

/// Schemas/ and the schemas that are part of the program are the same.
///
/// After a change of Schemas/: `TESSERA_REGENERATE=1 swift test --filter SchemaFileTests`.
@Suite struct SchemaFileTests {
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

  private static func schema(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: repository.appending(path: "Schemas/\(name)")), as: UTF8.self)
  }

  private static func literal(_ name: String, _ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
    return "  static let \(name) = #\"\"\"\n\(lines.joined(separator: "\n"))\n    \"\"\"#\n"
  }

  @Test func theProgramHasTheSchemasOfTheFiles() throws {
    let (mapping, valueMap) = (try Self.schema("mapping.xsd"), try Self.schema("value-map.xsd"))
    let dialect = try Self.schema("dialect.xsd")
    if ProcessInfo.processInfo.environment["TESSERA_REGENERATE"] != nil {
      let text = """
        /// The schemas of Schemas/, as part of the program: `mapping check` needs no files beside the program.
        ///
        /// Made of those files: `TESSERA_REGENERATE=1 swift test --filter SchemaFileTests`.
        enum EmbeddedSchemas {
        \(Self.literal("mapping", mapping))
        \(Self.literal("valueMap", valueMap))}

        """
      try Data(text.utf8).write(to: Self.repository.appending(path: "Sources/MappingFiles/EmbeddedSchemas.swift"))
      let added = "/// As ``EmbeddedSchemas`` has the others.\nextension EmbeddedSchemas {\n\(Self.literal("dialect", dialect))}\n"
      try Data(added.utf8).write(to: Self.repository.appending(path: "Sources/MappingFiles/EmbeddedDialectSchema.swift"))
    }
    #expect(EmbeddedSchemas.mapping == mapping)
    #expect(EmbeddedSchemas.valueMap == valueMap)
    #expect(EmbeddedSchemas.dialect == dialect)
  }
}
