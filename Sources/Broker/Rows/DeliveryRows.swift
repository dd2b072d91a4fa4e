public import CRMCore
public import Identity

/// What a destination promises about its create call.
public enum CreateGuarantee: String, Sendable, CaseIterable {
  /// A repeated key gets the first answer again.
  case idempotentByKey = "idempotent-by-key"
  /// Asking by key also fences a call that is still running: after "not found" it can no longer succeed.
  case strongProbe = "strong-probe"
  /// Neither; an ambiguous outcome is settled by a person.
  case none
}

/// One order on its way to one system, or a change or the end of an order that the system has.
public struct DeliveryRow: Hashable, Sendable {
  /// What the destination is asked for.
  public enum Action: String, Sendable, CaseIterable { case create, change, cancel }

  public enum State: String, Sendable, CaseIterable {
    /// To be sent when ``nextAttemptAt`` has come.
    case ready
    /// Cannot be sent as things stand here: no mapping, no adapter, a word without a translation. It is looked at again every minute, and
    /// a person has to put it right.
    case blocked
    /// Waits for an id to be linked (``waitingFor``), or for another delivery that creates the same customer.
    case waiting
    /// Our key is reserved and on disk; the call may be on its way. Found after a restart: ambiguous.
    case sending
    /// The outcome is unknown and the destination cannot tell; a person settles it.
    case uncertain
    /// It failed too often or for too long (``DeliveryLimits``), or a person stopped it: nothing is tried any more until a person says so.
    case parked
    /// Confirmed with the destination's numbers.
    case ordered
    /// The destination carried a change or a cancellation out.
    case confirmed
    /// The destination refused it, or a line of it beyond repair.
    case refused
    case cancelled
  }

  public var id: Int64
  public var destination: String
  /// The CRM core's id of the contract.
  public var contract: String
  public var party: CommonID
  /// The key sent with the create; the same for every attempt. Of a change or a cancellation: the create's, a point and the revision.
  public var correlationKey: String
  /// The customer's key sent along; the same for every order of this customer there.
  public var customerKey: String
  public var state: State
  /// The id that it waits for: an id of the CRM core that the destination does not know.
  public var waitingFor: LinkKey?
  public var attempts: Int
  public var nextAttemptAt: Int64
  public var createdAt: Int64
  public var changedAt: Int64
  /// The canonical order with the CRM core's ids, little-endian CDR.
  public var order: [UInt8]
  /// The destination's numbers, once known.
  public var orderNumber: String
  public var customerNumber: String
  /// The last answer or failure.
  public var code: String
  public var explanation: String
  /// The verdicts per line, little-endian CDR of `LineVerdictSeq`.
  public var lines: [UInt8]
  /// How far the order has come in the destination; nil while there is no news of it.
  public var progress: OrderProgress?
  /// The CRM core's id of the order status that said so; empty while there is none.
  public var orderStatus: String
  public var action: Action
  /// 1 for the order as it was created; changes and cancellations of it count on.
  public var revision: Int
  /// The delivery that created the order which this one changes or cancels; nil for a create.
  public var original: Int64?
  /// Which call-off of its contract the order is, from 1; 0 where it is the whole contract.
  public var callOff: Int
  /// The contract as it is once a change is confirmed, little-endian CDR; empty for everything else.
  public var amendment: [UInt8]
  /// The destination may have carried out an attempt whose answer nobody heard. False where it has answered, and as long as all that was
  /// tried certainly changed nothing there.
  public var mayBeThere: Bool
  /// Failures in a row, apart from those of a system that was away.
  public var failures: Int
  /// When the first of a row of failures was; nil where the last attempt did not fail.
  public var failingSince: Int64?

  public init(
    id: Int64, destination: String, contract: String, party: CommonID, correlationKey: String, customerKey: String, state: State,
    waitingFor: LinkKey? = nil, attempts: Int = 0, nextAttemptAt: Int64, createdAt: Int64, changedAt: Int64, order: [UInt8],
    orderNumber: String = "", customerNumber: String = "", code: String = "", explanation: String = "", lines: [UInt8] = [],
    progress: OrderProgress? = nil, orderStatus: String = "", action: Action = .create, revision: Int = 1, original: Int64? = nil,
    callOff: Int = 0, amendment: [UInt8] = [], mayBeThere: Bool = false, failures: Int = 0, failingSince: Int64? = nil
  ) {
    self.id = id
    self.destination = destination
    self.contract = contract
    self.party = party
    self.correlationKey = correlationKey
    self.customerKey = customerKey
    self.state = state
    self.waitingFor = waitingFor
    self.attempts = attempts
    self.nextAttemptAt = nextAttemptAt
    self.createdAt = createdAt
    self.changedAt = changedAt
    self.order = order
    self.orderNumber = orderNumber
    self.customerNumber = customerNumber
    self.code = code
    self.explanation = explanation
    self.lines = lines
    self.progress = progress
    self.orderStatus = orderStatus
    self.action = action
    self.revision = revision
    self.original = original
    self.callOff = callOff
    self.amendment = amendment
    self.mayBeThere = mayBeThere
    self.failures = failures
    self.failingSince = failingSince
  }
}

extension DeliveryRow {
  /// Credit control, or the destination asked for the customer's credit, keeps it from being sent.
  public var isOnCreditHold: Bool { state == .waiting && waitingFor == nil && code.hasPrefix("CREDIT_") }

  /// Nothing of it can have reached the destination.
  public var isUnsent: Bool { !mayBeThere && [.ready, .waiting, .blocked, .parked].contains(state) }

  /// Something is still to come of it: it is on its way, or nobody knows how it ended.
  public var isOpen: Bool { [.ready, .waiting, .blocked, .sending, .uncertain, .parked].contains(state) }

  /// The service is to send it as soon as it is due.
  public var isToBeSent: Bool { state == .ready || state == .blocked }

  /// Nobody knows how it ended, and nothing is done to find out.
  public var isUncertain: Bool { state == .uncertain || state == .parked && mayBeThere }

  /// Whether a person may say how it ended.
  ///
  /// - Parameter isDone: the person says that the destination has it. Somebody may have entered there by hand what could not be sent.
  public func canBeSettled(isDone: Bool) -> Bool {
    switch state {
    case .uncertain: true
    case .parked, .blocked: isDone || mayBeThere
    case .ready, .waiting: mayBeThere
    default: false
    }
  }

  /// Whether a person may still put the order's number right: a person gave it, and the destination has not confirmed it since.
  public var canBeCorrected: Bool {
    state == .ordered && action == .create && code == Self.settled && progress == nil && orderStatus.isEmpty
  }

  /// The code of a delivery of which a person said how it ended.
  static let settled = "SETTLED"

  // MARK: - Time

  /// The longest wait between two attempts, in microseconds.
  public static let longestWait: Int64 = 60_000_000

  /// The latest time, in microseconds since 1970 UTC, at which anything can be due: what is due later was written by a clock that was wrong
  /// then, and is due now. Ten seconds are for a clock that is set right in small steps.
  public static func latestDueTime(at now: Int64) -> Int64 { now + longestWait + 10_000_000 }

  /// Whether its time has come, or was written by a clock that was wrong.
  public func isDue(at now: Int64) -> Bool { isToBeSent && (nextAttemptAt <= now || hasWrongDueTime(at: now)) }

  /// Whether no wait explains its time.
  public func hasWrongDueTime(at now: Int64) -> Bool { isToBeSent && nextAttemptAt > Self.latestDueTime(at: now) }

  /// A create whose order the destination has, as far as anybody knows.
  public var isStanding: Bool { action == .create && state == .ordered && progress != .cancelled }
}

/// A party not yet linked at a destination: the one delivery that may create it there.
public struct CustomerLaneRow: Hashable, Sendable {
  public var destination: String
  public var party: CommonID
  /// The delivery that holds the lane.
  public var holder: Int64

  public init(destination: String, party: CommonID, holder: Int64) {
    self.destination = destination
    self.party = party
    self.holder = holder
  }
}

/// An application instance that exchanges data with us.
public struct SystemRow: Hashable, Sendable {
  public enum State: String, Sendable { case active, revoked }

  public var name: String
  /// The kind of application, which selects mapping files and value-map columns: `canonical`, `sample-erp`.
  public var type: String
  /// What carries its calls: `inbound` (it calls us with our IDL), `order-desk` (it implements ours), `sample-erp`.
  public var adapter: String
  /// The salted hash of its secret with the parameters that made it.
  public var secretHash: String
  /// The stringified reference that we call; pinned, empty where we call nothing.
  public var reference: String
  public var guarantee: CreateGuarantee
  /// Orders go there.
  public var takesOrders: Bool
  public var state: State
  public var createdAt: Int64
  public var changedAt: Int64

  public init(
    name: String, type: String, adapter: String, secretHash: String, reference: String, guarantee: CreateGuarantee, takesOrders: Bool,
    state: State, createdAt: Int64, changedAt: Int64
  ) {
    self.name = name
    self.type = type
    self.adapter = adapter
    self.secretHash = secretHash
    self.reference = reference
    self.guarantee = guarantee
    self.takesOrders = takesOrders
    self.state = state
    self.createdAt = createdAt
    self.changedAt = changedAt
  }
}

/// Something that a person did, for ever.
public struct AuditRow: Hashable, Sendable {
  /// Counts up from 1; given by the store.
  public var id: Int64
  public var at: Int64
  public var who: String
  /// link, unlink, release, settle, add-system and so on.
  public var action: String
  public var subject: String
  public var reason: String

  public init(id: Int64 = 0, at: Int64, who: String, action: String, subject: String, reason: String) {
    self.id = id
    self.at = at
    self.who = who
    self.action = action
    self.subject = subject
    self.reason = reason
  }
}

extension DeliveryRow {
  /// How the explanation begins of what a person parked.
  static let parkedByPerson = "parked by "

  /// Whether a person stopped it, rather than the limits.
  public var isParkedByPerson: Bool { state == .parked && explanation.hasPrefix(Self.parkedByPerson) }
}

extension SystemRow {
  /// What is otherwise than it was, for the audit: `guarantee none -> strong-probe`. A secret is only said to be another.
  public func changes(since former: SystemRow) -> [String] {
    func change(_ what: String, _ old: String, _ new: String) -> String? {
      old == new ? nil : "\(what) \(old.isEmpty ? "none" : old) -> \(new.isEmpty ? "none" : new)"
    }
    return [
      change("type", former.type, type), change("adapter", former.adapter, adapter),
      former.secretHash == secretHash ? nil : "another secret", change("reference", former.reference, reference),
      change("guarantee", former.guarantee.rawValue, guarantee.rawValue),
      change("orders", former.takesOrders ? "yes" : "no", takesOrders ? "yes" : "no"),
      change("state", former.state.rawValue, state.rawValue),
    ].compactMap { $0 }
  }
}
