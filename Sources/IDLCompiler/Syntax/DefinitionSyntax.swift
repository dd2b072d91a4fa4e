/// A definition of a file, a module or an interface, as written.
indirect enum DefinitionSyntax {
  case module(Identifier, [DefinitionSyntax])
  case constant(TypeSyntax, Identifier, ExpressionSyntax)
  case alias(TypeSyntax, [DeclaratorSyntax])
  case constructed(ConstructedSyntax)
  case structureForward(Identifier)
  case exception(Identifier, [MemberSyntax])
  case interface(InterfaceSyntax)
  case interfaceForward(Identifier, Interface.Modifier?)
  case attribute(AttributeSyntax)
  case operation(OperationSyntax)
  case typeID(ScopedNameSyntax, String, SourceLocation)
  case typePrefix(ScopedNameSyntax, String, SourceLocation)
  case marker(Marker)
  /// What has a name but could not be read to its end; the name is declared so that its uses cause no more errors.
  case broken(Identifier)
}

/// An interface with its body.
struct InterfaceSyntax {
  let name: Identifier
  let modifier: Interface.Modifier?
  let bases: [ScopedNameSyntax]
  let contents: [DefinitionSyntax]
}

/// `readonly attribute long a, b;`
struct AttributeSyntax {
  let type: TypeSyntax
  let isReadOnly: Bool
  let names: [Identifier]
  let getRaises: [ScopedNameSyntax]
  let setRaises: [ScopedNameSyntax]
}

/// An operation.
struct OperationSyntax {
  struct Parameter {
    let direction: IDLCompiler.Parameter.Direction
    let type: TypeSyntax
    let name: Identifier
  }

  let name: Identifier
  let isOneway: Bool
  /// Nil for `void`.
  let result: TypeSyntax?
  let parameters: [Parameter]
  let raises: [ScopedNameSyntax]
}
