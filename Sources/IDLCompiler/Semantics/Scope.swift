/// A naming scope (OMG CORBA 3.0, 3.15).
final class Scope {
  enum Kind {
    case file, module, interface, structure, exception, operation
  }

  /// What a name stands for.
  enum Meaning: Equatable {
    case declaration(DeclarationID)
    case enumerator(DeclarationID, index: Int)
    case member
    case parameter
  }

  struct Entry {
    let spelling: String
    let location: SourceLocation
    let meaning: Meaning
  }

  struct Use {
    let spelling: String
    let location: SourceLocation
  }

  let kind: Kind
  /// The declaration that opens the scope; nil at file scope.
  let declaration: DeclarationID?
  let scopedName: [String]
  let parent: Scope?

  /// By folded name, since names that differ only in case collide (3.2.3).
  private(set) var entries: [String: Entry] = [:]
  /// Names of outer scopes that were used here and must not get another meaning any more (3.15.3), by folded name.
  private(set) var uses: [String: Use] = [:]

  /// Of an interface: the scopes of the direct bases.
  var bases: [Scope] = []
  /// Of an interface: inherited operations and attributes by folded name.
  var inherited: [String: Entry] = [:]
  /// Of an interface: the longest way up to a base without bases.
  var inheritanceDepth = 0

  init(_ kind: Kind, declaration: DeclarationID?, scopedName: [String], parent: Scope?) {
    self.kind = kind
    self.declaration = declaration
    self.scopedName = scopedName
    self.parent = parent
  }

  static func folded(_ name: String) -> String { name.lowercased() }

  func add(_ entry: Entry) { entries[Self.folded(entry.spelling)] = entry }

  func recordUse(of spelling: String, at location: SourceLocation) {
    let key = Self.folded(spelling)
    if uses[key] == nil { uses[key] = Use(spelling: spelling, location: location) }
  }

  /// Finds a name here or, for an interface, in the nearest bases that have it. Several answers are an ambiguity.
  func find(_ folded: String) -> [Entry] {
    if let entry = entries[folded] { return [entry] }
    guard !bases.isEmpty else { return [] }
    var found: [Entry] = []
    var seen: Set<ObjectIdentifier> = []
    func search(_ scope: Scope) {
      guard seen.insert(ObjectIdentifier(scope)).inserted else { return }
      if let entry = scope.entries[folded] {
        if !found.contains(where: { $0.meaning == entry.meaning }) { found.append(entry) }
      } else {
        scope.bases.forEach(search)
      }
    }
    bases.forEach(search)
    return found
  }

  /// The names that are visible here, for suggestions.
  func visibleNames(limit: Int) -> [String] {
    var names = entries.values.prefix(limit).map(\.spelling)
    for base in bases where names.count < limit { names += base.entries.values.prefix(limit - names.count).map(\.spelling) }
    if let parent, names.count < limit { names += parent.visibleNames(limit: limit - names.count) }
    return names
  }
}
