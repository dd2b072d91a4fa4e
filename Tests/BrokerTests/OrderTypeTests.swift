import Broker
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI
import Testing

@testable import BrokerRuntime

@Suite("Order types") struct OrderTypeTests {
  @Test(arguments: [
    ("", "", []), ("new", "", []), ("upsell", "", []), ("renewal", "V-9", []), ("", "V-9", []), ("upsell", "V-9", []),
    ("renewal", "", ["RENEWED_MISSING"]), ("new", "V-9", ["NOT_A_RENEWAL"]), ("crossell", "", ["VALUE_UNKNOWN"]),
    ("renewal", "V-1", ["RENEWS_ITSELF"]),
  ])
  func aContractSaysWhatItIs(type: String, renews: String, codes: [String]) {
    var contract = V1.Contract.sample("V-1", party: "C-1", products: ["A"])
    contract.orderType = type
    contract.renews = renews
    #expect(contract.examine().map(\.code) == codes)
  }

  @Test func aRenewalNamesAContractThatIsThere() async throws {
    let sale = try await ChangedSale()
    var draft = V1.Contract.sample(party: sale.party, products: sale.products)
    draft.renews = "V-9"
    let wrong = draft
    #expect(try await sale.refusal { _ = try await sale.broker.engine.draft(wrong) } == "CONTRACT_UNKNOWN")
    draft.renews = sale.contract
    let id = try await sale.broker.engine.draft(draft).id
    try await sale.broker.engine.sign(contractID: id, who: "ann")
    try await sale.deliver()
    #expect(sale.erp.received.map(\.orderType) == ["new", "renewal"])
  }
}
