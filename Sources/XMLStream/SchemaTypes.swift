/// What schemas say of single elements and attributes: their types, as far as texts are concerned.
///
/// Names are looked up with their namespace and, where there is none of it, by the local name alone: documents that are included without a
/// namespace of their own take that of who includes them.
public struct SchemaTypes: Sendable {
  private static let schemaNamespace = "http://www.w3.org/2001/XMLSchema"
  /// Steps from type to type; no schema that can be compiled goes in circles, but for elements within themselves.
  private static let greatestDepth = 64

  private struct Definition: Sendable {
    let namespace: String
    let element: XMLElement
  }

  /// The kinds of definitions that have a space of names each: `type` is both kinds of types.
  private enum Space: String { case element, attribute, type, group, attributeGroup }

  private var definitions: [String: [Definition]] = [:]

  init(_ documents: some Sequence<XMLDocument>) {
    for document in documents {
      let namespace = document.root["targetNamespace"] ?? ""
      for element in document.root.elements where element.name.namespace == Self.schemaNamespace {
        // What is redefined stands beside what it was.
        let found = element.name.local == "redefine" ? element.elements : [element]
        for element in found {
          guard let name = element["name"], let space = Self.space(of: element) else { continue }
          definitions["\(space.rawValue) \(name)", default: []].append(Definition(namespace: namespace, element: element))
        }
      }
    }
  }

  private static func space(of element: XMLElement) -> Space? {
    switch element.name.local {
    case "simpleType", "complexType": .type
    case let other: Space(rawValue: other)
    }
  }

  private func definition(_ space: Space, _ local: String, _ namespace: String) -> XMLElement? {
    let found = definitions["\(space.rawValue) \(local)"] ?? []
    return (found.first { $0.namespace == namespace } ?? found.first)?.element
  }

  /// What a qualified name in an attribute of a schema refers to.
  private func referred(_ space: Space, _ attribute: XMLName, of element: XMLElement) -> XMLElement? {
    guard let (local, namespace) = Self.name(attribute, of: element) else { return nil }
    return definition(space, local, namespace)
  }

  private static func name(_ attribute: XMLName, of element: XMLElement) -> (local: String, namespace: String)? {
    guard let parts = element[attribute]?.split(separator: ":").map(String.init), let local = parts.last else { return nil }
    return (local, element.namespaces.uri(for: parts.count > 1 ? parts[0] : "") ?? "")
  }

  /// The declaration of an element that is a document's root.
  public func root(_ name: XMLName) -> Element? { definition(.element, name.local, name.namespace ?? "").map { Element(types: self, $0) } }

  /// An element, as schemas declare it.
  public struct Element: Sendable {
    private let types: SchemaTypes
    private let declaration: XMLElement

    fileprivate init(types: SchemaTypes, _ declaration: XMLElement) {
      self.types = types
      self.declaration = declaration
    }

    /// What blanks in its text mean.
    public var whiteSpace: WhiteSpace { types.whiteSpace(of: declaration, 0) }

    /// A child element of that local name; nil where the schemas do not say.
    public func child(_ local: String) -> Element? {
      let found = types.type(of: declaration).flatMap { types.child(local, in: $0, 0) } ?? types.definition(.element, local, "")
      return found.map { Element(types: types, $0) }
    }

    /// What blanks in the value of an attribute of that local name mean.
    public func attributeWhiteSpace(_ local: String) -> WhiteSpace {
      let found = types.type(of: declaration).flatMap { types.attribute(local, in: $0, 0) } ?? types.definition(.attribute, local, "")
      return found.map { types.whiteSpace(of: $0, 0) } ?? .preserve
    }
  }

  /// The definition of the type of an element or attribute; nil for a type of XML Schema itself and for none.
  private func type(of declaration: XMLElement) -> XMLElement? {
    if let inner = declaration.elements.first(where: { Self.space(of: $0) == .type }) { return inner }
    if declaration["type"] != nil { return referred(.type, "type", of: declaration) }
    // A member of a substitution group has the type of its head.
    return referred(.element, "substitutionGroup", of: declaration).flatMap { $0 === declaration ? nil : type(of: $0) }
  }

  private func child(_ local: String, in element: XMLElement, _ depth: Int) -> XMLElement? {
    guard depth < Self.greatestDepth else { return nil }
    for part in element.elements {
      var found: XMLElement?
      switch part.name.local {
      case "element":
        if part["name"] == local { return part }
        if let (name, namespace) = Self.name("ref", of: part), name == local { return definition(.element, name, namespace) }
      case "sequence", "all", "choice", "complexContent": found = child(local, in: part, depth + 1)
      case "group": found = referred(.group, "ref", of: part).flatMap { child(local, in: $0, depth + 1) }
      case "extension", "restriction":
        found = child(local, in: part, depth + 1) ?? referred(.type, "base", of: part).flatMap { child(local, in: $0, depth + 1) }
      default: break
      }
      if let found { return found }
    }
    return nil
  }

  private func attribute(_ local: String, in element: XMLElement, _ depth: Int) -> XMLElement? {
    guard depth < Self.greatestDepth else { return nil }
    for part in element.elements {
      var found: XMLElement?
      switch part.name.local {
      case "attribute":
        if part["name"] == local { return part }
        if let (name, namespace) = Self.name("ref", of: part), name == local { return definition(.attribute, name, namespace) }
      case "attributeGroup": found = referred(.attributeGroup, "ref", of: part).flatMap { attribute(local, in: $0, depth + 1) }
      case "complexContent", "simpleContent": found = attribute(local, in: part, depth + 1)
      case "extension", "restriction":
        found = attribute(local, in: part, depth + 1) ?? referred(.type, "base", of: part).flatMap { attribute(local, in: $0, depth + 1) }
      default: break
      }
      if let found { return found }
    }
    return nil
  }

  /// - Parameter declaration: an element or attribute.
  private func whiteSpace(of declaration: XMLElement, _ depth: Int) -> WhiteSpace {
    if let type = type(of: declaration) { return whiteSpace(ofType: type, depth + 1) }
    return named("type", of: declaration, depth)
  }

  /// - Parameter attribute: names a type.
  private func named(_ attribute: XMLName, of element: XMLElement, _ depth: Int) -> WhiteSpace {
    guard depth < Self.greatestDepth, let (local, namespace) = Self.name(attribute, of: element) else { return .preserve }
    if namespace == Self.schemaNamespace {
      switch local {
      case "string", "anySimpleType", "anyType": return .preserve
      case "normalizedString": return .replace
      default: return .collapse
      }
    }
    return definition(.type, local, namespace).map { whiteSpace(ofType: $0, depth + 1) } ?? .preserve
  }

  private func whiteSpace(ofType type: XMLElement, _ depth: Int) -> WhiteSpace {
    guard depth < Self.greatestDepth else { return .preserve }
    for part in type.elements {
      switch part.name.local {
      case "list": return .collapse
      case "union": return union(part, depth)
      case "simpleContent": return whiteSpace(ofType: part, depth + 1)
      case "restriction", "extension":
        for facet in part.elements where facet.name.local == "whiteSpace" {
          switch facet["value"] {
          case "collapse": return .collapse
          case "replace": return .replace
          default: return .preserve
          }
        }
        if let inner = part.elements.first(where: { $0.name.local == "simpleType" }) { return whiteSpace(ofType: inner, depth + 1) }
        return named("base", of: part, depth + 1)
      default: continue
      }
    }
    return .preserve
  }

  /// Which member a text is of is not known: blanks are left out only where every member leaves them out.
  private func union(_ union: XMLElement, _ depth: Int) -> WhiteSpace {
    var rules = union.elements.filter { $0.name.local == "simpleType" }.map { whiteSpace(ofType: $0, depth + 1) }
    for name in union["memberTypes"]?.split(separator: " ") ?? [] {
      let member = XMLElement(union.name, attributes: [XMLAttribute("type", String(name))], namespaces: union.namespaces)
      rules.append(named("type", of: member, depth + 1))
    }
    return rules.min { $0.rawValue < $1.rawValue } ?? .preserve
  }
}
