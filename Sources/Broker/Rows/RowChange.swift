public import Identity

/// One change of one row: what a step asks the store to do, all of it in the transaction that loaded the rows.
public enum RowChange: Hashable, Sendable {
  // The large rows are kept apart, so that a list of a batch's many small ones stays small.
  indirect case insertMessage(MessageRow)
  /// The body of a message whose row follows in the same transaction: a large one is written while the step goes on.
  case insertBody(message: Int64, [UInt8])
  case insertItem(ItemRow)
  /// A link that holds from now on, with the state that was applied for its key by the way.
  case insertLink(Link, state: SourceState? = nil)
  /// Ends the link that holds for the key; none holds: nothing happens.
  case endLink(LinkKey, at: Int64, who: String, why: String)
  case putObject(ObjectRow)
  /// The state that was applied last for a key, which has a link or had one; another key fails the transaction.
  case putSourceState(LinkKey, SourceState)
  indirect case putMatchValues(MatchValuesChange)
  indirect case insertHeld(HeldRow)
  /// Changes key, version, state, causes, code, explanation, shape and time of change of a held item.
  indirect case updateHeld(HeldRow)
  /// The outcome of an item that was held.
  case updateItem(ItemRow)
  case insertLeftOut(LeftOutRow)
  case countRepeat(RepeatRow)
  /// The next number of a sequence.
  case putCounter(String, next: Int64)
  indirect case putDelivery(DeliveryRow)
  case putLane(CustomerLaneRow)
  case removeLane(destination: String, party: CommonID)
  indirect case putSystem(SystemRow)
  indirect case putPartner(PartnerRow)
  /// How far an adapter has read.
  case putWatermark(system: String, feed: String, position: String)
  case insertAudit(AuditRow)
  indirect case credit(CreditChange)
  /// An id of a system is written otherwise from now on, wherever it is a key: its links, ended ones too, what is held under it or waits
  /// for it. Another link that holds for the new one fails the transaction.
  indirect case renameKey(LinkKey, to: LinkKey)
  /// The form in which the ids or values of a scope are stored.
  indirect case putForm(FormRow)
  /// What an object is found by, in place of what it was found by until now.
  indirect case putBelonging(BelongingRow)
}

/// The values by which other systems' items may be matched with a thing are replaced.
public struct MatchValuesChange: Hashable, Sendable {
  public var common: CommonID
  public var entity: String
  /// What the thing carries until now. Its claims of what it does not carry any more end.
  public var former: [MatchValue]
  public var values: [MatchValue]
  /// Those of ``values`` that the thing claims: the unique right to create a thing with that value. A store that finds it claimed by
  /// another thing fails the transaction. Only what is also a match value is claimed, so that a claim is never in the way of somebody
  /// who could not see it.
  public var claims: [MatchValue]

  public init(_ common: CommonID, entity: String, from former: [MatchValue] = [], to values: [MatchValue], claims: [MatchValue] = []) {
    self.common = common
    self.entity = entity
    self.former = former
    self.values = values
    self.claims = claims
  }
}
