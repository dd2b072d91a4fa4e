import CDR
import CRMCore
import Identity
import InterchangeIDL

/// Units that are counted in each other: refused where they are known, and where they would wait for each other for ever.
enum UnitCycle {
  /// What is wrong with a unit whose base units lead back to it, with all units in the set.
  ///
  /// - Parameter others: units that the same item brings, with their ids.
  static func finding(_ record: Record, _ id: String, _ set: WorkingSet, besides others: some Sequence<(String, Record)>) -> Finding? {
    // A factor that is none is found by the unit itself.
    guard let unit = try? Interchange.V1.Unit(record: record), !unit.baseUnit.isEmpty, unit.factorNumerator > 0, unit.factorDenominator > 0
    else { return nil }
    do {
      _ = try UnitChain(of: id) { name in
        if name == id { return unit }
        if let other = others.first(where: { $0.0 == name }) { return try Interchange.V1.Unit(record: other.1) }
        return try set.objects[LinkKey(entity: EntityKind.unit.name, system: crmSystem, id: ForeignID(name))].map {
          try Interchange.V1.Unit(cdr: $0.body)
        }
      }
      return nil
    } catch let fault as UnitChain.Fault {
      if case .unknown = fault { return nil }
      return Finding(code: fault.code, path: "baseUnit", explanation: fault.explanation)
    } catch { return nil }
  }

  /// The keys over which a held item would wait for itself, itself first and last. What waits for its own link alone waits for a person.
  static func wait(of key: LinkKey, for causes: [HeldRow.Cause], _ set: WorkingSet) -> [LinkKey]? {
    var paths: [[LinkKey]] = []
    for case .link(let target) in causes where target != key && target.entity == key.entity { paths.append([key, target]) }
    var seen: Set<LinkKey> = []
    while let path = paths.popLast() {
      guard let last = path.last else { continue }
      if last == key { return path }
      guard seen.insert(last).inserted else { continue }
      for case .link(let target) in set.heldByKey[last]?.last?.causes ?? [] where target.entity == key.entity {
        paths.append(path + [target])
      }
    }
    return nil
  }
}
