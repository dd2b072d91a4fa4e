import CDR
import ForeignORB
import SampleERPIDL
import Testing

@Suite("Orders that partners change and cancel in the sample ERP")
struct OrderChangeTests {
  @Test("A change is made once for each key, all of it or nothing, and is news")
  func change() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      let items = [try erp.item(0).number, try erp.item(1).number]
      var form = erp.order("V-1", items: items)
      form.debtorNo = "D70003"
      let order = try await books.createOrder(orderKey: "k", orderForm: form).salesNo
      let unbilled = try erp.count("SELECT unbilled FROM credit_account WHERE debtor = 'D70003' AND currency = 978")
      form.positionList.removeLast()
      form.positionList[0].orderedQuantity = 7000
      form.grossSum += 5_000
      form.kindNo = 2
      let first = try await books.changeOrder(order: order, changeKey: "k.2", orderForm: form)
      #expect(first.verdictNo == 1 && first.salesNo == order && first.bookedClock > 0)
      form.positionList[0].orderedQuantity = 1
      #expect(try await books.changeOrder(order: order, changeKey: "k.2", orderForm: form) == first, "the key was carried out")
      #expect(try await books.orderByKey(orderKey: "k.2") == first)
      #expect(try erp.count("SELECT sum(quantity) FROM sales_position") == 7000)
      #expect(try erp.count("SELECT count(*) FROM sales_order WHERE kind = 2") == 1)
      #expect(try erp.count("SELECT unbilled FROM credit_account WHERE debtor = 'D70003' AND currency = 978") == unbilled + 5_000)
      #expect(try await books.orderNewsSince(watermark: 0, limit: 10).changedOrders.first?.positionList.map(\.orderedQuantity) == [7000])
      // One position that cannot be taken, and nothing is changed.
      form.positionList.append(erp.order("V-1", items: ["NOTHING", "NOTHING"]).positionList[1])
      let refused = try await books.changeOrder(order: order, changeKey: "k.3", orderForm: form)
      #expect(refused.verdictNo == 9 && refused.reasonNo == 27 && refused.verdictList.map(\.verdictNo) == [1, 9])
      #expect(try erp.count("SELECT sum(quantity) FROM sales_position") == 7000)
    }
  }

  @Test("What is shipped stays in the order, and is not cancelled")
  func shipped() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      let items = [try erp.item(0).number, try erp.item(1).number]
      var form = erp.order("V-1", items: items)
      let order = try await books.createOrder(orderKey: "k", orderForm: form).salesNo
      _ = try await books.shipOrder(order: order, position: 10, quantity: 1500)
      form.positionList[0].orderedQuantity = 1000
      let less = try await books.changeOrder(order: order, changeKey: "k.2", orderForm: form)
      #expect(less.verdictNo == 9 && less.reasonNo == 55 && less.verdictList.map(\.reasonNo) == [55, 0])
      form.positionList.removeFirst()
      let dropped = try await books.changeOrder(order: order, changeKey: "k.3", orderForm: form)
      #expect(dropped.verdictNo == 9 && dropped.verdictList.map(\.positionNo) == [20, 10])
      let cancelled = try await books.cancelOrder(order: order, changeKey: "k.4", reasonText: "broke")
      #expect(cancelled.verdictNo == 9 && cancelled.reasonNo == 55 && cancelled.reasonText == "something is shipped already")
      form = erp.order("V-1", items: items)
      form.positionList[0].orderedQuantity = 1500
      #expect(try await books.changeOrder(order: order, changeKey: "k.5", orderForm: form).verdictNo == 1)
      #expect(try erp.count("SELECT shipped FROM sales_position WHERE position = 10") == 1500)
      _ = try await books.shipOrder(order: order, position: 0, quantity: 0)
      #expect(try await books.changeOrder(order: order, changeKey: "k.6", orderForm: form).reasonNo == 58)
    }
  }

  @Test("A cancelled order is neither changed nor cancelled again, and an unknown one is refused")
  func cancelled() async throws {
    try await RunningERP.with { erp in
      let books = try erp.books
      let form = erp.order("V-1", items: [try erp.item(0).number])
      let order = try await books.createOrder(orderKey: "k", orderForm: form).salesNo
      #expect(try await books.cancelOrder(order: order, changeKey: "k.2", reasonText: "broke").verdictNo == 1)
      #expect(try await books.cancelOrder(order: order, changeKey: "k.2", reasonText: "broke").verdictNo == 1)
      #expect(try await books.cancelOrder(order: order, changeKey: "k.3", reasonText: "broke").reasonNo == 51)
      #expect(try await books.changeOrder(order: order, changeKey: "k.4", orderForm: form).reasonNo == 51)
      #expect(try await books.changeOrder(order: "AB-1", changeKey: "l.2", orderForm: form).reasonNo == 18)
      #expect(try await books.orderNewsSince(watermark: 0, limit: 10).changedOrders.map(\.stateNo) == [60])
    }
  }
}
