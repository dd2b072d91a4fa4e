public import CDR
import InterchangeIDL
public import ORBCore

/// An ERP that implements our own `OrderDesk`.
public struct OrderDeskAdapter: CreditCheckingAdapter, OrderChangingAdapter {
  private let desk: Interchange.V1.OrderDesk

  public init(reference: ObjectRef) { desk = Interchange.V1.OrderDesk(unchecked: reference) }

  public var feeds: [Feed] { [] }
  public var orderType: String? { "Order" }
  public var verdictType: String { "OrderVerdict" }
  public var creditQuestionType: String? { "CreditQuestion" }
  public var creditVerdictType: String { "CreditVerdict" }

  public func read(_ feed: Feed, after position: String?, limit: Int) async throws -> FeedPage {
    throw AdapterFailure(.notExecuted, code: "NO_FEED", message: "an order desk has nothing to read")
  }

  public func createOrder(key: String, order: Record) async throws -> Record {
    do {
      return try await desk.create(key: key, item: try Interchange.V1.Order(record: order)).record
    } catch let refused as Interchange.V1.Refused { return Self.refusal(refused.code, refused.explanation) } catch {
      throw AdapterFailure(error)
    }
  }

  private static func refusal(_ code: String, _ explanation: String) -> Record {
    Interchange.V1.OrderVerdict(
      outcome: "refused", orderNumber: "", customerNumber: "", code: code, explanation: explanation, lines: [], bookedAt: nil
    ).record
  }

  // MARK: - Changes

  public var takesChanges: Bool { true }

  public func changeOrder(_ order: PlacedOrder, revision: Int, to record: Record) async throws -> Record {
    let item: Interchange.V1.Order
    do { item = try Interchange.V1.Order(record: record) } catch { throw AdapterFailure(error) }
    return try await Self.changed {
      try await desk.change(key: order.key, placed: order.number, revision: Int32(truncatingIfNeeded: revision), item: item)
    }
  }

  public func cancelOrder(_ order: PlacedOrder, revision: Int, reason: String) async throws -> Record {
    try await Self.changed {
      try await desk.cancel(key: order.key, placed: order.number, revision: Int32(truncatingIfNeeded: revision), reason: reason)
    }
  }

  public func findChange(_ order: PlacedOrder, revision: Int) async throws -> Record? {
    do { return try await desk.findChange(key: order.key, revision: Int32(truncatingIfNeeded: revision)).record } catch is Interchange.V1
      .NotFound
    { return nil } catch { throw AdapterFailure(error) }
  }

  private static func changed(_ call: () async throws -> Interchange.V1.OrderVerdict) async throws -> Record {
    do {
      return try await call().record
    } catch let refused as Interchange.V1.Refused {
      return refusal(refused.code, refused.explanation)
    } catch let error as SystemException where error.completed == .no && (error.kind == .noImplement || error.kind == .badOperation) {
      // A desk that was built before changes were, or takes none.
      return refusal("CHANGE_NOT_OFFERED", "the system takes no changes and no cancellations from here; have them made there by hand")
    } catch { throw AdapterFailure(error) }
  }

  public func findOrder(key: String) async throws -> Record? {
    do { return try await desk.find(key: key).record } catch is Interchange.V1.NotFound { return nil } catch { throw AdapterFailure(error) }
  }

  public func checkCredit(key: String, question: Record) async throws -> Record? {
    do {
      return try await desk.checkCredit(key: key, question: try Interchange.V1.CreditQuestion(record: question)).record
    } catch is Interchange.V1.NotFound {
      return nil
    } catch let error as SystemException where error.kind == .noImplement || error.kind == .badOperation {
      // A desk that was built before the question was, or has no say in it.
      return nil
    } catch { throw AdapterFailure(error) }
  }
}

extension AdapterFailure {
  /// What a failed call tells about its execution.
  public init(_ error: any Error) {
    switch error {
    case let error as AdapterFailure: self = error
    case let error as SystemException:
      self.init(
        error.completed == .no ? .notExecuted : .unknown, code: error.kind.rawValue,
        message: error.message.isEmpty
          ? "the destination answered \(error.kind.rawValue), minor 0x\(String(error.minor, radix: 16))" : error.message)
    case let error as CDRError: self.init(.notExecuted, code: "VALUE_INVALID", message: error.description)
    default: self.init(.unknown, code: "CALL_FAILED", message: "\(error)")
    }
  }
}
