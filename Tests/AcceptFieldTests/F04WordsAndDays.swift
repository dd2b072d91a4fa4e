import ForeignORB
import Foundation
import TesseraProcess
import Testing

@Suite("4 Words for yes and no, dates, ends") struct F04WordsAndDays {
  @Test("Every word for yes and no is read, whatever its case and the blanks around it; any other is refused in words")
  func words() async throws {
    let desk = try await ValueDesk(
      price: "from=\"price\" as=\"decimal\"", more: "")
    // as="boolean" and boolean() take the same words.
    try desk.server.write(
      try String(contentsOfFile: "\(desk.server.folder)/mappings/articles.xml", encoding: .utf8)
        .replacing("field=\"serialised\" value=\"false\"", with: "field=\"serialised\" from=\"word\" as=\"boolean\"")
        .replacing("field=\"priceIncludesTax\" value=\"false\"", with: "field=\"priceIncludesTax\" from=\"boolean(word)\""),
      to: "mappings/articles.xml")
    #expect(
      try await desk.push("A;1;true;", "B;1;Y;", "C;1; 1 ;", "D;1;YES;", "E;1;是;", "F;1;no;", "G;1;0;", "H;1;N ;", "I;1;maybe;", "J;1;;")
        == [
          "A applied", "B applied", "C applied", "D applied", "E applied", "F applied", "G applied", "H applied",
          "I rejected NOT_A_BOOLEAN",
          "J rejected EMPTY_VALUE",
        ])
    for code in ["A", "B", "C", "D", "E"] {
      #expect(try await desk.field("serialised", code) == true, "\(code)")
      #expect(try await desk.field("priceIncludesTax", code) == true, "\(code)")
    }
    for code in ["F", "G", "H"] {
      #expect(try await desk.field("serialised", code) == false, "\(code)")
      #expect(try await desk.field("priceIncludesTax", code) == false, "\(code)")
    }
  }

  @Test("The end of a U8 customer counts once it has come, and one that the calendar does not have is refused")
  func ends() async throws {
    let partner = try await FieldPartner()
    func customer(_ code: String, _ end: String) -> String {
      "<customer><code>\(code)</code><name>N \(code)</name><end_date>\(end)</end_date></customer>"
    }
    let said = try await partner.say(
      "Add", "customer",
      customer("C-1", "2099-12-31") + customer("C-2", "2020-1-5") + customer("C-3", "2020-01-05 00:00:00") + customer("C-4", "")
        + customer("C-5", "2099-2-30") + customer("C-6", " "))
    #expect(
      said.map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == ["C-1 0", "C-2 0", "C-3 0", "C-4 0", "C-5 -1", "C-6 0"],
      "\(said)")
    let states = ["C-1", "C-2", "C-3", "C-4", "C-6"]
    var found: [String] = []
    for code in states { found.append(try await partner.record("parties", code)?["status"]?.string ?? "-") }
    #expect(found == ["active", "inactive", "inactive", "active", "active"])
    try await partner.end()
  }

  @Test("Neighbours: an item's end, its serial flag as a word, and days in forms of their own in any mapping")
  func neighbours() async throws {
    let partner = try await FieldPartner()
    func item(_ code: String, _ more: String) -> String {
      "<inventory><header><code>\(code)</code><name>N</name>\(more)</header></inventory>"
    }
    let said = try await partner.say(
      "Add", "inventory",
      item("I-1", "<serial_flag>Y</serial_flag><end_date>2099-1-1</end_date>")
        + item("I-2", "<serial_flag> 0 </serial_flag><end_date>2021-1-1</end_date>"))
    #expect(said.allSatisfy { $0.contains(" 0 ") }, "\(said)")
    #expect(try await partner.record("products", "I-1")?["serialised"] == true)
    #expect(try await partner.record("products", "I-1")?["status"] == "active")
    #expect(try await partner.record("products", "I-2")?["serialised"] == false)
    #expect(try await partner.record("products", "I-2")?["status"] == "inactive")
    try await partner.end()

    let desk = try await ValueDesk(price: "from=\"price\" as=\"decimal\"")
    try desk.server.write(
      try String(contentsOfFile: "\(desk.server.folder)/mappings/articles.xml", encoding: .utf8)
        .replacing(
          "field=\"specification\" from=\"day\"", with: "field=\"specification\" from=\"date(day, 'yyyy-M-d[ H:mm[:ss]]|d.M.yyyy')\""),
      to: "mappings/articles.xml")
    #expect(
      try await desk.push("A;1;;2026-1-5", "B;1;;5.1.2026", "C;1;;2026-01-05 07:30", "D;1;;30.2.2026", "E;1;;1/5/2026", "F;1;; 5.1.2026 ")
        == [
          "A applied", "B applied", "C applied", "D rejected NOT_A_DATE", "E rejected NOT_A_DATE", "F applied",
        ])
    for code in ["A", "B", "C", "F"] { #expect(try await desk.field("specification", code) == "2026-01-05", "\(code)") }
  }

  @Test("News of an order dated 2026-1-5, or with a time, are understood as their schema passes them")
  func news() async throws {
    let partner = try await FieldPartner()
    _ = try await partner.say("Add", "customer", "<customer><code>C-1</code><name>Miller</name></customer>")
    _ = try await partner.say("Add", "inventory", "<inventory><header><code>I-1</code><name>Bolt</name></header></inventory>")
    func order(_ code: String, _ date: String) -> String {
      "<saleorder><header><code>\(code)</code><custcode>C-1</custcode><date>\(date)</date></header><body><entry>"
        + "<inventorycode>I-1</inventorycode><quantity>2</quantity><preparedate>\(date)</preparedate></entry></body></saleorder>"
    }
    let said = try await partner.say(
      "Add", "saleorder", order("SO-1", "2026-1-5") + order("SO-2", "2026-01-05 00:00:00") + order("SO-3", "2026-01-05T10:30:00.123"))
    #expect(said.allSatisfy { $0.contains(" 0 ") }, "\(said)")
    let orders = try await partner.server.json("orders", "list")["orders"]?.array ?? []
    #expect(orders.count == 3, "\(orders)")
    for order in ["SO-1", "SO-2", "SO-3"] {
      let shown = try await partner.server.run("orders", "show", "u8:\(order)", "--json").output
      #expect(shown.contains("2026-01-05") && !shown.contains("00:00:00"), "\(shown)")
    }
    try await partner.end()
  }
}
