/// Gives the parsed definitions their meaning and checks it.
final class Analyzer {
  let diagnostics: DiagnosticCollector
  let limits: CompilerLimits
  let mainFile: String

  var declarations: [Declaration] = []
  /// The scope that definitions now go to.
  var scope: Scope
  let root: Scope
  /// The scopes that declarations open.
  var scopes: [DeclarationID: Scope] = [:]
  /// Structs that are declared forward or being defined, with the first place.
  var incomplete: [DeclarationID: SourceLocation] = [:]
  /// Structs whose body is being read.
  var open: Set<DeclarationID> = []
  /// Aliases that were made of an incomplete struct, and whether by way of a sequence.
  var incompleteAliases: [DeclarationID: Incompleteness] = [:]
  /// What aliases stand for after following other aliases.
  var aliasTargets: [DeclarationID: TypeExpression] = [:]
  /// How many typedefs and structs stand in one another at most.
  private var typeDepths: [DeclarationID: Int] = [:]
  var repositoryIDs: RepositoryIDs
  /// Our own pragmas, which may precede what they name; carried out at the end.
  var deferredPragmas: [(pragma: PragmaSyntax, scope: Scope, location: SourceLocation)] = []
  private var count = 0
  private var suggestions = 0

  init(mainFile: String, diagnostics: DiagnosticCollector, limits: CompilerLimits) {
    self.mainFile = mainFile
    self.diagnostics = diagnostics
    self.limits = limits
    root = Scope(.file, declaration: nil, scopedName: [], parent: nil)
    scope = root
    repositoryIDs = RepositoryIDs()
  }

  /// Analyses a whole translation unit.
  ///
  /// - Returns: The model; only right when no error was reported.
  func analyze(_ definitions: [DefinitionSyntax], files: [SourceFile]) -> Model {
    let items = ItemOrder.withoutRepetitions(analyze(definitions))
    carryOutDeferredPragmas()
    reportNeverDefined()
    ItemOrder.fillModules(from: items, in: &declarations)
    return Model(declarations: declarations, files: files, items: items)
  }

  // MARK: Declaring

  /// Counts something that is declared, so that their number is bounded.
  ///
  /// - Returns: Whether there is room.
  func admit(at location: SourceLocation) -> Bool {
    count += 1
    if count == limits.declarations + 1 {
      diagnostics.error(.tooManyDeclarations, "more than \(limits.declarations) declarations", at: location)
    }
    return count <= limits.declarations
  }

  /// Makes a declaration in the current scope; a clash is reported, and the earlier name stays in force.
  func declare(_ name: Identifier, _ kind: Declaration.Kind) -> DeclarationID {
    let id = DeclarationID(declarations.count)
    declarations.append(
      Declaration(
        id: id, name: name.text, scopedName: scope.scopedName + [name.text], parent: scope.declaration,
        repositoryID: repositoryIDs.id(of: name.text), documentation: name.documentation, location: name.location,
        isInMainFile: name.location.file == mainFile, kind: kind))
    enter(name, .declaration(id))
    return id
  }

  /// Opens the scope of a declaration and runs `body` in it.
  func within<Result>(_ id: DeclarationID, _ kind: Scope.Kind, _ body: () -> Result) -> Result {
    let outer = scope
    let inner = scopes[id] ?? Scope(kind, declaration: id, scopedName: declarations[id.index].scopedName, parent: outer)
    scopes[id] = inner
    scope = inner
    repositoryIDs.enterScope(id, named: declarations[id.index].name)
    defer {
      repositoryIDs.leaveScope()
      scope = outer
    }
    return body()
  }

  /// Gives a name its meaning in the current scope, unless it clashes (OMG CORBA 3.0, 3.15.2 and 3.15.3).
  func enter(_ name: Identifier, _ meaning: Scope.Meaning) {
    guard admit(at: name.location) else { return }
    let folded = Scope.folded(name.text)
    if let old = scope.entries[folded] {
      if old.spelling == name.text {
        diagnostics.error(
          .redefinition, "'\(name.text)' is already declared", at: name.location, notes: [.init("first declared here", at: old.location)])
      } else {
        diagnostics.error(
          .caseClash, "identifier '\(name.text)' clashes with '\(old.spelling)' at \(old.location.file):\(old.location.line)",
          at: name.location, notes: [.init("names that differ only in case are the same in IDL", at: old.location)])
      }
      return
    }
    if let own = scope.declaration, scope.kind != .operation, folded == Scope.folded(declarations[own.index].name) {
      diagnostics.error(
        .enclosingScopeClash, "'\(name.text)' clashes with the name of the \(declarations[own.index].kindName) around it", at: name.location
      )
    } else if let use = scope.uses[folded] {
      diagnostics.error(
        .clashWithUse, "'\(name.text)' clashes with the use of '\(use.spelling)' in the same scope", at: name.location,
        notes: [.init("'\(use.spelling)' is used here", at: use.location)])
    } else if let inherited = scope.inherited[folded] {
      diagnostics.error(
        .inheritedClash, "'\(name.text)' clashes with the inherited '\(inherited.spelling)'", at: name.location,
        notes: [.init("'\(inherited.spelling)' is declared here", at: inherited.location)])
    }
    scope.add(Scope.Entry(spelling: name.text, location: name.location, meaning: meaning))
  }

  /// Bounds how many typedefs and structs may stand in one another: whoever reads or writes such a type goes through all of them.
  func deepen(_ id: DeclarationID, by types: [TypeExpression], at location: SourceLocation) {
    func depth(_ type: TypeExpression) -> Int {
      switch type {
      case .sequence(let element, _), .array(let element, _): depth(element)
      case .named(let id): typeDepths[id] ?? 0
      default: 0
      }
    }
    let deepest = 1 + (types.map(depth).max() ?? 0)
    typeDepths[id] = deepest
    if deepest == limits.nesting + 1 {
      diagnostics.stop(.nestingTooDeep, "more than \(limits.nesting) typedefs and structs inside one another", at: location)
    }
  }

  /// A hint with the name that was probably meant.
  func suggestion(for name: String, among candidates: @autoclosure () -> [String]) -> [Diagnostic.Note] {
    suggestions += 1
    guard suggestions <= 100, let nearest = Suggestion.nearest(to: name, among: candidates()) else { return [] }
    return [.init("did you mean '\(nearest)'?")]
  }

  private func reportNeverDefined() {
    for (id, location) in incomplete.sorted(by: { $0.key < $1.key }) {
      diagnostics.error(.neverDefined, "struct '\(declarations[id.index].name)' is declared but never defined", at: location)
    }
    for declaration in declarations {
      guard case .interface(let interface) = declaration.kind, !interface.isDefined else { continue }
      diagnostics.warning(.neverDefined, "interface '\(declaration.name)' is declared but never defined", at: declaration.location)
    }
  }
}

extension Declaration {
  /// The kind as messages name it.
  var kindName: String {
    switch kind {
    case .module: "module"
    case .constant: "constant"
    case .alias: "typedef"
    case .structure: "struct"
    case .enumeration: "enum"
    case .exception: "exception"
    case .interface: "interface"
    case .attribute: "attribute"
    case .operation: "operation"
    case .unsupported(let construct): construct
    }
  }
}
