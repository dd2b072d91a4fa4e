import ForeignORB
import Foundation
import TesseraProcess
import Testing

@Suite("22 Contracts that others signed") struct F22ContractsOfOthers {
  /// A mapping that makes a contract of a row, as an integrator writes one.
  private static func mapping(status: String) -> String {
    """
    <mapping xmlns="urn:tessera:mapping:1" name="shop-contracts" from="csv:contracts">
      <column name="no"/><column name="customer"/><column name="item"/><column name="count"/>
      <emit to="Contract">
        <identity entity="Contract" from="no" field="id"/>
        <set field="changedAt" from="now-of-document()"/><set field="status" value="\(status)"/><set field="number" from="no"/>
        <set field="party" from="customer" id-of="Party" unmapped="hold"/><set field="contactPerson" value=""/>
        <set field="signDate" value="2026-11-30"/><set field="currency" value="EUR"/><set field="priceIncludesTax" value="false"/>
        <for-each field="lines" in=".">
          <set field="number" value="1"/><set field="product" from="item" id-of="Product" unmapped="hold"/>
          <set field="packaging" value=""/><set field="quantity" from="decimal(count)"/><set field="unit" value=""/>
          <set field="unitPrice" value="100"/><set field="discount" value="0"/><set field="taxCode" value=""/>
          <set field="deliveryDate" value=""/>
        </for-each>
        <set field="paymentTerms" value=""/>
        <set field="deliveryAddress/kind" value=""/><set field="deliveryAddress/line1" value=""/><set field="deliveryAddress/line2" value=""/>
        <set field="deliveryAddress/city" value=""/><set field="deliveryAddress/region" value=""/>
        <set field="deliveryAddress/postalCode" value=""/><set field="deliveryAddress/country" value=""/>
        <set field="netTotal" from="decimal(count) * 100"/><set field="taxTotal" value="0"/><set field="grossTotal" from="decimal(count) * 100"/>
        <set field="orderType" value=""/><set field="renews" value=""/><set field="calledOff" value="false"/>
      </emit>
    </mapping>
    """
  }

  private func shop(withDesk: Bool, status: String = "signed") async throws -> FieldDesk {
    let desk = try await FieldDesk(withDesk: withDesk)
    _ = try await desk.server.addSystem("shop")
    _ = try await ChildProcess.check("mkdir", ["maps"], folder: desk.server.folder)
    try desk.server.write(Self.mapping(status: status), to: "maps/contracts.xml")
    try await desk.server.json("identity", "link", "Party", "crm:\(desk.party)", "shop:7", "--reason", "the same")
    try await desk.server.json("identity", "link", "Product", "crm:P-000001", "shop:bolt", "--reason", "the same")
    return desk
  }

  private func push(_ desk: FieldDesk, _ rows: String...) async throws -> [String] {
    try desk.server.write("no,customer,item,count\n\(rows.joined(separator: "\n"))\n", to: "contracts-\(rows.hashValue).csv")
    let pushed = try await desk.server.document(
      "push", "contracts-\(rows.hashValue).csv", "--system", "shop", "--as", "csv:contracts", "--mappings", "maps")
    return (pushed["results"]?.array ?? []).map { "\($0["outcome"]?.string ?? "") \($0["code"]?.string ?? "")" }
  }

  @Test("A contract that a mapping emits as signed is signed here: ordered, once, within the customer's credit")
  func emitted() async throws {
    let desk = try await shop(withDesk: true)
    #expect(try await push(desk, "A-1,7,bolt,2") == ["applied "])
    #expect(try await desk.server.json("contracts", "show", "V-000001")["state"] == "signed")
    #expect(try await desk.server.rows("SELECT count(*) FROM deliveries") == "1")
    #expect(try await desk.server.rows("SELECT who FROM audit_trail WHERE action = 'sign'") == "shop")
    // Once more with other words it is no second order, and does not undo the first.
    #expect(try await push(desk, "A-1,7,bolt,3") == ["rejected CONTRACT_KNOWN"])
    #expect(try await desk.server.json("contracts", "show", "V-000001")["state"] == "signed")
    #expect(try await desk.server.rows("SELECT count(*) FROM deliveries") == "1")
    // Beyond the credit it waits, like every other.
    try desk.server.write(
      "id,sourceVersion,status,party,creditArea,currency,creditLimit,openReceivable,orderedNotInvoiced,overdue,asOf\nT,1,active,D-1,1,EUR,500,0,0,0,\(Self.now)\n",
      to: "terms.csv")
    try await desk.server.json("identity", "link", "Party", "crm:\(desk.party)", "desk:D-1", "--reason", "the same")
    try await desk.server.json("push", "terms.csv", "--system", "desk", "--as", "CreditTerms")
    #expect(try await push(desk, "A-2,7,bolt,9") == ["applied "])
    #expect(try await desk.server.json("contracts", "show", "V-000002")["state"] == "credit-hold")
    // The number of a contract that the same system signed before is not signed again under another id.
    try desk.server.write(
      Self.mapping(status: "signed").replacing("field=\"number\" from=\"no\"", with: "field=\"number\" value=\"A-1\""),
      to: "maps/contracts.xml")
    #expect(try await push(desk, "A-3,7,bolt,1") == ["applied "])
    let unsigned = try await desk.server.json("contracts", "list", "--unsigned")["contracts"]?.array ?? []
    #expect(unsigned.map { $0["code"]?.string } == ["NUMBER_TAKEN"] && unsigned.first?["system"] == "shop")
    // What is over is not signed by it.
    try desk.server.write(Self.mapping(status: "cancelled"), to: "maps/contracts.xml")
    #expect(try await push(desk, "A-4,7,bolt,1") == ["rejected CONTRACT_STATE"])
    #expect(try await desk.server.rows("SELECT count(*) FROM deliveries") == "1")
  }

  private static var now: String { "\(Int64(Date().timeIntervalSince1970 * 1_000_000))" }

  @Test("What waits for a system that takes its order is shown to people, and signed when one is added")
  func destination() async throws {
    let desk = try await shop(withDesk: false)
    #expect(try await push(desk, "A-1,7,bolt,2", "A-2,7,bolt,3") == ["applied ", "applied "])
    let waiting = try await desk.server.json("contracts", "list", "--unsigned")["contracts"]?.array ?? []
    #expect(waiting.map { $0["id"]?.string } == ["V-000001", "V-000002"])
    #expect(waiting.allSatisfy { $0["code"] == "NO_DESTINATION" }, "\(waiting)")
    let shown = try await desk.server.run("contracts", "show", "V-000001").output
    #expect(shown.contains("signed in shop, and not here: NO_DESTINATION"), "\(shown)")
    let doctor = try await desk.server.run("doctor").output
    #expect(doctor.contains("2 contracts that other systems signed are not signed here"), "\(doctor)")
    // A draft of our own is nobody's but ours.
    let own = try await desk.draft("K-1")
    try await desk.addDesk()
    #expect(try await desk.server.json("contracts", "list", "--unsigned")["contracts"]?.array == [])
    #expect(try await desk.server.json("contracts", "show", "V-000001")["state"] == "signed")
    #expect(try await desk.server.json("contracts", "show", own)["state"] == "draft")
    #expect(try await desk.server.rows("SELECT count(*) FROM deliveries") == "2")
    // One more system does not order once more.
    try await desk.addDesk("other")
    #expect(try await desk.server.rows("SELECT count(*) FROM deliveries") == "2")
  }
}
