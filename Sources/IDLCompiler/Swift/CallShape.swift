/// One operation as it goes over the wire; an attribute has one or two.
struct CallShape {
  /// What kind of Swift member it is.
  enum Form {
    case operation, getter, setter
  }

  /// A value that travels, with its Swift name.
  struct Travelling {
    let name: String
    let idlName: String
    let type: TypeExpression
    let direction: Parameter.Direction
    let location: SourceLocation

    /// The name in an argument list, where few keywords need backticks, and the others may not have them.
    var label: String { ["inout", "var", "let"].contains(name) ? "`\(name)`" : name }
  }

  let form: Form
  /// The name in a request.
  let wireName: String
  /// The name of the Swift member.
  let name: String
  /// All parameters in IDL order.
  let parameters: [Travelling]
  /// Nil for `void`.
  let result: Travelling?
  let raises: [DeclarationID]
  var isOneway = false
  var isSynchronous = false
  let documentation: [String]
  let location: SourceLocation

  /// What the client sends.
  var arguments: [Travelling] { parameters.filter { $0.direction != .out } }
  /// What the servant answers: the result, then `out` and `inout` parameters.
  var answers: [Travelling] { [result].compactMap { $0 } + parameters.filter { $0.direction != .in } }

  /// A name for something in the generated function that no parameter has.
  func unused(_ name: String) -> String {
    var name = name
    while parameters.contains(where: { $0.name == name }) { name += "_" }
    return name
  }
}

extension FileWriter {
  /// The calls of one operation or attribute; none for other declarations.
  func calls(of id: DeclarationID) -> [CallShape] {
    let declaration = model[id]
    switch declaration.kind {
    case .operation(let operation): return [call(of: operation, declaration)]
    case .attribute(let attribute): return calls(of: attribute, declaration)
    default: return []
    }
  }

  private func call(of operation: Operation, _ declaration: Declaration) -> CallShape {
    let parameters = zip(names.members(declaration.id), operation.parameters).map { name, parameter in
      CallShape.Travelling(
        name: name, idlName: parameter.name, type: parameter.type, direction: parameter.direction, location: parameter.location)
    }
    return CallShape(
      form: .operation, wireName: declaration.name, name: names.name(declaration.id), parameters: parameters,
      result: operation.result.map { answer($0, declaration) }, raises: operation.raises, isOneway: operation.isOneway,
      isSynchronous: operation.isSynchronous, documentation: documentation(of: operation, declaration), location: declaration.location)
  }

  private func calls(of attribute: Attribute, _ declaration: Declaration) -> [CallShape] {
    let name = names.name(declaration.id)
    let getter = CallShape(
      form: .getter, wireName: "_get_" + declaration.name, name: name, parameters: [], result: answer(attribute.type, declaration),
      raises: attribute.getRaises, documentation: declaration.documentation, location: declaration.location)
    if attribute.isReadOnly { return [getter] }
    let value = CallShape.Travelling(
      name: "newValue", idlName: "value", type: attribute.type, direction: .in, location: declaration.location)
    let setter = CallShape(
      form: .setter, wireName: "_set_" + declaration.name, name: "set" + SwiftIdentifier.capitalized(name), parameters: [value],
      result: nil,
      raises: attribute.setRaises, documentation: declaration.documentation, location: declaration.location)
    return [getter, setter]
  }

  private func answer(_ type: TypeExpression, _ declaration: Declaration) -> CallShape.Travelling {
    CallShape.Travelling(name: "returnValue", idlName: "", type: type, direction: .out, location: declaration.location)
  }

  /// The comment of an operation, and those of its parameters where it does not speak of them itself.
  private func documentation(of operation: Operation, _ declaration: Declaration) -> [String] {
    let spoken = declaration.documentation.compactMap { $0.split(separator: " ").dropFirst().first }
    let parameters = operation.parameters.filter { !$0.documentation.isEmpty && !spoken.contains(Substring($0.name)) }
    return declaration.documentation + parameters.map { "@param \($0.name) \($0.documentation.joined(separator: " "))" }
  }

  /// `T`, `(a: T, b: U)` or nil: what a call returns in Swift.
  func resultType(of call: CallShape, in scope: SwiftScope) -> String? {
    let types = call.answers.map { swiftType($0.type, in: scope, at: $0.location) }
    if types.count < 2 { return types.first }
    return "(" + zip(call.answers, types).map { "\($0.label): \($1)" }.joined(separator: ", ") + ")"
  }

  /// The parameters as a Swift method declares them.
  func parameterList(of call: CallShape, in scope: SwiftScope) -> [String] {
    call.arguments.map { argument in
      let label = call.form == .setter ? "_ " : ""
      return "\(label)\(ReservedWords.escaped(argument.name)): \(swiftType(argument.type, in: scope, at: argument.location))"
    }
  }

  /// The description by which dynamic calls are made.
  func description(of call: CallShape, in scope: SwiftScope) -> String {
    var parts = ["\"\(call.wireName)\""]
    let parameters = call.parameters.map {
      let type = typeCode($0.type, in: scope, at: $0.location)
      return "CDR.OperationDescription.Parameter(\"\($0.idlName)\", .\($0.direction.rawValue), \(type))"
    }
    if !parameters.isEmpty { parts.append("parameters: [\(parameters.joined(separator: ", "))]") }
    if let result = call.result { parts.append("result: \(typeCode(result.type, in: scope, at: result.location))") }
    let raises = call.raises.map { "\(reference(to: $0, in: scope, at: call.location)).recordType" }
    if !raises.isEmpty { parts.append("raises: [\(raises.joined(separator: ", "))]") }
    if call.isOneway { parts.append("isOneway: true") }
    return "CDR.OperationDescription(\(parts.joined(separator: ", ")))"
  }
}
