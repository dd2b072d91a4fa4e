import Identity
import Testing

@Suite struct LinkRulesTests {
  let item = LinkKey(entity: "Product", system: "erp", id: ForeignID("ITEM-1"))
  let other = LinkKey(entity: "Product", system: "erp", id: ForeignID("ITEM-2"))
  let product = LinkKey(entity: "Product", system: "crm", id: ForeignID("P-000001"))
  let thing = CommonID(high: 1, low: 1)
  let another = CommonID(high: 2, low: 2)

  func join(_ left: LinkKey, _ right: LinkKey, known: [LinkKey: CommonID], cardinality: Cardinality = .oneToOne, replacing: Bool = false)
    throws(LinkConflict) -> [LinkChange]
  {
    func link(_ key: LinkKey) -> Link? { known[key].map { Link(key: key, common: $0, validFrom: 0, who: "", why: "") } }
    return try LinkRules.join(
      left, right, links: link,
      linksOfThing: { thing in known.keys.sorted { $0.id < $1.id }.filter { known[$0] == thing }.compactMap(link) },
      cardinality: cardinality, replacing: replacing)
  }

  @Test func anUnknownIdIsAddedToTheKnownThing() throws {
    #expect(try join(item, product, known: [product: thing]) == [.insert(item, thing)])
    #expect(try join(item, product, known: [item: thing]) == [.insert(product, thing)])
  }

  @Test func repeatingWhatHoldsChangesNothing() throws {
    #expect(try join(item, product, known: [item: thing, product: thing]) == [])
  }

  @Test func twoUnknownIdsAreRefused() {
    #expect(throws: LinkConflict.bothUnknown(item, product)) { try join(item, product, known: [:]) }
  }

  @Test func differentThingsAreRefusedUnlessReplaced() throws {
    #expect(throws: LinkConflict.differentThings(item, another, product, thing)) {
      try join(item, product, known: [item: another, product: thing])
    }
    #expect(try join(item, product, known: [item: another, product: thing], replacing: true) == [.end(item), .insert(item, thing)])
  }

  @Test func aSecondIdOfTheSameSystemNeedsItsCardinality() throws {
    let known = [product: thing, other: thing]
    #expect(throws: LinkConflict.alreadyLinked(item, other: other)) { try join(item, product, known: known) }
    #expect(try join(item, product, known: known, cardinality: .manyToOne) == [.insert(item, thing)])
    #expect(try join(item, product, known: known, replacing: true) == [.end(other), .insert(item, thing)])
  }

  @Test func onlyIdsOfOneKindAndTwoSystemsAreJoined() {
    let category = LinkKey(entity: "Category", system: "crm", id: ForeignID("K-000001"))
    #expect(throws: LinkConflict.differentEntities(item, category)) { try join(item, category, known: [item: thing]) }
    #expect(throws: LinkConflict.sameSystem(item, other)) { try join(item, other, known: [item: thing]) }
  }

  @Test func unlinkingEndsTheLinkOrSaysThatThereIsNone() throws {
    #expect(try LinkRules.unlink(item) { Link(key: $0, common: thing, validFrom: 0, who: "", why: "") } == [.end(item)])
    #expect(throws: LinkConflict.unknown(item)) { try LinkRules.unlink(item) { _ in nil } }
  }
}

@Suite struct MatchRulesTests {
  let code = MatchValue(field: "code", value: "A-1")
  let name = MatchValue(field: "name", value: "Bolt")
  let first = CommonID(high: 1, low: 0)
  let second = CommonID(high: 2, low: 0)

  func decide(_ keys: [MatchValue], _ hits: [MatchValue: [CommonID]], taken: Set<CommonID> = []) -> MatchDecision {
    MatchRules.decide(keys, candidates: { hits[$0] ?? [] }, isTaken: { taken.contains($0) })
  }

  @Test func nothingFoundCreates() { #expect(decide([code, name], [:]) == .create) }
  @Test func oneFreeHitLinks() { #expect(decide([code], [code: [first]]) == .link(first, by: code)) }
  @Test func theFirstKeyThatHitsDecides() {
    #expect(decide([code, name], [name: [second]]) == .link(second, by: name))
    #expect(decide([code, name], [code: [first], name: [second]]) == .link(first, by: code))
  }
  @Test func twoHitsAreForAPerson() { #expect(decide([code], [code: [second, first]]) == .ambiguous([first, second], by: code)) }
  @Test func aHitOfAnotherIdOfTheSameSystemIsForAPerson() {
    #expect(decide([code], [code: [first]], taken: [first]) == .ambiguous([first], by: code))
  }
  @Test func emptyValuesMatchNothing() {
    let empty = MatchValue(field: "code", value: "")
    #expect(decide([empty], [empty: [first]]) == .create)
  }
}
