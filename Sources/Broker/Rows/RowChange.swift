public import Identity

/// One change of one row: what a step asks the store to do, all of it in the transaction that loaded the rows.
public enum RowChange: Hashable, Sendable {
  // The large rows are kept apart, so that a list of a batch's many small ones stays small.
  indirect case insertMessage(MessageRow)
  case insertItem(ItemRow)
  /// A new thing, before its links.
  case insertThing(CommonID, entity: String, createdAt: Int64)
  case insertLink(Link)
  /// Ends the link that holds for the key; none holds: nothing happens.
  case endLink(LinkKey, at: Int64, who: String, why: String)
  case putObject(ObjectRow)
  case putSourceState(SourceStateRow)
  /// The values by which other systems' items may be matched with the thing; replaces its former ones, and ends the thing's claims of
  /// values that it does not carry any more.
  case putMatchValues(CommonID, entity: String, values: [MatchValue])
  /// The unique right to create a thing with this match value; a store that finds it taken by another thing fails the transaction.
  /// The value becomes a match value of the thing, so that a claim is never in the way of somebody who could not see it.
  case insertClaim(entity: String, MatchValue, CommonID)
  indirect case insertHeld(HeldRow)
  /// Changes state, causes, code, explanation and time of change of a held item.
  indirect case updateHeld(HeldRow)
  /// The outcome of an item that was held.
  case updateItem(ItemRow)
  /// The next number of a sequence.
  case putCounter(String, next: Int64)
  indirect case putDelivery(DeliveryRow)
  case putLane(CustomerLaneRow)
  case removeLane(destination: String, party: CommonID)
  indirect case putSystem(SystemRow)
  /// How far an adapter has read.
  case putWatermark(system: String, feed: String, position: String)
  case insertAudit(AuditRow)
  indirect case credit(CreditChange)
}
