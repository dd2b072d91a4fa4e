public import Broker
public import Identity

/// Where rows are kept. One conformance suite tests every implementation.
public protocol Store: Sendable {
  /// Runs `body` alone in a transaction and returns when its changes are on disk.
  ///
  /// Bodies of several callers may be committed together; one that throws takes back its own changes only. A body must not block on
  /// anything but the transaction and changes nothing else: it may be run again where one that was to be committed with it failed. Where
  /// many wait already, the call waits for its turn.
  /// - Throws: what `body` throws, or ``StoreError``.
  func write<Result: Sendable>(_ body: @escaping @Sendable (any StoreTransaction) throws -> Result) async throws -> Result

  /// Runs `body` on one consistent state of the rows.
  func read<Result: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> Result) async throws -> Result

  /// Looks whether what is written still reaches those who open the store next; from the first time that it does not, nothing is
  /// acknowledged any more.
  ///
  /// - Throws: ``StoreError`` with code ``StoreError/Code/replaced``.
  func verify() async throws

  /// Waits for running transactions and closes; later calls throw ``StoreError/Code/closed``.
  func close() async
}

extension Store {
  /// A store that nobody can take away.
  public func verify() async throws {}
}

/// Changes rows, inside of ``Store/write(_:)``.
public protocol StoreTransaction: StoreReader, NamingRowWriter {
  /// Applies the changes in order. A change that cannot be applied fails the whole transaction, even if the error is caught.
  ///
  /// - Throws: ``StoreError`` with code ``StoreError/Code/conflict`` where a unique row is there already.
  func apply(_ changes: [RowChange]) throws
}

/// Reads rows. Lists are pages in a stated order; a limit below 1 gives an empty page. Ids compare octet by octet.
public protocol StoreReader: CreditReader, BelongingReader, NamingRowReader, ReceiptReader {
  /// Loads what a step needs, with few set-based queries.
  func load(_ needs: Needs) throws -> WorkingSet

  /// Held items that wait for any of these causes, oldest first.
  func held(waitingFor causes: [HeldRow.Cause], limit: Int) throws -> [HeldRow]
  /// Deliveries in state `waiting` for any of these ids, oldest first.
  func deliveries(waitingFor keys: [LinkKey]) throws -> [DeliveryRow]
  /// Deliveries in state `ready` or `blocked` whose time has come, the longest due first, and behind them those whose time no wait explains.
  func dueDeliveries(now: Int64, limit: Int) throws -> [DeliveryRow]
  /// When the next delivery in state `ready` or `blocked` is due.
  func nextDeliveryTime() throws -> Int64?
  func watermark(system: String, feed: String) throws -> String?

  func system(named: String) throws -> SystemRow?
  /// By name.
  func systems() throws -> [SystemRow]
  /// What was agreed with a system that sends XML.
  func partner(named: String) throws -> PartnerRow?
  /// By name.
  func partners() throws -> [PartnerRow]
  func message(system: String, messageID: String) throws -> MessageRow?
  func message(sequence: Int64) throws -> MessageRow?
  /// Newest first; `before` is a sequence, for the next page. Bodies and receipts are left empty.
  func messages(system: String?, before: Int64?, limit: Int) throws -> [MessageRow]
  func items(ofMessage sequence: Int64) throws -> [ItemRow]
  /// Oldest first; `after` is an id, for the next page.
  func held(state: HeldRow.State?, entity: String?, system: String?, after: Int64, limit: Int) throws -> [HeldRow]
  func held(id: Int64) throws -> HeldRow?
  func object(entity: String, id: String) throws -> ObjectRow?
  /// By id; `after` is an id, for the next page; `search` is part of the code or the name, ignoring case.
  func objects(entity: String, search: String?, after: String, limit: Int) throws -> [ObjectRow]
  func objectCount(entity: String) throws -> Int
  /// Objects whose status is `draft`, by id; `after` is an id, for the next page.
  func drafts(entity: String, after: String, limit: Int) throws -> [ObjectRow]
  /// All links of the key, ended ones too, in the order in which they ended; the one that holds comes last.
  func history(of key: LinkKey) throws -> [Link]
  /// All links of the thing, ended ones too, by entity, system and id, each as in ``history(of:)``.
  func links(of thing: CommonID) throws -> [Link]
  /// The forms in which ids and values are stored where that is, or once was, not the one that nobody declares; in no order.
  func forms() throws -> [FormRow]
  /// The keys that links of the entity and system have, ended ones too, each once, in order; `after` is the last of the page before.
  func keys(entity: String, system: String, after: ForeignID, limit: Int) throws -> [ForeignID]
  /// Links that hold, by entity, system and id; `after` is the last key of the page before.
  func links(entity: String?, system: String?, after: LinkKey?, limit: Int) throws -> [Link]
  func delivery(id: Int64) throws -> DeliveryRow?
  /// The delivery with this key of ours.
  func delivery(correlationKey: String) throws -> DeliveryRow?
  func deliveries(ofContract id: String) throws -> [DeliveryRow]
  /// Oldest first; `after` is an id, for the next page.
  func deliveries(state: DeliveryRow.State?, after: Int64, limit: Int) throws -> [DeliveryRow]
  func audit(after: Int64, limit: Int) throws -> [AuditRow]
}

extension StoreReader {
  /// The form in which the ids or values of a scope are stored.
  public func form(of scope: FormScope) throws -> CanonicalForm {
    try forms().first { $0.scope == scope }?.form ?? scope.standard
  }
}

/// Why a store could not do what it was asked: an infrastructure failure, never a business refusal.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  public enum Code: String, Sendable {
    /// A unique row is there already.
    case conflict = "STORE_CONFLICT"
    /// Another process holds the store for too long.
    case busy = "STORE_BUSY"
    case diskFull = "STORE_DISK_FULL"
    /// The file is no store, or damaged.
    case corrupt = "STORE_CORRUPT"
    /// The file was written by a newer release.
    case newerSchema = "STORE_NEWER_SCHEMA"
    /// The file was written by an earlier release, and was to be opened without bringing it up to date.
    case olderSchema = "STORE_OLDER_SCHEMA"
    /// The tables of the file are not those that its release made.
    case otherSchema = "STORE_OTHER_SCHEMA"
    case cannotOpen = "STORE_CANNOT_OPEN"
    /// The file, or its log, was deleted or replaced while it was open.
    case replaced = "STORE_REPLACED"
    case closed = "STORE_CLOSED"
    case failed = "STORE_FAILED"
  }
  public var code: Code
  public var message: String
  /// What the operator can do.
  public var hint: String

  public init(_ code: Code, _ message: String, hint: String = "") {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { "\(code.rawValue): \(message)\(hint.isEmpty ? "" : " — \(hint)")" }
}

extension StoreError {
  /// A unique row is there already.
  package static func taken(_ row: String) -> StoreError {
    StoreError(
      .conflict, "The \(row) is there already.", hint: "Another writer was first; load the rows again and repeat the step.")
  }

  /// A row that must be there to be changed is not.
  package static func missing(_ row: String) -> StoreError {
    StoreError(.failed, "There is no \(row) to be changed.", hint: "The rows were not loaded in the transaction that changes them.")
  }

  /// The store was closed.
  package static var closed: StoreError {
    StoreError(.closed, "The store is closed.", hint: "Open it again; a server that shuts down takes no more work.")
  }
}
