public import Broker
public import CDR
import CRMCore
import Identity
import Logging
public import Mapping
public import StoreAPI

/// Why a held item cannot be run again as things are here: its dialect, its mapping or its fields are not what they were.
public struct HeldFault: Error, Sendable, CustomStringConvertible {
  /// A stable code: `HELD_TYPE_UNKNOWN`, `HELD_MAPPING_MISSING`, `HELD_UNREADABLE`.
  public let code: String
  /// What is wrong, and what to do.
  public let description: String

  static let codes = ["HELD_TYPE_UNKNOWN", "HELD_MAPPING_MISSING", "HELD_UNREADABLE"]
}

extension HeldRow {
  /// The sender's record with the fields that its type has now, and the mapping for it.
  ///
  /// - Parameter systemType: the type of the system that sent it.
  /// - Throws: ``HeldFault``.
  public func reading(_ mappings: any MappingSource, systemType: String) throws(HeldFault) -> (plan: MappingPlan, record: Record) {
    guard let type = mappings.type(named: sourceType) else {
      throw HeldFault(
        code: "HELD_TYPE_UNKNOWN", description: "no dialect here has the type \(sourceType) any more; name its description again")
    }
    let plan: MappingPlan
    do throws(MappingMissing) {
      plan = try mappings.neededPlan(from: sourceType, system: key.system, systemType: systemType)
    } catch { throw HeldFault(code: "HELD_MAPPING_MISSING", description: error.description) }
    return (plan, try record(as: type))
  }

  /// The sender's record, its fields read by their names.
  ///
  /// - Parameter type: what ``sourceType`` is now.
  /// - Throws: ``HeldFault`` with code `HELD_UNREADABLE`.
  public func record(as type: RecordType) throws(HeldFault) -> Record {
    do {
      guard let shape, shape != TypeShape(type) else { return try Record(cdr: source, as: type) }
      return try Record(cdr: source, as: try shape.recordType()).reshaped(to: type)
    } catch {
      throw HeldFault(
        code: "HELD_UNREADABLE",
        description:
          "what was stored cannot be read as \(sourceType) is described now: \(error); send it again, or bring the samples back that it was stored with"
      )
    }
  }
}

extension BrokerEngine {
  /// Maps held items anew and runs them; the changes are not applied yet. One that cannot be run stays as it is and says why: whoever made
  /// a link has nothing to do with it.
  ///
  /// - Parameter asNew: a person said that they are things of their own, though they look like known ones.
  func release(
    _ held: [HeldRow], asNew: Bool = false, _ transaction: any StoreTransaction, _ environment: inout StepEnvironment
  ) throws -> (set: WorkingSet, rows: [ItemRow]) {
    let context = mappingContext(environment.now)
    var systems: [String: SystemRow] = [:]
    var items: [ReleasedItem] = []
    var stuck: [Int64: HeldFault] = [:]
    for row in held {
      if systems[row.key.system] == nil { systems[row.key.system] = try transaction.system(named: row.key.system) }
      do throws(HeldFault) {
        let (plan, record) = try row.reading(mappings, systemType: systems[row.key.system]?.type ?? "")
        items.append(
          ReleasedItem(
            held: row,
            item: InboundItem(
              number: row.item, sourceType: row.sourceType, source: record, outcome: plan.run(plan.document(record), in: context),
              of: row.key.system, environment), isNew: asNew))
      } catch { stuck[row.id] = error }
    }
    var set = try transaction.load(BrokerStep.needs(releasing: items))
    let released = BrokerStep.release(items, in: &set, &environment)
    var rows = Dictionary(uniqueKeysWithValues: zip(items.map(\.held.id), released))
    for row in held {
      guard let fault = stuck[row.id] else { continue }
      log.warning("a held item cannot be run", metadata: ["held": "\(row.id)", "what": "\(row.key)", "why": "\(fault)"])
      rows[row.id] = BrokerStep.keep(row, code: fault.code, explanation: fault.description, in: &set, environment)
    }
    return (set, held.compactMap { rows[$0.id] })
  }

  /// Held items that are looked at in one transaction.
  private static let lookedAtOnce = 1_000

  /// Brings what waits up to date with the dialects and mappings of now: what was stored before shapes were gets the one that it has, and
  /// is named by what it is about; what could not be run is tried again, and what forms that were changed since may let go.
  ///
  /// - Throws: `StoreError`.
  public func reviewHeld() async throws {
    var after: Int64 = 0
    while true {
      let page = try await store.read { [after] in
        try $0.held(state: .waiting, entity: nil, system: nil, after: after, limit: Self.lookedAtOnce)
      }
      guard let last = page.last else { return }
      after = last.id
      let freed = try await store.read { try Self.freed(page, $0) }
      let due = page.filter { $0.shape == nil || HeldFault.codes.contains($0.code) || freed.contains($0.id) }.map(\.id)
      if due.isEmpty { continue }
      try await transact { [self] transaction, environment in
        let rows = try due.compactMap { try transaction.held(id: $0) }.filter { $0.state == .waiting }
        if rows.isEmpty { return }
        let (set, _) = try release(rows, transaction, &environment)
        try settle(set, transaction, &environment)
      }
    }
  }

  /// Which held items a change of forms may have let go: those of which nobody could say which thing their own id means, and those that
  /// wait for an id that is linked now, since it is written otherwise than it was.
  public static func freed(_ held: [HeldRow], _ reader: any StoreReader) throws -> Set<Int64> {
    var needs = Needs()
    func keys(_ row: HeldRow) -> [LinkKey] { row.causes.compactMap { if case .link(let key) = $0 { key } else { nil } } }
    for row in held { needs.links.formUnion(keys(row)) }
    let set = try reader.load(needs)
    return Set(held.lazy.filter { row in row.waitsForRecognition || keys(row).contains { set.links[$0] != nil } }.map(\.id))
  }
}
