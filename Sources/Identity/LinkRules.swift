/// How many ids of one system one thing may have.
public enum Cardinality: String, Sendable, CaseIterable {
  /// One id, one thing.
  case oneToOne = "1:1"
  /// Several ids of the system mean the same thing.
  case manyToOne = "N:1"
}

/// A change of links that a rule asks for.
public enum LinkChange: Hashable, Sendable {
  case insert(LinkKey, CommonID)
  case end(LinkKey)
}

/// Why links cannot be written as asked: it says what stands there already.
public enum LinkConflict: Error, Hashable, Sendable {
  case bothUnknown(LinkKey, LinkKey)
  /// The two ids mean different things.
  case differentThings(LinkKey, CommonID, LinkKey, CommonID)
  /// The thing has another id in that system already.
  case alreadyLinked(LinkKey, other: LinkKey)
  case unknown(LinkKey)
  case differentEntities(LinkKey, LinkKey)
  case sameSystem(LinkKey, LinkKey)

  /// A stable code.
  public var code: String {
    switch self {
    case .bothUnknown: "LINK_BOTH_UNKNOWN"
    case .differentThings: "LINK_DIFFERENT_THINGS"
    case .alreadyLinked: "LINK_ALREADY_LINKED"
    case .unknown: "LINK_UNKNOWN"
    case .differentEntities: "LINK_DIFFERENT_ENTITIES"
    case .sameSystem: "LINK_SAME_SYSTEM"
    }
  }

  public var explanation: String {
    switch self {
    case .bothUnknown(let left, let right):
      "neither \(left) nor \(right) is known; one of them must have been received or created before"
    case .differentThings(let left, let leftThing, let right, let rightThing):
      "\(left) means \(leftThing) and \(right) means \(rightThing); unlink one of them first if that is wrong"
    case .alreadyLinked(let key, let other): "the thing that \(key) should mean is already \(other); unlink that first, or replace it"
    case .unknown(let key): "\(key) is not linked"
    case .differentEntities(let left, let right): "\(left) and \(right) are not of the same kind"
    case .sameSystem(let left, let right): "\(left) and \(right) belong to the same system; a link joins two systems"
    }
  }
}

/// The truth table by which links are written (add, link, update, unlink). Repeating what holds succeeds and changes nothing.
public enum LinkRules {
  /// Joins two ids: both mean the same thing from now on.
  ///
  /// - Parameters:
  ///   - links: the links that hold for the two keys.
  ///   - linksOfThing: the links that hold for a thing.
  ///   - replacing: where the thing has another id in that system, or `right` means another thing, that link ends (update).
  /// - Throws: ``LinkConflict``.
  public static func join(
    _ left: LinkKey, _ right: LinkKey, links: (LinkKey) -> Link?, linksOfThing: (CommonID) -> [Link],
    cardinality: Cardinality = .oneToOne, replacing: Bool = false
  ) throws(LinkConflict) -> [LinkChange] {
    if left.entity != right.entity { throw .differentEntities(left, right) }
    if left.system == right.system { throw .sameSystem(left, right) }
    switch (links(left), links(right)) {
    case (nil, nil): throw .bothUnknown(left, right)
    case (let known?, nil): return try attach(right, to: known.common, linksOfThing, cardinality, replacing)
    case (nil, let known?): return try attach(left, to: known.common, linksOfThing, cardinality, replacing)
    case (let first?, let second?):
      if first.common == second.common { return [] }
      if !replacing { throw .differentThings(left, first.common, right, second.common) }
      // The foreign id moves to the thing that the CRM core's id means.
      let (moved, target) = left.system == "crm" ? (right, first.common) : (left, second.common)
      return [.end(moved)] + (try attach(moved, to: target, linksOfThing, cardinality, replacing))
    }
  }

  private static func attach(
    _ key: LinkKey, to thing: CommonID, _ linksOfThing: (CommonID) -> [Link], _ cardinality: Cardinality, _ replacing: Bool
  ) throws(LinkConflict) -> [LinkChange] {
    let others = linksOfThing(thing).filter { $0.key.system == key.system && $0.key != key }
    if cardinality == .oneToOne, let other = others.first {
      if !replacing { throw .alreadyLinked(key, other: other.key) }
      return others.map { .end($0.key) } + [.insert(key, thing)]
    }
    return [.insert(key, thing)]
  }

  /// Ends a link.
  ///
  /// - Throws: ``LinkConflict/unknown(_:)`` where the key is not linked.
  public static func unlink(_ key: LinkKey, links: (LinkKey) -> Link?) throws(LinkConflict) -> [LinkChange] {
    guard links(key) != nil else { throw .unknown(key) }
    return [.end(key)]
  }
}
