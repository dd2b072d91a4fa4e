public import Mapping
public import XMLStream

/// One file that was read: its tree, and its lines to point into.
struct MappingDocument {
  let file: String
  let root: XMLElement
  let lines: XMLSourceLines

  /// Reads a file and validates it against the schema that its root asks for.
  ///
  /// - Returns: The document, also where it breaks its schema, so that what else is wrong can be said at once; nil where it is not
  ///   well-formed or of no kind that is known. And everything that is wrong.
  static func reading(_ bytes: [UInt8], file: String) -> (document: MappingDocument?, diagnostics: [MappingDiagnostic]) {
    let lines = XMLSourceLines(bytes)
    let document: XMLDocument
    do throws(XMLIssues) {
      document = try XMLDocument(parsing: bytes, file: file)
    } catch {
      return (nil, error.issues.map { MappingDiagnostic($0, lines) })
    }
    let (schema, text): (SchemaSet, String)
    switch (document.root.name.namespace, document.root.name.local) {
    case (FileSchema.mappingNamespace, "mapping"): (schema, text) = (FileSchema.mapping, EmbeddedSchemas.mapping)
    case (FileSchema.valueMapNamespace, "value-map"): (schema, text) = (FileSchema.valueMap, EmbeddedSchemas.valueMap)
    default:
      let diagnostic = MappingDiagnostic(
        .unknownDocument, "'\(document.root.name)' is neither a mapping nor a value map", at: place(document.root.position, file),
        hint: "the root is <mapping xmlns=\"\(FileSchema.mappingNamespace)\"> or <value-map xmlns=\"\(FileSchema.valueMapNamespace)\">",
        excerpt: lines.excerpt(at: place(document.root.position, file)))
      return (nil, [diagnostic])
    }
    let issues = schema.validate(bytes, file: file).issues.map { issue in
      MappingDiagnostic(SchemaHints.completing(issue, in: document.root, schema: text), lines)
    }
    return (MappingDocument(file: file, root: document.root, lines: lines), issues)
  }

  static func place(_ position: XMLPosition, _ file: String) -> SourcePlace {
    SourcePlace(file: file, line: position.line, column: position.column)
  }

  func place(_ element: XMLElement) -> SourcePlace { Self.place(element.position, file) }

  /// The value of an attribute, which knows its place; nil where the element has none.
  func text(_ element: XMLElement, _ name: XMLName) -> SourceText? {
    guard let attribute = element.attribute(name) else { return nil }
    let file = file
    return SourceText(attribute.value, at: Self.place(attribute.valuePosition, file)) { offset in
      Self.place(attribute.position(utf8Offset: offset), file)
    }
  }

  /// A diagnostic of this document.
  func diagnostic(
    _ code: MappingDiagnostic.Code, _ message: String, at place: SourcePlace, hint: String = ""
  ) -> MappingDiagnostic {
    MappingDiagnostic(code, message, at: place, hint: hint, excerpt: lines.excerpt(at: place))
  }
}

extension MappingDiagnostic {
  /// A fault that the XML parser or the schema found.
  init(_ issue: XMLIssue, _ lines: XMLSourceLines) {
    let place = SourcePlace(file: issue.file, line: issue.line, column: issue.column)
    self.init(Code(rawValue: issue.code.rawValue), issue.message, at: place, hint: issue.hint, excerpt: lines.excerpt(at: place))
  }
}

extension MappingDiagnostic.Code {
  /// The root of a file is of no kind that is known.
  public static let unknownDocument = Self(rawValue: "MAPPING_UNKNOWN_DOCUMENT")
  /// A file or folder cannot be read.
  public static let unreadable = Self(rawValue: "MAPPING_UNREADABLE")
  /// A document inside a test does not have the shape of its type.
  public static let testDocument = Self(rawValue: "MAPPING_TEST_DOCUMENT")
}

extension XMLSourceLines {
  /// The line of a place, cut around it.
  public func excerpt(at place: SourcePlace) -> SourceExcerpt? { SourceExcerpt(self[place.line], column: place.column) }
}
