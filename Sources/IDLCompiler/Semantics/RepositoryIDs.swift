/// Forms repository ids (OMG CORBA 3.0, 10.7): the prefix of the place, then the name.
///
/// A prefix holds from its pragma to the end of its scope or file, and stands for the names of the scopes around the pragma.
/// An included file begins without a prefix.
struct RepositoryIDs {
  private struct Frame {
    let isFile: Bool
    /// With the names of the scopes inside, without a slash behind.
    var prefix: String
  }

  private var frames = [Frame(isFile: true, prefix: "")]
  private var prefixesOfScopes: [DeclarationID: String] = [:]
  private(set) var explicitIDs: Set<DeclarationID> = []
  private(set) var explicitVersions: [DeclarationID: String] = [:]

  private var prefix: String { frames[frames.count - 1].prefix }

  /// The id of something declared here.
  func id(of name: String) -> String { "IDL:" + (prefix.isEmpty ? "" : prefix + "/") + name + ":1.0" }

  mutating func setPrefix(_ text: String) { frames[frames.count - 1].prefix = text }

  mutating func enterScope(_ id: DeclarationID, named name: String) {
    frames.append(Frame(isFile: false, prefix: prefixesOfScopes[id] ?? (prefix.isEmpty ? name : prefix + "/" + name)))
  }

  mutating func leaveScope() { removeLast(isFile: false) }

  /// - Parameter scopes: The names of the scopes around the `#include`.
  mutating func enterFile(in scopes: [String]) { frames.append(Frame(isFile: true, prefix: scopes.joined(separator: "/"))) }

  mutating func leaveFile() { removeLast(isFile: true) }

  /// Removes one frame; a file that closes a module of another file must not unbalance the rest.
  private mutating func removeLast(isFile: Bool) {
    guard let index = frames.indices.dropFirst().last(where: { frames[$0].isFile == isFile }) else { return }
    frames.remove(at: index)
  }

  /// Whether a pragma or `typeid` gave the id or the version.
  func isExplicit(_ id: DeclarationID) -> Bool { explicitIDs.contains(id) || explicitVersions[id] != nil }

  mutating func markExplicit(_ id: DeclarationID) { explicitIDs.insert(id) }

  mutating func markVersion(_ id: DeclarationID, _ version: String) { explicitVersions[id] = version }

  /// Sets the prefix of everything in a scope, for `typeprefix`.
  mutating func setPrefix(ofScope id: DeclarationID, _ text: String, isCurrent: Bool) {
    prefixesOfScopes[id] = text
    if isCurrent { setPrefix(text) }
  }
}
