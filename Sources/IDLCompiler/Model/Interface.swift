/// An interface.
public struct Interface: Hashable, Sendable {
  /// Whether a body was seen. A name that was only declared forward may be used as a reference type but has no known content.
  public internal(set) var isDefined: Bool
  /// Declared `abstract` or `local`; nil for an ordinary interface.
  public internal(set) var modifier: Modifier?
  /// The direct bases in order, each an interface that is defined.
  public internal(set) var bases: [DeclarationID]
  /// Nested types, constants, exceptions, attributes and operations in order. Inherited ones are not in here.
  public internal(set) var contents: [DeclarationID]

  /// What may stand before the word `interface`.
  public enum Modifier: String, Hashable, Sendable {
    /// May be implemented by a value as well.
    case abstract
    /// Never leaves the process.
    case local
  }
}

/// One attribute of an interface; `attribute long a, b;` makes two.
public struct Attribute: Hashable, Sendable {
  /// The type of the value.
  public let type: TypeExpression
  /// Whether there is no set operation.
  public let isReadOnly: Bool
  /// The exceptions of the get operation (`raises` of a readonly attribute, or `getraises`).
  public let getRaises: [DeclarationID]
  /// The exceptions of the set operation (`setraises`).
  public let setRaises: [DeclarationID]
}

/// One operation of an interface.
public struct Operation: Hashable, Sendable {
  /// The type of the result; nil for `void`.
  public let result: TypeExpression?
  /// The parameters in IDL order.
  public let parameters: [Parameter]
  /// The user exceptions that may be raised, in IDL order.
  public let raises: [DeclarationID]
  /// Declared `oneway`: no result, only `in` parameters, no exceptions.
  public let isOneway: Bool
  /// Marked by `#pragma tessera sync NAME`: the servant's answer needs no suspension.
  public internal(set) var isSynchronous: Bool
}

/// A parameter of an operation.
public struct Parameter: Hashable, Sendable {
  /// The ways that a parameter travels.
  public enum Direction: String, Hashable, Sendable {
    /// From the client to the servant.
    case `in`
    /// From the servant to the client.
    case out
    /// Both ways.
    case `inout`
  }

  /// The identifier as the IDL spells it.
  public let name: String
  /// The way that it travels.
  public let direction: Direction
  /// Its type.
  public let type: TypeExpression
  /// The lines of its documentation comment.
  public let documentation: [String]
  /// The identifier.
  public let location: SourceLocation
}
