public import CDR
public import Identity

/// A message as it arrived: the evidence, and the receipt that a repetition gets again.
public struct MessageRow: Hashable, Sendable {
  /// Our number of it, in the order of arrival.
  public var sequence: Int64
  public var system: String
  /// The sender's id of it; unique within the system.
  public var messageID: String
  /// The operation that brought it, such as `pushProducts`, or an adapter's read.
  public var operation: String
  /// SHA-256 of the decoded arguments, encoded again by us: little-endian, aligned at 0, UTF-8, zero padding.
  public var digest: [UInt8]
  /// The octets as they came. Evidence only, never compared.
  public var body: [UInt8]
  /// How to read ``body``.
  public var format: WireFormat
  /// The CDR position of the first octet of ``body``.
  public var alignedAt: Int
  /// Microseconds since 1970 UTC.
  public var receivedAt: Int64
  public var itemCount: Int
  /// accepted, partial, refused; `undecodable` where the body could not be read at all.
  public var outcome: String
  /// The encoded answer (little-endian CDR of the operation's result).
  public var receipt: [UInt8]

  public init(
    sequence: Int64, system: String, messageID: String, operation: String, digest: [UInt8], body: [UInt8], format: WireFormat,
    alignedAt: Int, receivedAt: Int64, itemCount: Int, outcome: String, receipt: [UInt8]
  ) {
    self.sequence = sequence
    self.system = system
    self.messageID = messageID
    self.operation = operation
    self.digest = digest
    self.body = body
    self.format = format
    self.alignedAt = alignedAt
    self.receivedAt = receivedAt
    self.itemCount = itemCount
    self.outcome = outcome
    self.receipt = receipt
  }
}

/// What became of one item of a message.
public enum ItemOutcome: String, Sendable, CaseIterable {
  case applied
  /// The same as the last state applied for its key.
  case unchanged
  /// Older than the last state applied for its key; recorded and ignored.
  case stale
  /// Kept until an id or a value is linked.
  case held
  /// Held before, then replaced by a newer version of itself; or overtaken by a newer state within its own message.
  case superseded
  case rejected
  /// Says once more what another item of its message says.
  case repeated
  /// The mapping emits nothing for it.
  case leftOut = "left-out"
}

/// One item of a message with its result.
public struct ItemRow: Hashable, Sendable {
  public var message: Int64
  /// From 1.
  public var number: Int
  public var entity: String
  /// The sender's id of the thing.
  public var key: String
  public var outcome: ItemOutcome
  /// A stable code; empty where nothing is to be said.
  public var code: String
  public var path: String
  public var explanation: String
  public var common: CommonID?

  public init(
    message: Int64, number: Int, entity: String, key: String, outcome: ItemOutcome, code: String = "", path: String = "",
    explanation: String = "", common: CommonID? = nil
  ) {
    self.message = message
    self.number = number
    self.entity = entity
    self.key = key
    self.outcome = outcome
    self.code = code
    self.path = path
    self.explanation = explanation
    self.common = common
  }
}

/// The last state applied for one key of one system: what "unchanged" and "stale" compare with.
public struct SourceState: Hashable, Sendable {
  /// The source's version, or its `changedAt` where it counts none.
  public var version: Int64
  /// A hash of the mapped record.
  public var fingerprint: UInt64
  public var message: Int64

  public init(version: Int64, fingerprint: UInt64, message: Int64) {
    self.version = version
    self.fingerprint = fingerprint
    self.message = message
  }
}

/// An item that waits for ids or values to be linked, with all that is needed to run it again.
public struct HeldRow: Hashable, Sendable {
  public enum State: String, Sendable, CaseIterable { case waiting, released, superseded, discarded }
  /// What it waits for: the link of an id, or a row of a value map.
  public enum Cause: Hashable, Sendable {
    case link(LinkKey)
    case value(table: String, system: String, value: String)
  }

  /// Whether it waits since nobody can say which thing its own id means.
  public var waitsForRecognition: Bool { causes.contains(.link(key)) || ["NEAR_MISS", "AMBIGUOUS_MATCH"].contains(code) }

  public var id: Int64
  public var message: Int64
  public var item: Int
  /// The item's own key.
  public var key: LinkKey
  public var version: Int64
  /// The dialect type of ``source``, such as `Product` or `sample-erp:Item`.
  public var sourceType: String
  /// The sender's record, little-endian CDR of ``shape``.
  public var source: [UInt8]
  /// The fields that ``sourceType`` had when the record was stored: it is read by their names. Nil for one that was stored before shapes
  /// were, and is read as the type is now.
  public var shape: TypeShape?
  public var code: String
  public var explanation: String
  public var causes: [Cause]
  public var state: State
  public var since: Int64
  public var changedAt: Int64
  /// Whether a person said that it is a thing of its own, though it looks like a known one: that holds while it waits for something else.
  public var isNew: Bool

  public init(
    id: Int64, message: Int64, item: Int, key: LinkKey, version: Int64, sourceType: String, source: [UInt8],
    shape: TypeShape? = nil, code: String, explanation: String, causes: [Cause], state: State, since: Int64, changedAt: Int64,
    isNew: Bool = false
  ) {
    self.isNew = isNew
    self.id = id
    self.message = message
    self.item = item
    self.key = key
    self.version = version
    self.sourceType = sourceType
    self.source = source
    self.shape = shape
    self.code = code
    self.explanation = explanation
    self.causes = causes
    self.state = state
    self.since = since
    self.changedAt = changedAt
  }
}

/// An object of the CRM core in its canonical form.
public struct ObjectRow: Hashable, Sendable {
  public var entity: String
  /// The CRM core's own id: P-000123.
  public var id: String
  public var common: CommonID
  public var code: String
  public var name: String
  public var status: String
  /// Little-endian CDR of the canonical struct.
  public var body: [UInt8]
  public var changedAt: Int64
  /// The system whose push changed it last; `crm` for work done here.
  public var changedBy: String

  public init(
    entity: String, id: String, common: CommonID, code: String, name: String, status: String, body: [UInt8], changedAt: Int64,
    changedBy: String
  ) {
    self.entity = entity
    self.id = id
    self.common = common
    self.code = code
    self.name = name
    self.status = status
    self.body = body
    self.changedAt = changedAt
    self.changedBy = changedBy
  }
}
