import ForeignORB
import Foundation
import TesseraProcess
import Testing

@Suite("14 Orders that cannot be sent") struct F14BlockedOrders {
  /// The order mapping that ships, for `desk` alone, with other text.
  private static func mapping(_ text: String, by other: String) throws -> String {
    let shipped = try String(contentsOfFile: repositoryPath("Mappings/canonical-order.xml"), encoding: .utf8)
    try #require(shipped.contains(text))
    let cut = shipped.range(of: "  <test").map { String(shipped[..<$0.lowerBound]) + "</mapping>\n" } ?? shipped
    return cut.replacingOccurrences(of: text, with: other)
      .replacingOccurrences(of: "name=\"canonical-order\"", with: "name=\"desk-order\" system=\"desk\"")
  }

  /// A number that is no date.
  private static let refusing = try? mapping(
    "<set field=\"orderDate\" from=\"orderDate\"/>", by: "<set field=\"orderDate\" from=\"date(number, 'dd.MM.yyyy')\"/>")
  private static let holding = try? mapping(
    "<set field=\"status\" from=\"status\"/>",
    by: "<set field=\"status\" from=\"currency\" table=\"status-words\" table-from=\"sent\" table-to=\"canonical\" unmapped=\"hold\"/>")

  /// Writes the folder of mapping files that `serve` takes.
  private static func folder(_ server: TesseraServer, leavingOut: String = "", adding text: String? = nil) throws {
    let shipped = repositoryPath("Mappings")
    for name in try FileManager.default.contentsOfDirectory(atPath: shipped) where name.hasSuffix(".xml") && name != leavingOut {
      try server.write(try String(contentsOfFile: "\(shipped)/\(name)", encoding: .utf8), to: "mappings/\(name)")
    }
    if let text { try server.write(text, to: "mappings/desk-order.xml") }
  }

  private static let serving = ["--mappings", "mappings"]

  @Test("An order that its mapping refuses, or a word that no value map has, is blocked: lists, doctor and log say so and why")
  func blocked() async throws {
    for (text, code) in [(Self.refusing, "MAPPING_FAILED"), (Self.holding, "UNMAPPED_VALUE")] {
      let text = try #require(text)
      let world = try await OrderingDesk(guarantee: "none", serving: Self.serving, before: { try Self.folder($0, adding: text) })
      let contract = try await world.sign("GB1", .results([OrderingDesk.verdict("SO-1")]))
      let blocked = try await world.delivery(contract, in: "blocked")
      #expect(blocked["code"]?.string == code && blocked["attempts"] == 0 && blocked["waitsForPerson"] == true, "\(blocked)")
      #expect(blocked["words"]?.string?.hasPrefix("the order cannot be sent: \(code)") == true, "\(blocked)")
      let shown = try await world.server.json("contracts", "show", contract)
      #expect(shown["explanation"] == "signed, but an order cannot be sent: it waits for a person")
      let people = try await world.server.json("deliveries", "list", "--for-people")["deliveries"]?.array
      #expect(people?.count == 1)
      #expect(try await world.server.json("deliveries", "list", "--state", "blocked")["deliveries"]?.array?.count == 1)
      let found = try await world.doctor("deliveries")
      #expect(found.contains { $0.hasPrefix("warning: 1 orders are blocked") && $0.contains(code) }, "\(found)")
      #expect(world.log("it cannot be sent", "contract=\(contract)", code).count == 1, "\(world.running.process.errorText)")
      // Looked at again at once: still the same.
      let id = try #require(blocked["delivery"]?.integer)
      try await world.server.json("deliveries", "retry", "\(id)", "--reason", "is it right now?")
      try await world.delivery(contract, in: "blocked")
      // Nothing of it was sent, so that it can be cancelled.
      #expect(try await world.server.json("contracts", "cancel", contract, "--reason", "no use")["state"] == "cancelled")
      #expect(try await world.desk.calls().isEmpty)
      try await world.running.process.kill()
    }
  }

  @Test("Neighbours: an order without a mapping, and a change of one, are blocked too; a mapping that is mended sends them")
  func neighbours() async throws {
    let world = try await OrderingDesk(
      guarantee: "none", serving: Self.serving, before: { try Self.folder($0, leavingOut: "canonical-order.xml") })
    let contract = try await world.sign("GB1", .results([OrderingDesk.verdict("SO-1", customer: "D-1")]))
    let blocked = try await world.delivery(contract, in: "blocked")
    #expect(blocked["code"] == "NO_MAPPING", "\(blocked)")
    try await world.running.process.kill()
    let mended = try await world.server.serve()
    try await world.server.json("deliveries", "retry", "--all", "--reason", "the mapping is back")
    try await world.delivery(contract, in: "ordered")
    try await mended.process.kill()
    // The change of an order that is there.
    let again = try await world.server.serve(options: Self.serving)
    try await world.server.json("contracts", "amend", contract, "--line", "1:3:1", "--reason", "shorter")
    let change = try await world.delivery(contract, in: "blocked")
    #expect(change["action"] == "change" && change["code"] == "NO_MAPPING")
    #expect(try await world.server.json("contracts", "show", contract)["explanation"] == "ordered; a change of it waits for a person")
    try await again.process.kill()
  }
}
