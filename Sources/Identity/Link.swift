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
///
/// A class, since a step carries its links about in several lists: a reference costs less than seven texts.
public final class Link: Sendable {
  public let key: LinkKey
  public let common: CommonID
  /// Microseconds since 1970 UTC.
  public let validFrom: Int64
  /// Nil while the link holds.
  public let validTo: Int64?
  /// A person, or `broker`.
  public let who: String
  /// Why: the message or delivery that brought it, the match key that found it, or a person's words.
  public let why: String
  /// Who ended it, and why; empty while it holds.
  public let endedBy: String
  public let endedBecause: String

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

extension Link {
  /// The same link, which holds no longer.
  public func ended(at time: Int64, by who: String, because why: String) -> Link {
    Link(
      key: key, common: common, validFrom: validFrom, validTo: time, who: self.who, why: self.why, endedBy: who, endedBecause: why)
  }

  /// The same link, of a key that is written otherwise.
  public func renamed(to key: LinkKey) -> Link {
    Link(
      key: key, common: common, validFrom: validFrom, validTo: validTo, who: who, why: why, endedBy: endedBy, endedBecause: endedBecause)
  }
}

extension Link: Hashable {
  public static func == (left: Link, right: Link) -> Bool {
    left === right
      || left.key == right.key && left.common == right.common && left.validFrom == right.validFrom && left.validTo == right.validTo
        && left.who == right.who && left.why == right.why && left.endedBy == right.endedBy && left.endedBecause == right.endedBecause
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(key)
    hasher.combine(common)
    hasher.combine(validFrom)
  }
}
