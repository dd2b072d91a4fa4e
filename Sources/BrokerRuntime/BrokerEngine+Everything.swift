import Broker
import CDR
import CRMCore
import Identity
import Mapping
import StoreAPI

// Messages that hold everything.
extension BrokerEngine {
  /// Adds to a message what follows from the things that it does not mention.
  ///
  /// - Parameter earlier: what the parts before say, where it is the last part of a document.
  static func addMissing(
    to batch: inout InboundBatch, _ everything: Everything, _ reader: any StoreReader, _ environment: StepEnvironment,
    earlier: Mentions = Mentions()
  ) throws {
    guard let kind = EntityKind.named(everything.entity) else { return }
    var said = batch.mentions
    said += earlier
    // What is mentioned in another spelling waits for a person (`NEAR_MISS`), and until then nothing ends.
    let holdsNear = environment.nearMisses(of: everything.entity, in: batch.system) == .hold
    let folds = holdsNear ? Set(said.versions.keys.lazy.filter { $0.entity == everything.entity }.map(\.folded)) : []
    func isMentioned(_ key: LinkKey) -> Bool { said.versions[key] != nil || !folds.isEmpty && folds.contains(key.folded) }

    var found = Unmentioned()
    try eachPage(of: everything, batch.system, reader, where: { !isMentioned($0) }) { links, set in
      for link in links {
        guard let object = object(of: link, everything, set), object.status != "inactive" else { continue }
        found.missing.append(link.key)
        if let newest = said.newest[kind.name], object.changedBy == batch.system,
          let time = kind.time(of: try Record(cdr: object.body, as: kind.type)), time > newest
        {
          found.newer.append(link.key)
        }
      }
    }
    let missing = Set(found.missing)
    var waiting: Set<LinkKey> = []
    try eachHeld(of: everything, batch.system, reader) { row in
      if isMentioned(row.key) {
        if let told = said.versions[row.key], told < row.version { found.overtaken = (row.key, told, row.version) }
        return
      }
      // What waits bears a time, or a number that its source counts, which is no time by far.
      if let newest = said.newest[kind.name], row.version > newest { found.newer.append(row.key) }
      if !missing.contains(row.key), waiting.insert(row.key).inserted { found.waiting.append(row.key) }
    }
    if found.missing.isEmpty, found.waiting.isEmpty { return }
    // Only now what is mentioned is looked at: mostly nothing is missing.
    try eachPage(of: everything, batch.system, reader, where: isMentioned) { links, set in
      for link in links {
        if let object = object(of: link, everything, set), object.status != "inactive" { found.standing += 1 }
        if found.overtaken == nil, let told = said.versions[link.key], let known = set.sourceStates[link.key]?.version, told < known {
          found.overtaken = (link.key, told, known)
        }
      }
    }
    batch.add(found, everything, said, environment)
  }

  /// The links of an entity and a system that are meant, with the rows behind them, a page at a time.
  private static func eachPage(
    of everything: Everything, _ system: String, _ reader: any StoreReader, where isMeant: (LinkKey) -> Bool,
    _ body: ([Link], WorkingSet) throws -> Void
  ) throws {
    var after: LinkKey?
    while true {
      let page = try reader.links(entity: everything.entity, system: system, after: after, limit: 1000)
      guard let last = page.last else { return }
      after = last.key
      let links = page.filter { isMeant($0.key) }
      if links.isEmpty { continue }
      var needs = Needs()
      needs.links = Set(links.map(\.key))
      needs.systems = [system, crmSystem]
      needs.objectsOfLinks = true
      try body(links, try reader.load(needs))
    }
  }

  private static func object(of link: Link, _ everything: Everything, _ set: WorkingSet) -> ObjectRow? {
    set.id(of: link.common, in: crmSystem).flatMap {
      set.objects[LinkKey(entity: everything.entity, system: crmSystem, id: ForeignID($0))]
    }
  }

  private static func eachHeld(
    of everything: Everything, _ system: String, _ reader: any StoreReader, _ body: (HeldRow) throws -> Void
  ) throws {
    var after: Int64 = 0
    while true {
      let page = try reader.held(state: .waiting, entity: everything.entity, system: system, after: after, limit: 1000)
      guard let last = page.last else { return }
      after = last.id
      for row in page { try body(row) }
    }
  }
}
