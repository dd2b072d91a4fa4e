import CDR
import ForeignORB
import SampleERPIDL
import Testing

@Suite("What the sample ERP tells of orders")
struct OrderNewsTests {
  @Test("begins with the first thing that happens after the confirmation, and is always the whole state")
  func news() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      let items = [try erp.item(0).number, try erp.item(1).number]
      let order = try await books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: items)).salesNo
      #expect(try await books.orderNewsSince(watermark: 0, limit: 10).changedOrders.isEmpty)
      let first = try await books.shipOrder(order: order, position: 10, quantity: 500)
      _ = try await books.blockOrder(order: order, position: 20, block: 2)
      let page = try await books.orderNewsSince(watermark: 0, limit: 10)
      let news = try #require(page.changedOrders.first)
      #expect(page.changedOrders.count == 1 && news.changeNo > first && page.nextMark == news.changeNo && !page.moreFollow)
      #expect(news.stateNo == 20 && news.blockNo == 0 && news.partnerReference == "V-1")
      #expect(news.positionList.map(\.shippedQuantity) == [500, 0] && news.positionList.map(\.blockNo) == [0, 2])
      #expect(try await books.orderNewsSince(watermark: page.nextMark, limit: 10).changedOrders.isEmpty)
    }
  }

  @Test("ends with bills whose sums are the order's, in the account of the debtor")
  func bills() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      var form = erp.order("V-1", items: [try erp.item(0).number, try erp.item(1).number, try erp.item(2).number])
      form.debtorNo = "D70003"
      form.grossSum = 10_000
      let order = try await books.createOrder(orderKey: "k", orderForm: form).salesNo
      for position: Int32 in [10, 20, 30] {
        _ = try await books.shipOrder(order: order, position: position, quantity: 0)
        _ = try await books.billOrder(order: order)
      }
      #expect(try erp.count("SELECT count(*) FROM open_item WHERE number LIKE 'RE-6%'") == 3)
      #expect(try erp.count("SELECT sum(sum) FROM open_item WHERE number LIKE 'RE-6%'") == 10_000)
      #expect(try erp.count("SELECT unbilled FROM credit_account WHERE debtor = 'D70003' AND currency = 978") == 0)
      #expect(try await books.orderNewsSince(watermark: 0, limit: 10).changedOrders.map(\.stateNo) == [40])
    }
  }

  @Test("and refuses what does not go with how an order stands")
  func refusals() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      let order = try await books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: [try erp.item(0).number])).salesNo
      let refusal = { (action: () async throws -> SampleERP.ChangeNo) async -> Int16? in
        do { _ = try await action() } catch let error as SampleERP.NotPossible { return error.reasonNo } catch {}
        return nil
      }
      #expect(await refusal { try await books.billOrder(order: order) } == 54)
      #expect(await refusal { try await books.shipOrder(order: order, position: 10, quantity: 2001) } == 53)
      #expect(await refusal { try await books.shipOrder(order: order, position: 11, quantity: 0) } == 56)
      #expect(await refusal { try await books.blockOrder(order: order, position: 0, block: 9) } == 57)
      _ = try await books.blockOrder(order: order, position: 0, block: 1)
      #expect(await refusal { try await books.shipOrder(order: order, position: 0, quantity: 0) } == 52)
      _ = try await books.takeBackOrder(order: order)
      #expect(await refusal { try await books.blockOrder(order: order, position: 0, block: 0) } == 51)
      await #expect(throws: SampleERP.NoSuchOrder(salesNo: "AB-1")) { try await books.billOrder(order: "AB-1") }
      let second = try await books.createOrder(orderKey: "l", orderForm: erp.order("V-2", items: [try erp.item(0).number])).salesNo
      _ = try await books.shipOrder(order: second, position: 0, quantity: 0)
      #expect(await refusal { try await books.takeBackOrder(order: second) } == 55)
    }
  }
}
