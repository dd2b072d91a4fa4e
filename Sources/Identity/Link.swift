/// One system's id of one kind of thing: `Product ITEM-4711 of erp-shanghai`.
public struct LinkKey: Hashable, Sendable, CustomStringConvertible {
  /// Product, Category, Unit, Party, Contact, Contract or Order.
  public var entity: String
  /// The application instance.
  public var system: String
  /// In the canonical form of that system and entity.
  public var id: ForeignID

  public init(entity: String, system: String, id: ForeignID) {
    self.entity = entity
    self.system = system
    self.id = id
  }

  /// The id alone tells nearly all keys apart; hashing entity and system too would triple the work of every look-up.
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }

  public var description: String { "\(entity) \(id) of \(system)" }
}

extension LinkKey: Comparable {
  /// By entity, system and id, octet by octet.
  public static func < (left: LinkKey, right: LinkKey) -> Bool {
    if left.entity != right.entity { return left.entity.utf8.lexicographicallyPrecedes(right.entity.utf8) }
    if left.system != right.system { return left.system.utf8.lexicographicallyPrecedes(right.system.utf8) }
    return left.id < right.id
  }
}

/// States that a system's id means a thing, from when to when, and who said so.
///
/// Links are never deleted, they end: "what did this id mean on 3 March" has an answer.
public struct Link: Hashable, Sendable {
  public var key: LinkKey
  public var common: CommonID
  /// Microseconds since 1970 UTC.
  public var validFrom: Int64
  /// Nil while the link holds.
  public var validTo: Int64?
  /// A person, or `broker`.
  public var who: String
  /// Why: the message or delivery that brought it, the match key that found it, or a person's words.
  public var why: String
  /// Who ended it, and why; empty while it holds.
  public var endedBy: String
  public var endedBecause: String

  public init(
    key: LinkKey, common: CommonID, validFrom: Int64, validTo: Int64? = nil, who: String, why: String, endedBy: String = "",
    endedBecause: String = ""
  ) {
    self.key = key
    self.common = common
    self.validFrom = validFrom
    self.validTo = validTo
    self.who = who
    self.why = why
    self.endedBy = endedBy
    self.endedBecause = endedBecause
  }
}
