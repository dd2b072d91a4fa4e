/// The checked meaning of one translation unit: the main file and all that it includes.
///
/// A model only exists without errors, so that a back end may rely on every promise in these types.
public struct Model: Hashable, Sendable {
  /// Every declaration in order of first appearance; a ``DeclarationID`` is a position in here.
  public let declarations: [Declaration]

  /// The files in order of their first inclusion; the main file comes first.
  public let files: [SourceFile]

  /// What stands at file scope, in order, over all files.
  public let items: [Item]

  /// Gives the declaration with an id of this model.
  public subscript(id: DeclarationID) -> Declaration { declarations[id.index] }

  /// The file that was given to the compiler.
  public var mainFile: SourceFile { files[0] }

  /// What one file holds at file scope or inside the modules that are open in it, in order.
  ///
  /// - Parameter path: ``SourceFile/path``. Module parts are cut down to what that file contributes.
  public func items(inFile path: String) -> [Item] {
    items.compactMap { $0.restricted(to: path, in: self) }
  }

  /// Finds a declaration by its exact names from the outermost scope inwards.
  public func declaration(named scopedName: String...) -> Declaration? {
    declarations.first { $0.scopedName == scopedName }
  }
}

/// An element of a scope as the file orders it.
public indirect enum Item: Hashable, Sendable {
  /// One part of a module. A module that is reopened has several; they share the id.
  case module(DeclarationID, ModulePart)
  /// Any other declaration, at the place of its definition (forward declarations leave no item if a definition follows).
  case declaration(DeclarationID)

  fileprivate func restricted(to path: String, in model: Model) -> Item? {
    switch self {
    case .declaration(let id):
      return model[id].file == path ? self : nil
    case .module(let id, let part):
      let items = part.items.compactMap { $0.restricted(to: path, in: model) }
      guard part.location.file == path || !items.isEmpty else { return nil }
      return .module(id, ModulePart(location: part.location, documentation: part.documentation, items: items))
    }
  }
}

/// One `module X { ... };` in one place.
public struct ModulePart: Hashable, Sendable {
  /// The identifier behind the word `module`.
  public let location: SourceLocation
  /// The lines of the documentation comment of this part.
  public let documentation: [String]
  /// What stands inside, in order.
  public internal(set) var items: [Item]
}

/// A file of the translation unit.
public struct SourceFile: Hashable, Sendable {
  /// The path as the loader resolved it.
  public let path: String
  /// Whether it is the file that was given to the compiler.
  public let isMain: Bool
  /// The paths of the files that it includes directly, in order, each once.
  public internal(set) var includes: [String]
}
