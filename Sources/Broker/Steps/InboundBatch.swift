public import CDR
import CRMCore
import Identity
public import Mapping

/// A message whose items went through their mapping and now meet the rows.
public struct InboundBatch: Sendable {
  public var system: String
  public var messageID: String
  public var operation: String
  /// SHA-256 of the decoded arguments, encoded again by us.
  public var digest: [UInt8]
  /// The octets as they came, and how to read them.
  public var body: [UInt8]
  public var format: WireFormat
  public var alignedAt: Int
  public private(set) var items: [InboundItem]
  /// Those of ``items`` that are about the same thing as others of them.
  private(set) var twins: ItemTwins
  /// The messages of the parts of its document that were taken before, where it is a part of one.
  public var earlierParts: Set<Int64> = []
  /// How far an adapter has read with this batch; stored with it.
  public var watermark: Watermark?

  /// The position of an adapter in one of its feeds.
  public struct Watermark: Sendable, Hashable {
    public var feed: String
    public var position: String
    public init(feed: String, position: String) {
      self.feed = feed
      self.position = position
    }
  }

  public init(
    system: String, messageID: String, operation: String, digest: [UInt8], body: [UInt8], format: WireFormat, alignedAt: Int,
    items: [InboundItem], watermark: Watermark? = nil
  ) {
    self.system = system
    self.messageID = messageID
    self.operation = operation
    self.digest = digest
    self.body = body
    self.format = format
    self.alignedAt = alignedAt
    self.items = items
    twins = ItemTwins(items)
    self.watermark = watermark
  }
}

extension InboundBatch {
  /// Adds what follows from what the message does not mention.
  public mutating func add(_ missing: [InboundItem]) {
    items += missing
    twins = ItemTwins(items)
  }
}

/// One item of a message: what its sender said, and what the mapping made of it.
public final class InboundItem: Sendable {
  /// From 1.
  public let number: Int
  /// The mapping's source type, such as `sample-erp:Item`.
  public let sourceType: String
  public let source: Record
  public let outcome: MappingOutcome
  /// What the sender says of the thing: that it is new, or that we know it.
  public let demand: ItemDemand
  /// The keys of the outcome's items and of their references, in order; nil where the text is no id.
  /// Beside them the values by which the items are recognised, in the forms of their fields.
  let keys: [(own: LinkKey?, references: [LinkKey?], matches: [MatchValue])]

  /// - Parameters:
  ///   - system: whose ids the item bears.
  ///   - environment: says how the system's ids are made canonical.
  public init(
    number: Int, sourceType: String, source: Record, outcome: MappingOutcome, of system: String, _ environment: StepEnvironment,
    demand: ItemDemand = .any
  ) {
    self.number = number
    self.sourceType = sourceType
    self.source = source
    self.outcome = outcome
    keys = outcome.items.map { mapped in
      (
        environment.key(mapped.entity, system, mapped.identity.sourceID),
        mapped.references.map { environment.key($0.entity, system, $0.foreignID) },
        environment.policies.matchForms.canonical(mapped.identity.matches, of: mapped.entity, mapped.record)
      )
    }
    self.demand = demand
  }
}

/// What the sender of an item says of the thing that it is about.
public enum ItemDemand: Sendable, Hashable {
  /// It is written, whether we know it or not.
  case any
  /// An id that is linked already is refused.
  case isNew
  /// An id that is not linked is refused.
  case isKnown
  /// It is written, even if another thing of our own has its code.
  case mayRepeatCode
  /// Its sender said nothing of it, in a message that holds everything.
  case isMissing
}

extension InboundItem {
  /// Adds the rows that the item will look at.
  ///
  /// - Parameter last: what the item before refers to, which this one often refers to as well.
  func addNeeds(to needs: inout Needs, besides last: inout [LinkKey?]) {
    for (own, references, _) in keys {
      if let own { needs.links.insert(own) }
      for (place, key) in references.enumerated() {
        if let key, !last.indices.contains(place) || last[place] != key { needs.links.insert(key) }
      }
      last = references
    }
    for keys in keys { if let own = keys.own { needs.matchesOfUnknown.append((own, keys.matches)) } }
  }
}

extension InboundBatch {
  /// The rows that ``BrokerStep/receive(_:in:_:)`` looks at.
  public func needs() -> Needs {
    var needs = Needs()
    needs.message = (system, messageID)
    needs.links.reserveCapacity(items.count)
    var references: [LinkKey?] = []
    for item in items { item.addNeeds(to: &needs, besides: &references) }
    // A few entities, of which all items are.
    var entities: [String] = []
    for item in items { for mapped in item.outcome.items where !entities.contains(mapped.entity) { entities.append(mapped.entity) } }
    needs.addCommon(system: system, entities: entities)
    return needs
  }
}

extension Needs {
  /// What every step over items needs: the sequences, both systems' links, and the objects behind them.
  mutating func addCommon(system: String, entities: some Sequence<String>) {
    systems = [system, crmSystem]
    objectsOfLinks = true
    heldOfLinks = true
    keysOfThingsSuffice = true
    counters.formUnion(["message", "held"])
    for entity in entities { counters.insert("crm.\(entity)") }
    // A unit may be counted in one that is counted in it.
    if counters.contains(EntityKind.unit.counter) { wholeKinds.insert(EntityKind.unit.name) }
  }
}
