import CXML2

/// One document of a set of XML schemas.
public struct SchemaDocument: Sendable, Hashable {
  /// The name under which other documents include or import this one: a relative path such as `common/types.xsd`, which their
  /// `schemaLocation` is resolved to, or an absolute URI for a document that they name by one.
  public var name: String
  /// The schema, in UTF-8.
  public var bytes: [UInt8]

  /// Creates a document of a set.
  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// XML schemas (XSD 1.0) compiled once, to validate any number of documents on any number of threads.
///
/// Includes and imports are found among the registered documents and nowhere else: no file and no connection is opened.
@safe
public final class SchemaSet: Sendable {
  /// The document that the set was compiled from.
  public let main: String
  /// A compiled schema is only read while documents are validated, and freed with the set; each validation has a context of its own.
  private nonisolated(unsafe) let schema: xmlSchemaPtr

  /// Compiles a set of schemas.
  ///
  /// An internal subset in a schema document (the schema for XML signatures has one) is left out before the document is read.
  ///
  /// - Parameters:
  ///   - documents: All documents that the main one needs.
  ///   - main: The name of the document to begin with.
  ///   - examine: Is given what the schemas say of single elements, which is not kept: it is as large as the schemas.
  /// - Throws: Every fault found: documents that are not well-formed, references to documents that are not registered
  ///   (``XMLIssue/Code/schemaNotRegistered``), breaches of the rules for schemas (``XMLIssue/Code/schemaInvalid``).
  public init(
    _ documents: [SchemaDocument], main: String, examine: ((SchemaTypes) -> Void)? = nil
  ) throws(XMLIssues) {
    XMLLibrary.start()
    self.main = main
    let library = try SchemaLibrary(documents, main: main)
    unsafe schema = try library.compile()
    examine?(library.types)
  }

  deinit {
    unsafe xmlSchemaFree(schema)
  }

  /// Validates a document in memory.
  ///
  /// - Returns: Every fault in document order, up to the limit on issues: breaches of the schema, and the breach of well-formedness or
  ///   of a limit at which reading had to end. Empty for a valid document.
  public func validate(_ bytes: [UInt8], file: String, limits: XMLLimits = .init()) -> XMLIssues {
    do throws(XMLIssue) {
      let source = try XMLSource(bytes: bytes, file: file, limits: limits)
      return finish(XMLEngine(source, file: file, limits: limits, schemas: self, collectsNamespaceIssues: true))
    } catch {
      return XMLIssues([error])
    }
  }

  /// Validates a regular file; see ``validate(_:file:limits:)``.
  public func validate(path: String, limits: XMLLimits = .init()) -> XMLIssues {
    do throws(XMLIssue) {
      let source = try XMLSource(path: path, limits: limits)
      return finish(XMLEngine(source, file: path, limits: limits, schemas: self, collectsNamespaceIssues: true))
    } catch {
      return XMLIssues([error])
    }
  }

  private func finish(_ engine: XMLEngine) -> XMLIssues {
    let reader = XMLReader(engine)
    do throws(XMLIssue) {
      while try reader.next() != nil {}
      return XMLIssues(engine.issues, isTruncated: engine.isTruncated)
    } catch {
      return XMLIssues(engine.issues + [error], isTruncated: engine.isTruncated)
    }
  }

  func makeValidator(for engine: XMLEngine) -> SchemaValidator { unsafe SchemaValidator(schema, of: self, for: engine) }
}
