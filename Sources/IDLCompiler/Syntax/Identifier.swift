/// A name where it is declared. A class, since a trailing comment may still arrive after the declaration was read.
final class Identifier {
  let text: String
  let location: SourceLocation
  var documentation: [String]

  init(text: String, location: SourceLocation, documentation: [String] = []) {
    self.text = text
    self.location = location
    self.documentation = documentation
  }
}

/// A use of a name: `Sku`, `Contracts::Sku` or `::Contracts::Sku`.
struct ScopedNameSyntax {
  struct Part {
    let text: String
    let location: SourceLocation
  }

  let isAbsolute: Bool
  /// Never empty.
  let parts: [Part]

  var location: SourceLocation { parts[0].location }
  var text: String { (isAbsolute ? "::" : "") + parts.map(\.text).joined(separator: "::") }
}
