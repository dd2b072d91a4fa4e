/// The Swift names of everything in a model, without backticks.
///
/// Where two IDL names become one Swift name, the one that is spelled so already keeps it, else the earlier one; the other falls back to
/// its IDL spelling. Files are named in the order in which they need one another, so that a file sees the same names of an included one
/// as that one alone.
struct NameTable {
  /// A name to be found.
  private struct Wish {
    let name: String
    let wished: String
    let location: SourceLocation
  }

  private let model: Model
  private let naming: SwiftOptions.Naming
  private var declared: [DeclarationID: String] = [:]
  private var members: [DeclarationID: [String]] = [:]
  private var hasNamedParts: Set<DeclarationID> = []
  /// IDL names by the Swift names that they have taken in a scope.
  private var taken: [DeclarationID?: [String: String]] = [:]
  /// Names of types in any scope, for which the standard library's need `Swift.` in front.
  private(set) var typeNames: Set<String> = []

  init(_ model: Model, naming: SwiftOptions.Naming, diagnostics: inout SwiftDiagnostics) {
    self.model = model
    self.naming = naming
    let groups = Dictionary(grouping: model.declarations) { declaration in
      if case .module = declaration.kind { "" } else { declaration.file }
    }
    for file in [""] + Self.includedFirst(model) { name(groups[file] ?? [], &diagnostics) }
  }

  /// The name of a declaration in its scope.
  func name(_ id: DeclarationID) -> String { declared[id]! }

  /// The names from the outermost scope inwards.
  func path(_ id: DeclarationID) -> [String] { (model[id].parent.map(path) ?? []) + [name(id)] }

  /// The names of members, enumerators or parameters, in order.
  func members(_ id: DeclarationID) -> [String] { members[id] ?? [] }

  // MARK: - Order

  /// All files, each behind those that it includes.
  private static func includedFirst(_ model: Model) -> [String] {
    let files = Dictionary(model.files.map { ($0.path, $0) }) { first, _ in first }
    var seen: Set<String> = []
    var order: [String] = []
    func visit(_ path: String) {
      guard seen.insert(path).inserted, let file = files[path] else { return }
      file.includes.forEach(visit)
      order.append(path)
    }
    model.files.forEach { visit($0.path) }
    return order
  }

  private mutating func name(_ declarations: [Declaration], _ diagnostics: inout SwiftDiagnostics) {
    let types = declarations.filter { declaration in
      switch declaration.kind {
      case .attribute, .operation: false
      default: true
      }
    }
    let wishes = types.map(wish)
    // Two rounds: a name that needs no change is not lost to one that becomes the same.
    for isUnchanged in [true, false] {
      for (declaration, wish) in zip(types, wishes) where (wish.name == wish.wished) == isUnchanged {
        give(declaration, wish, &diagnostics)
      }
    }
    for declaration in types { nameParts(of: declaration, &diagnostics) }
  }

  // MARK: - Declarations

  private func wish(_ declaration: Declaration) -> Wish {
    let isValue =
      switch declaration.kind {
      case .constant, .attribute, .operation: true
      default: false
      }
    let idiomatic = isValue ? SwiftIdentifier.value(declaration.name) : SwiftIdentifier.type(declaration.name)
    return Wish(name: declaration.name, wished: naming == .idiomatic ? idiomatic : declaration.name, location: declaration.location)
  }

  private mutating func give(_ declaration: Declaration, _ wish: Wish, _ diagnostics: inout SwiftDiagnostics) {
    var reserved = ReservedWords.members
    switch declaration.kind {
    case .constant: break
    case .attribute, .operation: reserved.formUnion(ReservedWords.operations)
    default:
      reserved = ReservedWords.types
      if let parent = declaration.parent, case .interface = model[parent].kind { reserved.formUnion(ReservedWords.interfaceTypes) }
    }
    let name = Self.choose(wish, reserved: reserved, taken: &taken[declaration.parent, default: [:]], &diagnostics)
    declared[declaration.id] = name
    if case .constant = declaration.kind { return }
    typeNames.insert(name)
  }

  /// Names what stands inside of a declaration, unless that was done already.
  private mutating func nameParts(of declaration: Declaration, _ diagnostics: inout SwiftDiagnostics) {
    guard hasNamedParts.insert(declaration.id).inserted else { return }
    switch declaration.kind {
    case .structure(let structure): nameMembers(structure.members, of: declaration, &diagnostics)
    case .exception(let exception): nameMembers(exception.members, of: declaration, &diagnostics)
    case .enumeration(let enumeration):
      let prefix =
        naming == .idiomatic ? SwiftIdentifier.commonPrefix(of: enumeration.enumerators.map(\.name), enumName: declaration.name) : 0
      let wishes = enumeration.enumerators.map { wish($0.name, at: $0.location, dropping: prefix) }
      members[declaration.id] = chooseAll(wishes, reserved: ReservedWords.members.union(ReservedWords.cases), &diagnostics)
    case .interface(let interface):
      // A derived interface may be declared forward, before its bases, and a base may stand in a file that is named later.
      for base in model.allBases(of: declaration.id) { nameParts(of: model[base], &diagnostics) }
      reserveInherited(by: declaration)
      let calls = interface.contents.map { model[$0] }.filter { call in
        switch call.kind {
        case .attribute, .operation: true
        default: false
        }
      }
      let wishes = calls.map(wish)
      for isUnchanged in [true, false] {
        for (call, wish) in zip(calls, wishes) where (wish.name == wish.wished) == isUnchanged { give(call, wish, &diagnostics) }
      }
      for call in calls {
        guard case .operation(let operation) = call.kind else { continue }
        let wishes = operation.parameters.map { wish($0.name, at: $0.location) }
        members[call.id] = chooseAll(wishes, reserved: ReservedWords.parameters, &diagnostics)
      }
    default: break
    }
  }

  /// Operations of bases are callable on the derived reference, so their names are taken there too.
  private mutating func reserveInherited(by declaration: Declaration) {
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

  // MARK: - Members

  private mutating func nameMembers(_ list: [Member], of declaration: Declaration, _ diagnostics: inout SwiftDiagnostics) {
    members[declaration.id] = chooseAll(list.map { wish($0.name, at: $0.location) }, reserved: ReservedWords.members, &diagnostics)
  }

  private func wish(_ name: String, at location: SourceLocation, dropping prefix: Int = 0) -> Wish {
    let wished = naming == .idiomatic ? SwiftIdentifier.value(String(name.dropFirst(prefix))) : name
    return Wish(name: name, wished: wished, location: location)
  }

  private func chooseAll(_ wishes: [Wish], reserved: Set<String>, _ diagnostics: inout SwiftDiagnostics) -> [String] {
    var used: [String: String] = [:]
    var chosen = [String](repeating: "", count: wishes.count)
    for isUnchanged in [true, false] {
      for (index, wish) in wishes.enumerated() where (wish.name == wish.wished) == isUnchanged {
        chosen[index] = Self.choose(wish, reserved: reserved, taken: &used, &diagnostics)
      }
    }
    return chosen
  }

  /// The wished name if it is free, else the IDL name, else that with underscores behind it.
  ///
  /// Static: a method would keep a copy of the table while it is changed, and each change would copy all of it.
  private static func choose(
    _ wish: Wish, reserved: Set<String>, taken: inout [String: String], _ diagnostics: inout SwiftDiagnostics
  ) -> String {
    var choice = reserved.contains(wish.wished) ? wish.wished + "_" : wish.wished
    if let other = taken[choice] {
      let collided = choice
      choice = wish.name
      while taken[choice] != nil || reserved.contains(choice) { choice += "_" }
      let answer = choice == wish.name ? "keeps its IDL name in Swift" : "becomes '\(choice)' in Swift"
      diagnostics.report(
        .warning, .swiftNameCollision, "'\(wish.name)' \(answer), since '\(collided)' stands for '\(other)' already", at: wish.location)
    }
    taken[choice] = wish.name
    return choice
  }
}
