import ForeignORB
import IIOPTransport
import ORBCore
import SampleERPIDL
import Testing

@Suite("The faults of the sample ERP")
struct FaultTests {
  @Test("commit-then-drop books the order and leaves the caller without an answer")
  func commitThenDrop() async throws {
    try await RunningERP.with(["--fault", "commit-then-drop"]) { erp in
      let (books, items) = (try erp.books, [try erp.item(0).number])
      let error = await systemException { _ = try await books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: items)) }
      #expect(error?.kind == .communicationFailure && error?.completed == .maybe)
      #expect(try erp.count("SELECT count(*) FROM sales_order") == 1)
      // The second create under this key is answered with the first confirmation.
      let confirmation = try await books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: items))
      #expect(confirmation.verdictNo == 1)
      #expect(try erp.count("SELECT count(*) FROM sales_order") == 1)
    }
  }

  @Test("without keys every create makes an order, and keys cannot be asked for")
  func noKeys() async throws {
    try await withTemporaryFolder { logs in
      try await RunningERP.with(["--no-keys", "--call-log", "\(logs)/calls"]) { erp in
        let (books, items) = (try erp.books, [try erp.item(0).number])
        for _ in 1...2 { _ = try await books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: items)) }
        #expect(try erp.count("SELECT count(*) FROM sales_order") == 2)
        #expect(try erp.count("SELECT count(*) FROM debtor WHERE partner_key <> ''") == 1)
        let error = await systemException { _ = try await books.orderByKey(orderKey: "k") }
        #expect(error?.kind == .noImplement)
        #expect(try await ChildProcess.run("cat", ["\(logs)/calls"]).output == "create k V-1\ncreate k V-1\n")
      }
    }
  }

  @Test("late-commit books the order when nobody waits any more")
  func lateCommit() async throws {
    try await RunningERP.with(["--fault", "late-commit", "--delay", "3"]) { erp in
      let (books, items) = (try erp.books, [try erp.item(0).number])
      let error = await systemException { _ = try await books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: items)) }
      #expect(error?.completed == .maybe)
      await #expect(throws: SampleERP.NoSuchKey.self) { try await books.orderByKey(orderKey: "k") }
      try await eventually { try erp.count("SELECT count(*) FROM sales_order") == 1 }
    }
  }

  @Test("a strong probe stops the create that it overtakes, and none that comes after it")
  func strongProbe() async throws {
    try await RunningERP.with(["--fault", "late-commit", "--delay", "3", "--strong-probe"]) { erp in
      let (books, items) = (try erp.books, [try erp.item(0).number])
      _ = await systemException { _ = try await books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: items)) }
      await #expect(throws: SampleERP.NoSuchKey.self) { try await books.orderByKey(orderKey: "k") }
      // Another key without a probe shows that the late time has passed.
      _ = await systemException { _ = try await books.createOrder(orderKey: "l", orderForm: erp.order("V-2", items: items)) }
      try await eventually { try erp.count("SELECT count(*) FROM sales_order WHERE order_key = 'l'") == 1 }
      #expect(try erp.count("SELECT count(*) FROM sales_order WHERE order_key = 'k'") == 0)
      #expect(try await books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: items)).verdictNo == 1)
    }
  }

  @Test("slow lets calls with a deadline fail, not knowing what became of them")
  func slow() async throws {
    try await RunningERP.with(["--fault", "slow", "--delay", "30", "--fault-count", "2"]) { erp in
      let books = try erp.books
      for _ in 1...2 {
        let error = await systemException {
          _ = try await withCallTimeout(.milliseconds(200)) { try await books.unitsSince(watermark: 0, limit: 1) }
        }
        #expect(error?.kind == .timeout)
      }
      #expect(try await books.unitsSince(watermark: 0, limit: 1).moreFollow)
    }
  }

  @Test("down refuses connections, so that nothing can have been done")
  func down() async throws {
    try await RunningERP.with(["--fault", "down"]) { erp in
      let error = await systemException { _ = try await erp.books.unitsSince(watermark: 0, limit: 1) }
      #expect(error?.kind == .transient && error?.completed == .no, "\(String(describing: error))")
    }
  }

  @Test("a crash leaves an order whole or not at all, and the reference stays", arguments: ["before-commit", "after-commit"])
  func crash(_ place: String) async throws {
    try await withTemporaryFolder { folder in
      let erp = try await RunningERP.start(folder, environment: ["SAMPLE_ERP_CRASH_AT": place])
      let (books, items) = (try erp.books, [try erp.item(0).number])
      let error = await systemException { _ = try await books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: items)) }
      #expect(error?.completed == .maybe)
      #expect(try await erp.process.wait() == .signal(9))
      #expect(try erp.count("SELECT count(*) FROM sales_order") == (place == "after-commit" ? 1 : 0))
      #expect(try erp.count("SELECT count(*) FROM debtor WHERE partner_key <> ''") == (place == "after-commit" ? 1 : 0))
      let again = try await RunningERP.start(folder)
      #expect(again.reference == erp.reference)
      let confirmation = try await again.books.createOrder(orderKey: "k", orderForm: erp.order("V-1", items: items))
      #expect(confirmation.verdictNo == 1)
      #expect(try again.count("SELECT count(*) FROM sales_order") == 1)
      #expect(try again.count("SELECT count(*) FROM item") == 400)
      try await again.end()
      await erp.transport.shutDown(patience: .seconds(1))
    }
  }

  /// The system exception that the call ends with; anything else fails the test.
  private func systemException(_ call: () async throws -> Void) async -> SystemException? {
    do {
      try await call()
      Issue.record("the call was answered")
    } catch let error as SystemException { return error } catch { Issue.record(error) }
    return nil
  }
}
