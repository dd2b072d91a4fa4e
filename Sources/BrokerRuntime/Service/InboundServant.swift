public import Broker
import CDR
import CRMCore
public import InterchangeIDL
import Logging
import ORBCore
import StoreAPI

/// One session's receiver of batches. Nothing is answered before it is on disk.
struct InboundServant: Interchange.V1.Inbound.Servant {
  let engine: BrokerEngine
  let sessions: Sessions
  let session: Sessions.Session

  /// Items of one message.
  static let greatestBatch = 10_000

  func pushUnits(message: Interchange.V1.MessageId, batch: Interchange.V1.UnitSeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushCategories(message: Interchange.V1.MessageId, batch: Interchange.V1.CategorySeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushProducts(message: Interchange.V1.MessageId, batch: Interchange.V1.ProductSeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushParties(message: Interchange.V1.MessageId, batch: Interchange.V1.PartySeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushCustomerProducts(
    message: Interchange.V1.MessageId, batch: Interchange.V1.CustomerProductSeq, context: ServerContext
  ) async throws -> Interchange.V1.Receipt {
    try await push(message, batch, context)
  }

  func pushOrderStatuses(message: Interchange.V1.MessageId, batch: Interchange.V1.OrderStatusSeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushContacts(message: Interchange.V1.MessageId, batch: Interchange.V1.ContactSeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushOrderResponses(message: Interchange.V1.MessageId, batch: Interchange.V1.OrderResponseSeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushCreditTerms(message: Interchange.V1.MessageId, batch: Interchange.V1.CreditTermsSeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushReceivables(message: Interchange.V1.MessageId, batch: Interchange.V1.ReceivableSeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushPriceLists(message: Interchange.V1.MessageId, batch: Interchange.V1.PriceListSeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushPriceLines(message: Interchange.V1.MessageId, batch: Interchange.V1.PriceLineSeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  func pushAvailability(message: Interchange.V1.MessageId, batch: Interchange.V1.AvailabilitySeq, context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    try await push(message, batch, context)
  }

  private func push<Item: RecordConvertible>(_ message: String, _ batch: [Item], _ context: ServerContext) async throws
    -> Interchange.V1.Receipt
  {
    let system = try await caller()
    if batch.count > Self.greatestBatch {
      throw Interchange.V1.Refused(
        code: "BATCH_TOO_LARGE", explanation: "the batch has \(batch.count) items; send at most \(Self.greatestBatch) in one message")
    }
    let answer = try await engine.receive(
      system: system, messageID: message, arguments: batch, context: context, sourceType: Item.recordType.name, count: batch.count
    ) { batch[$0].record }
    CrashPoint.beforeReply.reached()
    return try answer.receipt
  }

  func contracts(context: ServerContext) async throws -> Interchange.V1.ContractDesk? {
    _ = try await caller()
    return try sessions.activate(
      ArchivingServant(
        inner: ContractDeskServant(engine: engine, sessions: sessions, session: session), engine: engine, system: session.system),
      in: session, as: Interchange.V1.ContractDesk.self)
  }

  func identities(context: ServerContext) async throws -> Interchange.V1.Directory? {
    _ = try await caller()
    return try sessions.activate(
      DirectoryServant(engine: engine, sessions: sessions, session: session), in: session, as: Interchange.V1.Directory.self)
  }

  func close(context: ServerContext) async throws { sessions.close(session) }

  private func caller() async throws -> SystemRow { try await engine.caller(session, sessions) }
}

/// Keeps the bodies that a servant's dispatcher cannot decode, as evidence.
struct ArchivingServant: Servant {
  let inner: any Servant
  let engine: BrokerEngine
  let system: String

  var repositoryIDs: [String] { inner.repositoryIDs }

  func dispatch(_ request: IncomingRequest) async throws -> Reply {
    do {
      return try await inner.dispatch(request)
    } catch let error as SystemException where error.completed == .no && (error.kind == .marshal || error.kind == .dataConversion) {
      try? await engine.keepUndecodable(system: system, request.context, why: error.message)
      throw error
    }
  }
}

extension BrokerEngine {
  /// The system of a session, which may have been revoked since its log-in.
  ///
  /// - Throws: OBJECT_NOT_EXIST for a session that ended, NO_PERMISSION for a system that was revoked.
  func caller(_ session: Sessions.Session, _ sessions: Sessions) async throws -> SystemRow {
    try sessions.use(session)
    let row = try await store.read { try $0.system(named: session.system) }
    guard let row, row.state == .active else {
      sessions.close(session)
      throw SystemException(.noPermission, message: "the system \(session.system) was revoked")
    }
    return row
  }

  /// Receives decoded arguments with the octets that they came in.
  func receive<Arguments: CDRCodable & Sendable>(
    system: SystemRow, messageID: String, arguments: Arguments, context: ServerContext, sourceType: String, count: Int,
    record: @escaping @Sendable (Int) -> Record
  ) async throws -> BrokerStep.ReceiveAnswer {
    guard (1...255).contains(messageID.utf8.count) else { throw Interchange.V1.Refused.messageID(messageID) }
    let (operation, body) = (context.operation, context.body)
    do {
      return try await receive(
        system: system, messageID: messageID, operation: operation,
        digest: {
          var encoder = CDREncoder(format: WireFormat(byteOrder: .littleEndian))
          try encoder.encode(operation)
          try encoder.encode(arguments)
          return Secrets.sha256(encoder.array)
        }, body: body.octets, format: body.format, alignedAt: body.alignment, sourceType: sourceType, count: count, record: record)
    } catch let error as MappingMissing {
      throw Interchange.V1.Refused(code: error.code, explanation: error.description)
    } catch let error as StoreError {
      log.error("a message could not be stored", metadata: ["error": "\(error)"])
      throw SystemException(.transient, message: error.description)
    }
  }

  /// Keeps a message whose body no one can read, as evidence.
  func keepUndecodable(system: String, _ context: ServerContext, why: String) async throws {
    let body = context.body
    let (octets, format, alignment, operation) = (body.octets, body.format, body.alignment, context.operation)
    try await transact { [self] transaction, environment in
      var needs = Needs()
      needs.counters = ["message"]
      var set = try transaction.load(needs)
      let sequence = set.next("message")
      set.change(
        .insertMessage(
          MessageRow(
            sequence: sequence, system: system, messageID: "undecodable-\(sequence)", operation: operation, digest: Secrets.sha256(octets),
            body: octets,
            format: format, alignedAt: alignment, receivedAt: environment.now, itemCount: 0, outcome: "undecodable", receipt: [])))
      set.change(
        .insertItem(ItemRow(message: sequence, number: 0, entity: "", key: "", outcome: .rejected, code: "UNDECODABLE", explanation: why)))
      try settle(set, transaction, &environment)
    }
  }
}

extension BrokerStep.ReceiveAnswer {
  /// The receipt, that of the first time where the message came before; a conflict is thrown.
  public var receipt: Interchange.V1.Receipt {
    get throws {
      switch self {
      case .receipt(let receipt): receipt
      case .repeated(let octets, _): try Interchange.V1.Receipt(cdr: octets)
      case .conflict(let conflict): throw conflict
      }
    }
  }
}
