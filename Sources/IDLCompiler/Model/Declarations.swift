/// A module: the merged content of all its parts.
public struct Module: Hashable, Sendable {
  /// The declarations of all parts in order of appearance. The parts by file are in ``Model/items(inFile:)``.
  public internal(set) var contents: [DeclarationID]
}

/// A constant with its evaluated value.
public struct Constant: Hashable, Sendable {
  /// The declared type; the value is in the range of that type.
  public let type: TypeExpression
  /// The value after evaluation and conversion to the declared type.
  public let value: ConstantValue
}

/// One declarator of a typedef: `typedef long Grid[2][3];` is an alias of an array type.
public struct Alias: Hashable, Sendable {
  /// The type that the name stands for.
  public let type: TypeExpression
  /// Marked by `#pragma tessera optional NAME`; ``type`` is then a sequence bounded by 1 that means "value or no value".
  public internal(set) var isOptional: Bool
}

/// A struct.
public struct Structure: Hashable, Sendable {
  /// Types that are defined inside the struct, in order: `struct A { struct B { long x; } b; };`.
  public internal(set) var nested: [DeclarationID]
  /// The members in wire order; never empty.
  public internal(set) var members: [Member]
}

/// A user exception.
public struct UserException: Hashable, Sendable {
  /// Types that are defined inside the exception, in order.
  public internal(set) var nested: [DeclarationID]
  /// The members in wire order; may be empty.
  public internal(set) var members: [Member]
}

/// A member of a struct or an exception; `long a, b[2];` makes two.
public struct Member: Hashable, Sendable {
  /// The identifier as the IDL spells it.
  public let name: String
  /// The member's type, array dimensions of its declarator included.
  public let type: TypeExpression
  /// The lines of its documentation comment.
  public internal(set) var documentation: [String]
  /// The identifier.
  public let location: SourceLocation
}

/// An enum; enumerators are numbered from 0 in order.
public struct Enumeration: Hashable, Sendable {
  /// The enumerators in order; never empty.
  public internal(set) var enumerators: [Enumerator]
}

/// An enumerator. Its name lives in the scope around the enum (OMG CORBA 3.0, 3.15.2).
public struct Enumerator: Hashable, Sendable {
  /// The identifier as the IDL spells it.
  public let name: String
  /// The lines of its documentation comment.
  public internal(set) var documentation: [String]
  /// The identifier.
  public let location: SourceLocation
}
