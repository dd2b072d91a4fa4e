import ORBCore
import SQLite
import SampleERPIDL

/// Answers partners from the books.
final class BooksServant: SampleERP.Books.Servant {
  let store: BookStore
  private let keys: KeyPolicy
  private let faults: FaultCounter
  private let log: CallLog?
  private let announcer: Announcer

  init(store: BookStore, keys: KeyPolicy, faults: FaultCounter, log: CallLog?, announcer: Announcer) {
    self.store = store
    self.keys = keys
    self.faults = faults
    self.log = log
    self.announcer = announcer
  }

  // MARK: - Reading

  nonisolated(nonsending) func unitsSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.UnitPage {
    try await slowed { try store.units(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func groupsSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.GroupPage {
    try await slowed { try store.groups(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func itemsSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.ItemPage {
    try await slowed { try store.items(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func debtorsSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.DebtorPage {
    try await slowed { try store.debtors(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func slowed<Result>(_ read: () throws -> Result) async throws -> Result {
    let result = try read()
    if faults.strikes(.slow, key: "") { try await Task.sleep(for: faults.plan.delay) }
    return result
  }

  // MARK: - Orders

  nonisolated(nonsending) func createOrder(
    orderKey: String, orderForm: SampleERP.SalesOrder, context: ServerContext
  ) async throws -> SampleERP.OrderConfirmation {
    log?.append(key: orderKey, reference: orderForm.partnerReference)
    let arrival = store.arrive()
    let refused = faults.strikes(.refuseLine, key: orderKey) ? orderForm.positionList.last?.positionNo : nil
    return try await booked(key: orderKey, context) { [store, keys] in
      try store.book(key: orderKey, orderForm, arrival: arrival, policy: keys, refusedPosition: refused) {
        CrashPoint.beforeCommit.reached()
      }
    }
  }

  nonisolated(nonsending) func changeOrder(
    order: SampleERP.OrderNo, changeKey: String, orderForm: SampleERP.SalesOrder, context: ServerContext
  ) async throws -> SampleERP.OrderConfirmation {
    log?.append("change", key: changeKey, reference: order)
    let refused = faults.strikes(.refuseLine, key: changeKey) ? orderForm.positionList.last?.positionNo : nil
    return try await changed(order, changeKey, .form(orderForm), refused, context)
  }

  nonisolated(nonsending) func cancelOrder(
    order: SampleERP.OrderNo, changeKey: String, reasonText: String, context: ServerContext
  ) async throws -> SampleERP.OrderConfirmation {
    log?.append("cancel", key: changeKey, reference: order)
    return try await changed(order, changeKey, .cancel, nil, context)
  }

  private nonisolated(nonsending) func changed(
    _ order: SampleERP.OrderNo, _ key: String, _ change: OrderChange, _ refused: Int32?, _ context: ServerContext
  ) async throws -> SampleERP.OrderConfirmation {
    let arrival = store.arrive()
    return try await booked(key: key, context) { [store, keys] in
      try store.change(order, key: key, change, arrival: arrival, policy: keys, refusedPosition: refused) {
        CrashPoint.beforeCommit.reached()
      }
    }
  }

  /// Books what came in under a key, with all that may go wrong.
  private nonisolated(nonsending) func booked(
    key orderKey: String, _ context: ServerContext,
    _ book: @escaping @Sendable () throws -> (confirmation: SampleERP.OrderConfirmation, isNew: Bool)
  ) async throws -> SampleERP.OrderConfirmation {
    if faults.strikes(.lateCommit, key: orderKey) {
      // Nobody waits for this: that is the fault.
      Task.detached { [delay = faults.plan.delay] in
        try? await Task.sleep(for: delay)
        _ = try? book()
      }
      throw dropped(context, completed: .maybe)
    }
    let booked: (confirmation: SampleERP.OrderConfirmation, isNew: Bool)
    do { booked = try book() } catch let error as FencedKey {
      throw SampleERP.NotBooked(reasonNo: 91, reasonText: "the key \(error.key) was asked for after this order had come in")
    } catch let error as SQLiteError { throw SampleERP.NotBooked(reasonNo: 92, reasonText: error.description) }
    if booked.isNew { CrashPoint.afterCommit.reached() }
    if faults.strikes(.commitThenDrop, key: orderKey) { throw dropped(context, completed: .yes) }
    if faults.strikes(.slow, key: orderKey) { try await Task.sleep(for: faults.plan.delay) }
    return booked.confirmation
  }

  nonisolated(nonsending) func orderByKey(orderKey: String, context: ServerContext) async throws -> SampleERP.OrderConfirmation {
    guard keys.keepsKeys else { throw SystemException(.noImplement, completed: .no, message: "these books keep no keys") }
    guard let confirmation = try store.confirmation(of: orderKey, policy: keys) else { throw SampleERP.NoSuchKey(orderKey: orderKey) }
    return confirmation
  }

  /// Breaks the caller's connection; the exception that ends the call finds nobody.
  private func dropped(_ context: ServerContext, completed: SystemException.Completion) -> SystemException {
    ConnectionBreaker.breakConnection(to: context.peer)
    return SystemException(.communicationFailure, completed: completed, message: "the connection is dropped on demand")
  }

  // MARK: - Changes

  nonisolated(nonsending) func announceTo(partner: String, sink: SampleERP.ChangeSink?, context: ServerContext) async throws {
    guard let sink else { throw SystemException(.badParameter, completed: .no, message: "the sink is nil") }
    try store.addSink(sink.objectRef.stringified, of: partner)
    announcer.ring()
  }

  nonisolated(nonsending) func changePrice(
    item: SampleERP.ItemNo, gross: SampleERP.Hundredths, context: ServerContext
  ) async throws -> SampleERP.ChangeNo {
    guard let change = try store.changePrice(of: item, to: gross) else { throw SampleERP.NoSuchItem(itemNo: item) }
    announcer.ring()
    return change
  }
}
