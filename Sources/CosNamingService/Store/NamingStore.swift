/// Where bindings are kept. A write that returned outlives the process, where the store is to be of use.
public protocol NamingStore: Sendable {
  /// Runs `body` alone, and returns when its changes are kept; one that throws changes nothing.
  ///
  /// - Throws: what `body` throws, or what is wrong with the store.
  func write<Result: Sendable>(_ body: @escaping @Sendable (any NamingTransaction) throws -> Result) async throws -> Result

  /// Runs `body` on one consistent state.
  func read<Result: Sendable>(_ body: @escaping @Sendable (any NamingReader) throws -> Result) async throws -> Result
}

/// Reads contexts and their bindings.
public protocol NamingReader {
  func contextCount() throws -> Int
  /// How many bindings the context has; nil where there is no such context.
  func bindingCount(in context: NamingContextID) throws -> Int?
  func target(of key: NameKey, in context: NamingContextID) throws -> BoundTarget?
  /// In the order of their keys; `after` is the last key of the page before.
  func bindings(in context: NamingContextID, after: NameKey?, limit: Int) throws -> [BoundName]
}

/// Changes contexts and their bindings. What must hold for a change is checked by its caller, in the same transaction.
public protocol NamingTransaction: NamingReader {
  /// A new empty context, under an id that was never used.
  func makeContext() throws -> NamingContextID
  func removeContext(_ context: NamingContextID) throws
  /// Binds, in place of what is bound to the key.
  func put(_ target: BoundTarget, for key: NameKey, in context: NamingContextID) throws
  func remove(_ key: NameKey, in context: NamingContextID) throws
}

/// One of the service's own contexts.
public struct NamingContextID: Hashable, Sendable {
  public let rawValue: Int64

  public init(_ rawValue: Int64) { self.rawValue = rawValue }

  /// The context that `NameService` names. It is always there.
  public static let root = NamingContextID(1)
  /// The context of the names that the program itself publishes. It is always there.
  public static let published = NamingContextID(2)
}

/// A name component as a key: compared octet by octet, while Swift takes composed and decomposed letters for the same text.
public struct NameKey: Hashable, Sendable, Comparable {
  public let id: String
  public let kind: String

  public init(id: String, kind: String) {
    self.id = id
    self.kind = kind
  }

  init(_ component: CosNaming.NameComponent) { self.init(id: component.id, kind: component.kind) }

  var component: CosNaming.NameComponent { CosNaming.NameComponent(id: id, kind: kind) }

  public static func == (left: NameKey, right: NameKey) -> Bool {
    left.id.utf8.elementsEqual(right.id.utf8) && left.kind.utf8.elementsEqual(right.kind.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    for octet in id.utf8 { hasher.combine(octet) }
    hasher.combine(UInt8(0xFF))
    for octet in kind.utf8 { hasher.combine(octet) }
  }

  public static func < (left: NameKey, right: NameKey) -> Bool {
    if left.id.utf8.elementsEqual(right.id.utf8) { return left.kind.utf8.lexicographicallyPrecedes(right.kind.utf8) }
    return left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
  }
}

/// What a name is bound to.
public enum BoundTarget: Hashable, Sendable {
  /// An object, as a stringified reference; empty for the nil reference.
  case object(String)
  /// A context of this service.
  case context(NamingContextID)
  /// A context of another server, as a stringified reference.
  case foreignContext(String)

  var bindingType: CosNaming.BindingType {
    switch self {
    case .object: .nobject
    case .context, .foreignContext: .ncontext
    }
  }
}

/// One binding.
public struct BoundName: Hashable, Sendable {
  public var key: NameKey
  public var target: BoundTarget

  public init(_ key: NameKey, _ target: BoundTarget) {
    self.key = key
    self.target = target
  }
}
