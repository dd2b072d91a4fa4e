import IDLCompiler
import Testing

/// Compiles a text as `t.idl`, with other files beside it.
func compile(_ text: String, files: [String: String] = [:], includePaths: [String] = [], defines: [String] = []) -> Compilation {
  compileIDL(
    mainFile: "t.idl", loader: InMemorySourceLoader(files.merging(["t.idl": text]) { _, main in main }), includePaths: includePaths,
    defines: defines)
}

/// Compiles a text that must be right, warnings allowed.
func model(
  _ text: String, files: [String: String] = [:], includePaths: [String] = [], defines: [String] = [],
  sourceLocation: Testing.SourceLocation = #_sourceLocation
) throws -> Model {
  let result = compile(text, files: files, includePaths: includePaths, defines: defines)
  let errors = result.diagnostics.filter { $0.severity == .error }.map(\.description)
  #expect(errors == [], sourceLocation: sourceLocation)
  return try #require(result.model, sourceLocation: sourceLocation)
}

/// What the compiler says to a text, notes included, one string for each line.
func report(_ text: String, files: [String: String] = [:], includePaths: [String] = [], defines: [String] = []) -> [String] {
  compile(text, files: files, includePaths: includePaths, defines: defines).diagnostics
    .flatMap { $0.description.split(separator: "\n").map(String.init) }
}

extension Model {
  /// The declaration with a name such as `M::S`.
  func find(_ name: String) throws -> Declaration {
    try #require(declarations.first { $0.qualifiedName == name }, "no declaration \(name)")
  }

  /// The value of a constant.
  func value(_ name: String) throws -> ConstantValue {
    guard case .constant(let constant) = try find(name).kind else { throw NotFound(name: name) }
    return constant.value
  }

  /// The type of an alias.
  func alias(_ name: String) throws -> Alias {
    guard case .alias(let alias) = try find(name).kind else { throw NotFound(name: name) }
    return alias
  }

  func structure(_ name: String) throws -> Structure {
    guard case .structure(let structure) = try find(name).kind else { throw NotFound(name: name) }
    return structure
  }

  func interface(_ name: String) throws -> Interface {
    guard case .interface(let interface) = try find(name).kind else { throw NotFound(name: name) }
    return interface
  }

  func operation(_ name: String) throws -> IDLCompiler.Operation {
    guard case .operation(let operation) = try find(name).kind else { throw NotFound(name: name) }
    return operation
  }
}

/// A test asked for something of another kind.
struct NotFound: Error {
  let name: String
}
