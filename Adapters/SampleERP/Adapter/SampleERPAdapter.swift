public import BrokerRuntime
public import CDR
public import ORBCore
public import SampleERPIDL

/// Reads the sample ERP's books and gives it orders, knowing operations and shapes but not one field of its data.
///
/// Everything is called by the interface's description: what comes is handed on as records of the ERP's own types, what is sent is
/// made by a mapping file. Another IDL with the same operations needs other mapping files and no other adapter.
public struct SampleERPAdapter: Adapter {
  /// The name of the ERP's types in mapping files.
  public static let dialect = SampleERPDialect.name
  /// What the adapter expects of an IDL: the operations that read, in the order in which they are read.
  private static let readers = [
    ("units", "units_since"), ("groups", "groups_since"), ("items", "items_since"), ("debtors", "debtors_since"),
  ]
  /// What it reads where the IDL has them.
  private static let otherReaders = [
    ("credit", "credit_since"), ("open items", "open_items_since"), ("orders", "order_news_since"),
    ("price groups", "price_groups_since"), ("prices", "price_rows_since"), ("stock", "stock_since"),
  ]

  public let feeds: [Feed]
  public let orderType: String?
  public let verdictType: String
  let books: ObjectRef
  let timeout: Duration
  let sinkInterface: InterfaceDescription
  /// Whether the ERP tells of changes by itself; one that does not is read only.
  let announces: Bool
  private let pages: [String: PageShape]
  let credit: CreditShape?
  private let create: OperationDescription
  private let find: OperationDescription
  /// Where the IDL has them: what changes and what cancels an order.
  let change: OperationDescription?
  let cancel: OperationDescription?

  /// - Parameters:
  ///   - books: the ERP's `Books`.
  ///   - interface: how the ERP's IDL describes them.
  ///   - sink: how it describes what it calls with changes.
  ///   - timeout: how long a call may take.
  /// - Throws: ``AdapterFailure`` with code `IDL_UNFIT` where the description lacks what the adapter needs.
  public init(
    books: ObjectRef, interface: InterfaceDescription = SampleERP.Books.interfaceDescription,
    sink: InterfaceDescription = SampleERP.ChangeSink.interfaceDescription, timeout: Duration = .seconds(30)
  ) throws {
    self.books = books
    self.timeout = timeout
    sinkInterface = sink
    announces = interface.operation(named: "announce_to") != nil
    var pages: [String: PageShape] = [:]
    var feeds: [Feed] = []
    let others = Self.otherReaders.filter { interface.operation(named: $0.1) != nil }
    for (name, operation) in Self.readers + others {
      let page = try PageShape(try Self.operation(operation, of: interface))
      pages[name] = page
      feeds.append(Feed(name: name, sourceType: Self.typeName(page.elementType)))
    }
    self.pages = pages
    credit = try CreditShape(interface)
    self.feeds = feeds
    create = try Self.operation("create_order", of: interface)
    find = try Self.operation("order_by_key", of: interface)
    guard create.parameters.count == 2, case .record(let order) = create.parameters[1].type.resolved,
      case .record(let verdict) = create.result.resolved, find.parameters.count == 1, find.result.resolved == create.result.resolved
    else {
      throw AdapterFailure(
        .notExecuted, code: "IDL_UNFIT", message: "\(create.name) and \(find.name) do not take a key and an order, and give one verdict")
    }
    change = Self.changing("change_order", create, interface)
    cancel = Self.changing("cancel_order", create, interface)
    orderType = Self.typeName(order)
    verdictType = Self.typeName(verdict)
  }

  /// The name by which mapping files call a type.
  static func typeName(_ type: RecordType) -> String { "\(dialect):\(type.name)" }

  private static func operation(_ name: String, of interface: InterfaceDescription) throws -> OperationDescription {
    if let operation = interface.operation(named: name) { return operation }
    throw AdapterFailure(.notExecuted, code: "IDL_UNFIT", message: "the interface \(interface.name) has no operation \(name)")
  }

  // MARK: - Reading

  public func read(_ feed: Feed, after position: String?, limit: Int) async throws -> FeedPage {
    guard let page = pages[feed.name] else {
      throw AdapterFailure(.notExecuted, code: "NO_FEED", message: "the sample ERP has no feed '\(feed.name)'")
    }
    guard let mark = Int64(position ?? "0") else {
      throw AdapterFailure(.notExecuted, code: "POSITION_INVALID", message: "'\(position ?? "")' is no position of the feed '\(feed.name)'")
    }
    let answer = try await call(page.operation, [.integer(Int128(mark)), .integer(Int128(min(max(1, limit), 1000)))])
    let (records, next, isLast) = try page.parts(of: answer.value)
    return FeedPage(
      records: records, body: answer.octets, format: answer.format, alignedAt: answer.alignment, next: String(next), isLast: isLast)
  }

  // MARK: - Orders

  public func createOrder(key: String, order: Record) async throws -> Record {
    do { return try Self.record(try await call(create, [.text(key), .record(order)])) } catch let exception as DynamicUserException {
      // All that the operation may raise says that nothing was booked; a refused order is a verdict.
      throw AdapterFailure(.notExecuted, code: "NOT_BOOKED", message: "the ERP could not book the order: \(exception)")
    }
  }

  public func findOrder(key: String) async throws -> Record? {
    // All that the operation may raise says that there is no such key.
    do { return try Self.record(try await call(find, [.text(key)])) } catch is DynamicUserException { return nil }
  }

  static func record(_ answer: RawAnswer) throws -> Record {
    if case .record(let record) = answer.value { return record }
    throw AdapterFailure(.unknown, code: "ANSWER_INVALID", message: "the ERP's answer is no struct")
  }

  // MARK: - Calling

  /// - Throws: ``AdapterFailure``, `DynamicUserException`.
  func call(_ operation: OperationDescription, _ arguments: [Value]) async throws -> RawAnswer {
    do {
      return try await withCallTimeout(timeout) { try await books.invoke(keepingOctetsOf: operation, arguments) }
    } catch let exception as DynamicUserException {
      throw exception
    } catch { throw AdapterFailure(error) }
  }
}
