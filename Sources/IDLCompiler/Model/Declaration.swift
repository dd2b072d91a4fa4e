/// Names one declaration of a ``Model``; meaningless in any other model.
public struct DeclarationID: Hashable, Sendable, Comparable {
  /// The position in ``Model/declarations``, which is the order of first appearance in the translation unit.
  public let index: Int

  init(_ index: Int) { self.index = index }

  /// Earlier declarations come first.
  public static func < (left: DeclarationID, right: DeclarationID) -> Bool { left.index < right.index }
}

/// One checked IDL declaration: what every kind has in common, and the kind's own content.
///
/// Declarations refer to one another by ``DeclarationID``, so that recursive structures are plain values; look them up with ``Model/subscript(_:)``.
public struct Declaration: Hashable, Sendable {
  /// This declaration's own id in its model.
  public let id: DeclarationID

  /// The identifier as the IDL spells it, without the underscore that escapes a keyword.
  public let name: String

  /// The names of the enclosing scopes from the outermost inwards, then ``name``.
  public let scopedName: [String]

  /// The enclosing module, interface, struct or exception; nil at file scope.
  public let parent: DeclarationID?

  /// The repository id after all prefix, ID and version rules: `IDL:prefix/Scope/Name:1.0` (OMG CORBA 3.0, 10.7).
  public internal(set) var repositoryID: String

  /// The lines of the documentation comment before (`/** */`, `///`) or behind (`///<`) the declaration, markers removed.
  public internal(set) var documentation: [String]

  /// The identifier in the declaration that defines the content (not in a forward declaration when a definition follows).
  public internal(set) var location: SourceLocation

  /// Whether ``location`` lies in the file given to the compiler, not in an included one. For a module: whether any part does.
  public internal(set) var isInMainFile: Bool

  /// What is declared.
  public internal(set) var kind: Kind

  /// The path of the file that holds the declaration.
  public var file: String { location.file }

  /// The scoped name as IDL writes it, without a leading `::`.
  public var qualifiedName: String { scopedName.joined(separator: "::") }

  /// The kinds of declaration, each with its content.
  public enum Kind: Hashable, Sendable {
    /// A module, all its parts merged.
    case module(Module)
    /// A constant.
    case constant(Constant)
    /// One declarator of a typedef.
    case alias(Alias)
    /// A struct.
    case structure(Structure)
    /// An enum.
    case enumeration(Enumeration)
    /// A user exception.
    case exception(UserException)
    /// An interface.
    case interface(Interface)
    /// One attribute of an interface.
    case attribute(Attribute)
    /// One operation of an interface.
    case operation(Operation)
    /// A construct that the parser knows and the model does not describe (union, valuetype, native, ...).
    ///
    /// Never part of a model that was returned: an error was reported for it.
    case unsupported(construct: String)
  }
}
