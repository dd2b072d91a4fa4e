/// A use of a type as written.
struct TypeSyntax {
  indirect enum Kind {
    case basic(TypeExpression)
    case string(bound: ExpressionSyntax?)
    case wideString(bound: ExpressionSyntax?)
    /// Without digits only as the type of a constant.
    case fixed(digits: ExpressionSyntax, scale: ExpressionSyntax)
    case fixedWithoutDigits
    case sequence(TypeSyntax, bound: ExpressionSyntax?)
    case named(ScopedNameSyntax)
    /// A struct or an enum that is defined where it is used.
    case constructed(ConstructedSyntax)
    /// Something that an error was reported for.
    case invalid
  }

  let kind: Kind
  let location: SourceLocation
}

/// The definition of a type that may also stand inside another type.
enum ConstructedSyntax {
  case structure(Identifier, [MemberSyntax])
  case enumeration(Identifier, [Identifier])
  /// A construct that an error was reported for.
  case unsupported(String, Identifier)
}

/// One line of members: `long a, b[2];`.
struct MemberSyntax {
  let type: TypeSyntax
  let declarators: [DeclaratorSyntax]
}

/// A name with array dimensions.
struct DeclaratorSyntax {
  let name: Identifier
  let dimensions: [ExpressionSyntax]
}
