/// The expanded name of an element or attribute: a namespace and a local name. The prefix is no part of it.
public struct XMLName: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
  /// The namespace name, nil for none.
  public let namespace: String?
  /// The local name.
  public let local: String

  /// Creates a name; an empty namespace is none.
  public init(_ local: String, namespace: String? = nil) {
    self.local = local
    self.namespace = namespace == "" ? nil : namespace
  }

  /// Creates a name without a namespace.
  public init(stringLiteral value: String) { self.init(value) }

  /// The local name, or `{namespace}local`.
  public var description: String { namespace.map { "{\($0)}\(local)" } ?? local }
}

/// The namespace declarations in scope at an element. Elements that declare none share their parent's.
public final class XMLNamespaces: Sendable {
  /// One declaration.
  public struct Binding: Sendable, Hashable {
    /// The prefix, empty for the default namespace.
    public let prefix: String
    /// The namespace name; empty where `xmlns=""` takes the default namespace away.
    public let uri: String

    /// Creates a declaration.
    public init(prefix: String, uri: String) {
      self.prefix = prefix
      self.uri = uri
    }
  }

  /// The namespace that the prefix `xml` always stands for.
  public static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"
  /// The scope outside the root: only `xml` is bound.
  public static let none = XMLNamespaces([], within: nil)

  /// The declarations of the element itself, in document order.
  public let declared: [Binding]
  private let parent: XMLNamespaces?

  /// Creates the scope of an element that declares `bindings` within the scope of its parent.
  public init(_ bindings: [Binding], within parent: XMLNamespaces? = XMLNamespaces.none) {
    self.declared = bindings
    self.parent = parent
  }

  /// The namespace that a prefix stands for here; the empty prefix asks for the default namespace.
  ///
  /// - Returns: The namespace name, or nil if the prefix is not bound or the default namespace is none.
  public func uri(for prefix: String) -> String? {
    if prefix == "xml" { return Self.xmlNamespace }
    var scope: XMLNamespaces? = self
    while let current = scope {
      if let binding = current.declared.last(where: { $0.prefix == prefix }) { return binding.uri.isEmpty ? nil : binding.uri }
      scope = current.parent
    }
    return nil
  }

  /// Every prefix that is bound here, `xml` left out, with its namespace; the key "" is the default namespace.
  public var all: [String: String] {
    var result = parent?.all ?? [:]
    for binding in declared { result[binding.prefix] = binding.uri.isEmpty ? nil : binding.uri }
    return result
  }
}

/// The way from the root to an element, shared between an element and its descendants.
public final class XMLPath: Sendable, CustomStringConvertible {
  /// The path of the parent, nil at the root.
  public let parent: XMLPath?
  /// The name as written, with its prefix.
  public let name: String
  /// Which one of its parent's children of that name the element is, from 1.
  public let ordinal: Int

  /// Creates the path of an element.
  public init(_ name: String, ordinal: Int = 1, within parent: XMLPath? = nil) {
    self.name = name
    self.ordinal = ordinal
    self.parent = parent
  }

  /// `/mapping/emit[2]/set`: the first element of a name bears no number. Long names are shortened.
  public var description: String {
    var steps: [String] = []
    var step: XMLPath? = self
    while let current = step {
      steps.append(current.name.sanitised(limit: 80) + (current.ordinal > 1 ? "[\(current.ordinal)]" : ""))
      step = current.parent
    }
    return "/" + steps.reversed().joined(separator: "/")
  }
}
