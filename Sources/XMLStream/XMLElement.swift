/// An element with all that it holds: immutable, and shared rather than copied.
///
/// For documents of the size of configuration; see ``XMLReader`` for those that may be large.
public final class XMLElement: Sendable {
  /// The expanded name.
  public let name: XMLName
  /// The prefix as written, nil for none.
  public let prefix: String?
  /// The attributes in document order, without the namespace declarations.
  public let attributes: [XMLAttribute]
  /// Elements and runs of text in document order.
  public let children: [XMLNode]
  /// The namespaces in scope, for names that stand in values.
  public let namespaces: XMLNamespaces
  /// The place of `<`.
  public let position: XMLPosition
  /// The way from the root.
  public let path: XMLPath

  /// Creates an element, by default one that stands in no document.
  public init(
    _ name: XMLName, prefix: String? = nil, attributes: [XMLAttribute] = [], children: [XMLNode] = [], namespaces: XMLNamespaces = .none,
    position: XMLPosition = .unknown, path: XMLPath? = nil
  ) {
    self.name = name
    self.prefix = prefix
    self.attributes = attributes
    self.children = children
    self.namespaces = namespaces
    self.position = position
    self.path = path ?? XMLPath(prefix.map { "\($0):\(name.local)" } ?? name.local)
  }

  /// The name as written, with its prefix.
  public var qualifiedName: String { prefix.map { "\($0):\(name.local)" } ?? name.local }

  /// The child elements.
  public var elements: [XMLElement] { children.compactMap(\.element) }

  /// The child elements of a name.
  public func elements(_ name: XMLName) -> [XMLElement] { elements.filter { $0.name == name } }

  /// The first child element of a name.
  public func element(_ name: XMLName) -> XMLElement? { elements.first { $0.name == name } }

  /// The element's own text: all its runs joined, those of its children left out.
  public var text: String { children.compactMap(\.text?.value).joined() }

  /// The attribute of a name; a literal names one without a namespace.
  public func attribute(_ name: XMLName) -> XMLAttribute? { attributes.first { $0.name == name } }

  /// The value of the attribute of a name.
  public subscript(_ name: XMLName) -> String? { attribute(name)?.value }

  /// An issue at the element's start tag, or at an attribute's value, or at a character of it.
  ///
  /// - Parameters:
  ///   - attribute: The attribute to point into; without it the issue stands at the `<` of the element.
  ///   - utf8Offset: Bytes of the value's UTF-8 before the place, see ``XMLAttribute/position(utf8Offset:)``.
  public func issue(
    _ code: XMLIssue.Code, _ message: String, file: String, attribute: XMLName? = nil, utf8Offset: Int = 0, hint: String = ""
  ) -> XMLIssue {
    let place = attribute.flatMap { self.attribute($0) }?.position(utf8Offset: utf8Offset)
    return XMLIssue(code, message, file: file, position: place ?? position, elementPath: path.description, hint: hint)
  }
}

/// What an element holds.
public enum XMLNode: Sendable {
  /// A child element.
  case element(XMLElement)
  /// A run of text, blank ones included.
  case text(XMLText)

  /// The element, nil for text.
  public var element: XMLElement? { if case .element(let element) = self { element } else { nil } }
  /// The text, nil for an element.
  public var text: XMLText? { if case .text(let text) = self { text } else { nil } }
}
