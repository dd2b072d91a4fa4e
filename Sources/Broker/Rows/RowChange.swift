public import Identity

/// One change of one row: what a step asks the store to do, all of it in the transaction that loaded the rows.
public enum RowChange: Hashable, Sendable {
  case insertMessage(MessageRow)
  case insertItem(ItemRow)
  /// A new thing, before its links.
  case insertThing(CommonID, entity: String, createdAt: Int64)
  case insertLink(Link)
  /// Ends the link that holds for the key; none holds: nothing happens.
  case endLink(LinkKey, at: Int64, who: String, why: String)
  case putObject(ObjectRow)
  case putSourceState(SourceStateRow)
  /// The values by which other systems' items may be matched with the thing; replaces its former ones, and gives up its claims on
  /// values that it no longer has.
  case putMatchValues(CommonID, entity: String, values: [MatchValue])
  /// The unique right to create a thing with this match value; a store that finds it taken fails the transaction.
  case insertClaim(entity: String, MatchValue, CommonID)
  case insertHeld(HeldRow)
  /// Changes state, causes, code, explanation and time of change of a held item.
  case updateHeld(HeldRow)
  /// The outcome of an item that was held.
  case updateItem(ItemRow)
  /// The next number of a sequence.
  case putCounter(String, next: Int64)
  case putDelivery(DeliveryRow)
  case putLane(CustomerLaneRow)
  case removeLane(destination: String, party: CommonID)
  case putSystem(SystemRow)
  /// How far an adapter has read.
  case putWatermark(system: String, feed: String, position: String)
  case insertAudit(AuditRow)
}

/// A field and a value by which things of different systems are recognised as the same; compared octet by octet.
public struct MatchValue: Hashable, Sendable {
  public var field: String
  public var value: String
  public init(field: String, value: String) {
    self.field = field
    self.value = value
  }

  public static func == (left: MatchValue, right: MatchValue) -> Bool {
    left.field == right.field && left.value.utf8.elementsEqual(right.value.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(field)
    hasher.combine(ForeignID(value))
  }
}
