import CDR
import ForeignORB
import SampleERPIDL
import Testing

@Suite("Price groups and stock of the sample ERP")
struct PriceTests {
  @Test("are read in pages by the number of the change; a clerk's price is the only one behind the mark")
  func prices() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      #expect(try await books.priceGroupsSince(watermark: 0, limit: 10).changedGroups.map(\.priceGroupNo) == ["P10", "P20", "P30", "P40"])
      var (mark, rows): (Int64, [SampleERP.PriceRow]) = (0, [])
      while true {
        let page = try await books.priceRowsSince(watermark: mark, limit: 17)
        rows += page.changedRows
        mark = page.nextMark
        if !page.moreFollow { break }
        #expect(page.changedRows.count == 17)
      }
      #expect(try Int64(rows.count) == erp.count("SELECT count(*) FROM price_row"))
      #expect(Set(rows.map(\.changeNo)).count == rows.count)

      let item = rows[0].itemNo
      let price = try #require(SampleERP.RowPrice("54.1234"))
      let change = try await books.setRowPrice(
        priceGroup: "P10", item: item, pack: rows[0].packCode, fromQuantity: rows[0].fromQuantity, price: price, state: 10)
      let after = try await books.priceRowsSince(watermark: mark, limit: 17).changedRows
      #expect(after.map(\.rowPrice) == [price] && after.map(\.changeNo) == [change] && after[0].itemNo == item)
      #expect(try Int64(rows.count) == erp.count("SELECT count(*) FROM price_row"))
      await #expect(throws: SampleERP.NoSuchPriceGroup.self) {
        try await books.setRowPrice(priceGroup: "P99", item: item, pack: "", fromQuantity: 0, price: price, state: 10)
      }
      await #expect(throws: SampleERP.NoSuchItem.self) {
        try await books.setRowPrice(priceGroup: "P10", item: "NONE", pack: "", fromQuantity: 0, price: price, state: 10)
      }
    }
  }

  @Test("are counted anew by a clerk, each count later than the one before it")
  func stock() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      let page = try await books.stockSince(watermark: 0, limit: 1000)
      #expect(try Int64(page.changedStock.count) == erp.count("SELECT count(*) FROM stock") && !page.moreFollow)
      let hose = try #require(page.changedStock.first { $0.uomCode == "CM" })
      var counted = hose.countedClock
      for quantity: Int64 in [7_000, 6_000, 5_000] {
        let mark = try await books.setStock(item: hose.itemNo, store: hose.storeNo, quantity: quantity) - 1
        let row = try #require(try await books.stockSince(watermark: mark, limit: 1000).changedStock.first)
        #expect(row.freeQuantity == quantity && row.uomCode == "CM" && row.countedClock > counted)
        counted = row.countedClock
      }
      // A store that had none counts in the item's own unit.
      let mark = try await books.setStock(item: hose.itemNo, store: "NEW", quantity: 1)
      #expect(try await books.stockSince(watermark: mark - 1, limit: 9).changedStock.map(\.uomCode) == ["M"])
      await #expect(throws: SampleERP.NoSuchItem.self) { try await books.setStock(item: "NONE", store: "KOE1", quantity: 1) }
    }
  }
}
