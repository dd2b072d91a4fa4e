public import CDR
public import Identity

/// What a mapping is run with, beside the document.
public struct MappingContext: Sendable {
  /// Elements that the lists of one document's items may have together.
  public static let greatestElementCount = 100_000
  /// Records that one document makes.
  public static let greatestRecordCount = 10_000
  /// Problems that are recorded for one document.
  public static let greatestProblemCount = 100

  public var valueMaps: ValueMapSet
  /// When the document was received, in microseconds since 1970 (UTC).
  public var documentTime: Int64
  /// Where the day begins for which rows of value maps apply.
  public var zone: DayZone
  /// Choose among rows of value maps: country, company.
  public var qualifiers: [String: String]
  /// Whether the outcome says which amounts of the document become others: for orders, which others have signed.
  public var tracesAmounts: Bool

  public init(
    valueMaps: ValueMapSet = ValueMapSet(), documentTime: Int64, qualifiers: [String: String] = [:], zone: DayZone = .utc,
    tracesAmounts: Bool = false
  ) {
    self.zone = zone
    self.tracesAmounts = tracesAmounts
    self.valueMaps = valueMaps
    self.documentTime = documentTime
    self.qualifiers = qualifiers
  }
}

/// What a mapping makes of one document: records that are applied together or not at all.
public struct MappingOutcome: Sendable {
  public var items: [MappedItem]
  public var problems: [MappingProblem]
  /// The place among ``items`` of the record whose thing the document is about: under its id the whole is kept, held and answered.
  public var subject: Int
  /// The amounts of the document that others stand for in the items; empty where they were not traced.
  public var changedAmounts: [ChangedAmount] = []

  /// An outcome; a mapping makes it, or whoever refuses a document before one is run.
  ///
  /// - Parameter subject: nil where it is the last record.
  public init(items: [MappedItem], problems: [MappingProblem], subject: Int? = nil) {
    self.items = items
    self.problems = problems
    self.subject = subject ?? max(0, items.count - 1)
  }

  /// Whether a problem refuses the document.
  public var isRejected: Bool { problems.contains { $0.severity == .reject } }
  /// Whether the document waits: for a condition, or for a value of a value map.
  public var isHeld: Bool { problems.contains { $0.severity == .hold } || items.contains { !$0.heldValues.isEmpty } }
}

/// One item of an outcome.
public final class MappedItem: Sendable {
  /// The target's type, as the mapping names it.
  public let typeName: String
  public let identity: IdentityRequest
  /// Ids of other things, and values that a value map does not have yet, are absent.
  public let record: Record
  public let references: [PendingReference]
  /// Values that wait for a row of a value map.
  public let heldValues: [HeldValue]
  /// The fields that are not always written.
  public let writes: [FieldWrite]
  /// What the document leaves as it is, beside ``writes``; nil where what it does not say is cleared.
  public let partial: PartialUpdate?
  /// What the record does with its thing.
  public let taking: Taking

  public var type: RecordType { record.type }
  public var entity: String { identity.entity }

  init(
    typeName: String, identity: IdentityRequest, record: Record, references: [PendingReference], heldValues: [HeldValue],
    writes: [FieldWrite], partial: PartialUpdate? = nil, taking: Taking = .changes
  ) {
    self.typeName = typeName
    self.identity = identity
    self.record = record
    self.references = references
    self.heldValues = heldValues
    self.writes = writes
    self.partial = partial
    self.taking = taking
  }

  /// What deletes a thing that a message does not mention, though it holds everything.
  ///
  /// - Parameter record: of the thing's type; of it nothing is taken.
  public convenience init(deleting entity: String, id: String, _ record: Record) {
    self.init(
      typeName: record.type.name, identity: IdentityRequest(entity: entity, sourceID: id, matches: [], proposals: [], path: nil),
      record: record, references: [], heldValues: [], writes: [], taking: .deletes)
  }
}

/// What a record does with the thing that it is about.
public enum Taking: String, Sendable, Hashable, CaseIterable {
  /// It changes the thing, and makes it where it is not known yet.
  case changes
  /// It changes a thing that is known, and is refused where it is not.
  case updates
  /// The thing is inactive from now on, and otherwise as it was; what is not known is refused.
  case deletes
}

/// Whose id an item bears.
public struct IdentityRequest: Sendable, Hashable {
  public let entity: String
  /// The id in the document's system; 1 to 255 octets.
  public let sourceID: String
  /// Tried in order where the id is unknown: one free hit links, two hold, none creates. Empty values are left out.
  public let matches: [MatchValue]
  /// Shown to a person where nothing matches.
  public let proposals: [MatchValue]
  /// Where the record takes the item's own id in the destination's system; nil where it has no such field.
  public let path: SlotPath?
}

/// What is done where a value map lacks a value, or no link has an id.
public enum UnmappedPolicy: Sendable, Hashable {
  /// Refuses the document.
  case fail
  /// Keeps the document until the value or id is known.
  case hold
  case byDefault(Value)
  /// Hands the foreign value on.
  case pass
  /// Leaves the target's value as it is.
  case keep
  /// Leaves the element of the list out.
  case dropLine
}

/// An id that is to be looked up: in the field stands nothing yet.
public final class PendingReference: Sendable {
  public let path: SlotPath
  /// `lines[2]/product`
  public let field: String
  public let entity: String
  /// The id in the document's system.
  public let foreignID: String
  public let policy: UnmappedPolicy
  /// The `<set>` that asks.
  public let place: SourcePlace
  let conversion: TargetConversion

  init(
    path: SlotPath, field: String, entity: String, foreignID: String, policy: UnmappedPolicy, place: SourcePlace,
    conversion: TargetConversion
  ) {
    self.path = path
    self.field = field
    self.entity = entity
    self.foreignID = foreignID
    self.policy = policy
    self.place = place
    self.conversion = conversion
  }
}

/// A value that no row of a value map has, and for which the document waits.
public struct HeldValue: Sendable, Hashable {
  public let table: String
  public let fromColumn: String
  public let toColumn: String
  public let value: String
  public let field: String
  public let place: SourcePlace
}

/// When a field is written.
public enum WritePolicy: String, Sendable, Hashable, CaseIterable {
  case always
  /// Only when the thing is new.
  case createOnly = "create-only"
  /// Only where the target's field is empty.
  case ifEmpty = "if-empty"
  /// Not this time: a value map or link lacks the value.
  case keep
}

/// A field with its write policy.
public struct FieldWrite: Sendable, Hashable {
  public let path: SlotPath
  /// `listPrice/amount`
  public let field: String
  public let policy: WritePolicy
}
