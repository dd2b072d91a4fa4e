/// A whole document as a tree, for documents of the size of configuration.
public struct XMLDocument: Sendable {
  /// The root element.
  public let root: XMLElement
  /// The document's file or name, as it stands in issues.
  public let file: String

  /// Reads a document in memory and, if schemas are given, validates it in the same pass.
  ///
  /// - Throws: Every fault found, in document order: breaches of the rules for namespaces and of the schema, and the one breach of
  ///   well-formedness or of a limit at which reading had to end.
  public init(parsing bytes: [UInt8], file: String, limits: XMLLimits = .init(), schemas: SchemaSet? = nil) throws(XMLIssues) {
    let source: XMLSource
    do throws(XMLIssue) { source = try XMLSource(bytes: bytes, file: file, limits: limits) } catch { throw XMLIssues([error]) }
    try self.init(XMLEngine(source, file: file, limits: limits, schemas: schemas, collectsNamespaceIssues: true))
  }

  /// Reads a regular file, whose size is checked before it is read, and validates it if schemas are given.
  ///
  /// - Throws: As ``init(parsing:file:limits:schemas:)``, and ``XMLIssue/Code/fileUnreadable``.
  public init(path: String, limits: XMLLimits = .init(), schemas: SchemaSet? = nil) throws(XMLIssues) {
    let source: XMLSource
    do throws(XMLIssue) { source = try XMLSource(path: path, limits: limits) } catch { throw XMLIssues([error]) }
    try self.init(XMLEngine(source, file: path, limits: limits, schemas: schemas, collectsNamespaceIssues: true))
  }

  private init(_ engine: XMLEngine) throws(XMLIssues) {
    let reader = XMLReader(engine)
    var builder = TreeBuilder()
    do throws(XMLIssue) {
      while let event = try reader.next() { builder.take(event) }
    } catch {
      throw XMLIssues(engine.issues + [error], isTruncated: engine.isTruncated)
    }
    guard engine.issues.isEmpty, let root = builder.root else { throw XMLIssues(engine.issues, isTruncated: engine.isTruncated) }
    self.root = root
    file = engine.file
  }
}

/// Puts events together to a tree.
private struct TreeBuilder {
  private var open: [(tag: XMLStartTag, children: [XMLNode])] = []
  private(set) var root: XMLElement?

  mutating func take(_ event: XMLEvent) {
    switch event {
    case .startElement(let tag):
      open.append((tag, []))
    case .text(let text):
      open[open.count - 1].children.append(.text(text))
    case .endElement:
      let (tag, children) = open.removeLast()
      let element = XMLElement(
        tag.name, prefix: tag.prefix, attributes: tag.attributes, children: children, namespaces: tag.namespaces, position: tag.position,
        path: tag.path)
      if open.isEmpty { root = element } else { open[open.count - 1].children.append(.element(element)) }
    }
  }
}

/// The lines of a document's text, to show the line that an issue is about.
public struct XMLSourceLines: Sendable {
  private let lines: [Substring]

  /// Takes the document as it arrived; what cannot be decoded is left out.
  public init(_ bytes: [UInt8]) {
    var decoder = XMLDecoder()
    let text = String(decoding: decoder.decode(bytes, isLast: true).text, as: UTF8.self)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// A line, counted from 1, without its end; nil beyond the text.
  public subscript(_ number: Int) -> Substring? { lines.indices.contains(number - 1) ? lines[number - 1] : nil }

  /// The line of a position and below it a caret under its column; empty if the text has no such line.
  ///
  /// Long lines are cut around the caret to `width` characters.
  public func excerpt(at position: XMLPosition, width: Int = 120) -> String {
    guard let line = self[position.line] else { return "" }
    let count = line.unicodeScalars.count
    let column = min(max(position.column - 1, 0), count)
    let first = max(0, min(column - width / 2, count - width))
    let shown = line.unicodeScalars.dropFirst(first).prefix(width).map { $0.properties.generalCategory == .control ? " " : $0 }
    return String(String.UnicodeScalarView(shown)) + "\n" + String(repeating: " ", count: column - first) + "^"
  }
}
