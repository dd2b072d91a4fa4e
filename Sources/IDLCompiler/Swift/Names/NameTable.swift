/// The Swift names of everything in a model, without backticks.
///
/// In each scope names are given in order of declaration. A name that is taken already leaves the later declaration with its IDL spelling,
/// so that a file that includes another sees the same names as that one alone.
struct NameTable {
  private let model: Model
  private let naming: SwiftOptions.Naming
  private var declared: [DeclarationID: String] = [:]
  private var members: [DeclarationID: [String]] = [:]
  private var taken: [DeclarationID?: [String: String]] = [:]
  /// Names of types in any scope, for which the standard library's need `Swift.` in front.
  private(set) var typeNames: Set<String> = []

  init(_ model: Model, naming: SwiftOptions.Naming, diagnostics: inout SwiftDiagnostics) {
    self.model = model
    self.naming = naming
    for declaration in model.declarations { name(declaration, &diagnostics) }
  }

  /// The name of a declaration in its scope.
  func name(_ id: DeclarationID) -> String { declared[id]! }

  /// The names from the outermost scope inwards.
  func path(_ id: DeclarationID) -> [String] {
    (model[id].parent.map(path) ?? []) + [name(id)]
  }

  /// The names of members, enumerators or parameters, in order.
  func members(_ id: DeclarationID) -> [String] { members[id] ?? [] }

  private mutating func name(_ declaration: Declaration, _ diagnostics: inout SwiftDiagnostics) {
    switch declaration.kind {
    case .module, .alias, .unsupported: give(typeName: declaration, &diagnostics)
    case .structure(let structure):
      give(typeName: declaration, &diagnostics)
      nameMembers(structure.members, of: declaration, &diagnostics)
    case .exception(let exception):
      give(typeName: declaration, &diagnostics)
      nameMembers(exception.members, of: declaration, &diagnostics)
    case .enumeration(let enumeration):
      give(typeName: declaration, &diagnostics)
      nameCases(enumeration.enumerators, of: declaration, &diagnostics)
    case .interface:
      give(typeName: declaration, &diagnostics)
      reserveInherited(declaration)
    case .constant: give(valueName: declaration, reserved: ReservedWords.members, &diagnostics)
    case .attribute: give(valueName: declaration, reserved: ReservedWords.members.union(ReservedWords.operations), &diagnostics)
    case .operation(let operation):
      give(valueName: declaration, reserved: ReservedWords.members.union(ReservedWords.operations), &diagnostics)
      var used: [String: String] = [:]
      members[declaration.id] = operation.parameters.map {
        choose(
          naming == .idiomatic ? SwiftIdentifier.value($0.name) : $0.name, for: $0.name, at: $0.location,
          reserved: ReservedWords.parameters, taken: &used, &diagnostics)
      }
    }
  }

  /// Operations of bases are callable on the derived reference, so their names are taken there too.
  private mutating func reserveInherited(_ declaration: Declaration) {
    for base in model.allBases(of: declaration.id) {
      guard case .interface(let content) = model[base].kind else { continue }
      for id in content.contents {
        switch model[id].kind {
        case .attribute, .operation: taken[declaration.id, default: [:]][name(id)] = model[id].name
        default: break
        }
      }
    }
  }

  private mutating func give(typeName declaration: Declaration, _ diagnostics: inout SwiftDiagnostics) {
    let wished = naming == .idiomatic ? SwiftIdentifier.type(declaration.name) : declaration.name
    var reserved = ReservedWords.types
    if let parent = declaration.parent, case .interface = model[parent].kind { reserved.formUnion(ReservedWords.interfaceTypes) }
    let name = choose(
      wished, for: declaration.name, at: declaration.location, reserved: reserved, taken: &taken[declaration.parent, default: [:]],
      &diagnostics)
    declared[declaration.id] = name
    typeNames.insert(name)
  }

  private mutating func give(valueName declaration: Declaration, reserved: Set<String>, _ diagnostics: inout SwiftDiagnostics) {
    let wished = naming == .idiomatic ? SwiftIdentifier.value(declaration.name) : declaration.name
    declared[declaration.id] = choose(
      wished, for: declaration.name, at: declaration.location, reserved: reserved, taken: &taken[declaration.parent, default: [:]],
      &diagnostics)
  }

  private mutating func nameMembers(_ list: [Member], of declaration: Declaration, _ diagnostics: inout SwiftDiagnostics) {
    var used: [String: String] = [:]
    members[declaration.id] = list.map {
      choose(
        naming == .idiomatic ? SwiftIdentifier.value($0.name) : $0.name, for: $0.name, at: $0.location,
        reserved: ReservedWords.members, taken: &used, &diagnostics)
    }
  }

  private mutating func nameCases(_ list: [Enumerator], of declaration: Declaration, _ diagnostics: inout SwiftDiagnostics) {
    let prefix = naming == .idiomatic ? SwiftIdentifier.commonPrefix(of: list.map(\.name), enumName: declaration.name) : 0
    var used: [String: String] = [:]
    members[declaration.id] = list.map {
      choose(
        naming == .idiomatic ? SwiftIdentifier.value(String($0.name.dropFirst(prefix))) : $0.name, for: $0.name, at: $0.location,
        reserved: ReservedWords.members.union(ReservedWords.cases), taken: &used, &diagnostics)
    }
  }

  /// The wished name if it is free, else the IDL name, else that with underscores behind it.
  private func choose(
    _ wished: String, for name: String, at location: SourceLocation, reserved: Set<String>, taken: inout [String: String],
    _ diagnostics: inout SwiftDiagnostics
  ) -> String {
    var choice = reserved.contains(wished) ? wished + "_" : wished
    if let other = taken[choice] {
      let collided = choice
      choice = name
      while taken[choice] != nil || reserved.contains(choice) { choice += "_" }
      diagnostics.report(
        .warning, .swiftNameCollision, "'\(name)' becomes '\(choice)' in Swift, since '\(collided)' stands for '\(other)' already",
        at: location)
    }
    taken[choice] = name
    return choice
  }
}
