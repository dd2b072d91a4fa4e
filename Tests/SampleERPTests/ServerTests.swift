import CDR
import ForeignORB
import ORBCore
import SampleERPIDL
import Testing

@Suite("The sample ERP as a server")
struct ServerTests {
  @Test("shows all of its books page by page, in the order of the changes")
  func reads() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      var items: [SampleERP.Item] = []
      var mark: Int64 = 0
      while true {
        let page = try await books.itemsSince(watermark: mark, limit: 150)
        items += page.changedItems
        mark = page.nextMark
        if !page.moreFollow { break }
      }
      #expect(items.count == 400)
      #expect(Set(items.map(\.itemNo)).count == 400)
      #expect(items.map(\.changeNo) == items.map(\.changeNo).sorted())
      #expect(try await books.itemsSince(watermark: mark, limit: 10).changedItems.isEmpty)
      #expect(try await books.unitsSince(watermark: 0, limit: 100).changedUnits.count == 8)
      #expect(try await books.groupsSince(watermark: 0, limit: 100).changedGroups.count == 14)
      #expect(try await books.debtorsSince(watermark: 0, limit: 100).changedDebtors.count == 40)
      let change = try await books.changePrice(item: items[0].itemNo, gross: 4711)
      let changed = try await books.itemsSince(watermark: mark, limit: 10)
      #expect(changed.changedItems.map(\.grossPrice) == [4711] && changed.nextMark == change)
      await #expect(throws: SampleERP.NoSuchItem(itemNo: "nothing")) { try await books.changePrice(item: "nothing", gross: 1) }
    }
  }

  @Test("is read by a foreign ORB, in four languages")
  func foreign() async throws {
    try await RunningERP.with { erp in
      let python = try await PythonPeer(idl: [repositoryPath("Adapters/SampleERP/IDL/SampleERP.idl")])
      let page = try await python.call(erp.reference, "SampleERP::Books", "items_since", ["0", 400])[0]
      let items = try #require(page["changed_items"]?.array)
      #expect(items.count == 400)
      let names = items.compactMap { $0["short_text"]?.string }.joined(separator: "\n")
      for word in ["履带", "ß", "à"] { #expect(names.contains(word), "\(word) in \(names.prefix(300))") }
      #expect(page["more_follow"] == false)
      await #expect(throws: ForeignORBError.self) {
        try await python.call(erp.reference, "SampleERP::Books", "order_by_key", ["no-such-key"])
      }
    }
  }

  @Test("books an order once for each key, and a customer once for each partner")
  func idempotent() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      let items = [try erp.item(0).number, try erp.item(1).number]
      let first = try await books.createOrder(orderKey: "k1", orderForm: erp.order("V-1", items: items))
      #expect(first.verdictNo == 1 && first.verdictList.map(\.verdictNo) == [1, 1] && !first.salesNo.isEmpty)
      #expect(try await books.createOrder(orderKey: "k1", orderForm: erp.order("V-1", items: items)) == first)
      #expect(try await books.orderByKey(orderKey: "k1") == first)
      async let second = books.createOrder(orderKey: "k2", orderForm: erp.order("V-2", partner: "new", items: items))
      async let third = books.createOrder(orderKey: "k3", orderForm: erp.order("V-3", partner: "new", items: items))
      #expect(try await second.debtorNo == third.debtorNo)
      #expect(try erp.count("SELECT count(*) FROM sales_order") == 3)
      #expect(try erp.count("SELECT count(*) FROM debtor WHERE partner_key <> ''") == 2)
      await #expect(throws: SampleERP.NoSuchKey(orderKey: "k4")) { try await books.orderByKey(orderKey: "k4") }
    }
  }

  @Test("refuses positions and orders with reasons by number")
  func refusals() async throws {
    try await RunningERP.with(["--fault", "refuse-line", "--fault-count", "1"]) { erp in
      let books = try erp.books
      let items = [try erp.item(0).number, try erp.item(1).number]
      let partly = try await books.createOrder(orderKey: "a", orderForm: erp.order("V-1", items: items))
      #expect(partly.verdictNo == 2 && partly.verdictList.map(\.reasonNo) == [0, 49])
      #expect(try erp.count("SELECT count(*) FROM sales_position") == 1)
      let unknown = try await books.createOrder(orderKey: "b", orderForm: erp.order("V-2", items: ["nothing"]))
      #expect(unknown.verdictNo == 9 && unknown.reasonNo == 17 && unknown.salesNo.isEmpty)
      #expect(unknown.verdictList.map(\.reasonNo) == [21])
      var foreign = erp.order("V-3", items: items)
      foreign.currencyNo = 1
      #expect(try await books.createOrder(orderKey: "c", orderForm: foreign).reasonNo == 11)
      var stranger = erp.order("V-4", items: items)
      stranger.debtorNo = "D1"
      #expect(try await books.createOrder(orderKey: "d", orderForm: stranger).reasonNo == 13)
      #expect(try erp.count("SELECT count(*) FROM sales_order") == 1)
    }
  }

  @Test("tells a sink of every change until the sink has it")
  func announces() async throws {
    try await RunningERP.with { erp in
      let python = try await PythonPeer(idl: [repositoryPath("Adapters/SampleERP/IDL/SampleERP.idl")])
      let sink = try await python.serve("SampleERP::ChangeSink")
      try await sink.answer("take_items", .raiseSystem("CORBA::TRANSIENT", minor: 1, completed: "COMPLETED_NO"), once: true)
      _ = try await python.call(erp.reference, "SampleERP::Books", "announce_to", ["we", .string(sink.reference)])
      let item = try erp.item(3).number
      _ = try await erp.books.changePrice(item: item, gross: 999)
      try await eventually { try await sink.calls().count == 2 }
      let calls = try await sink.calls()
      #expect(calls[0] == calls[1])
      #expect(calls[0].arguments[1][0]?["item_no"]?.string == item)
      #expect(calls[0].arguments[1][0]?["gross_price"]?.string == "999")
      try await eventually {
        try erp.count("SELECT count(*) FROM sink WHERE told_to = (SELECT value FROM counter WHERE name='change')") == 1
      }
    }
  }
}

/// Asks until the answer is yes; the time limit only ends a test that has failed.
func eventually(within limit: Duration = .seconds(30), _ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + limit
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      Issue.record("it did not happen within \(limit)")
      return
    }
    await Task.yield()
  }
}
