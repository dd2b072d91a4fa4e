import Identity
import StoreAPI

extension SQLiteTransaction {
  func history(of key: LinkKey) throws -> [Link] {
    let find = try connection.statement(
      "SELECT * FROM link WHERE entity = ? AND system = ? AND foreign_id = ? ORDER BY ended = 0, ended")
    guard try find.bind(key, names) else { return [] }
    return try find.all(readLink)
  }

  func links(of thing: CommonID) throws -> [Link] {
    let found = try connection.statement("SELECT * FROM link WHERE common = ? ORDER BY ended = 0, ended").bind(thing).all(readLink)
    // Numbers of names have another order than names; the sort is stable, so that links of a key stay in theirs.
    return found.sorted { $0.key < $1.key }
  }

  func links(entity: String?, system: String?, after: LinkKey?, limit: Int) throws -> [Link] {
    var found: [Link] = []
    let kinds = try linkKinds().filter { (entity == nil || $0.entity.text == entity) && (system == nil || $0.system.text == system) }
    for kind in kinds.sorted() where found.count < limit {
      let first = LinkKey(entity: kind.entity.text, system: kind.system.text, id: ForeignID(""))
      if let after, (after.entity, after.system) != (first.entity, first.system), first < after { continue }
      let isContinued = after.map { $0.entity == first.entity && $0.system == first.system } == true
      let page =
        isContinued
        ? try connection.statement(
          "SELECT * FROM link WHERE entity = ? AND system = ? AND foreign_id > ? AND ended = 0 ORDER BY foreign_id LIMIT ?")
        : try connection.statement(
          "SELECT * FROM link WHERE entity = ? AND system = ? AND foreign_id >= ? AND ended = 0 ORDER BY foreign_id LIMIT ?")
      page.bind(kind.entity.number).bind(kind.system.number).bind(isContinued ? after!.id : first.id).bind(limit - found.count)
      found += try page.all(readLink)
    }
    return found
  }

  /// The pairs of entity and system that links have, found by a jump from each to the next.
  private func linkKinds() throws -> [LinkKind] {
    let next = try connection.statement(
      "SELECT entity, system FROM link WHERE (entity, system) > (?, ?) ORDER BY entity, system LIMIT 1")
    var kinds: [LinkKind] = []
    var last = (entity: 0 as Int64, system: 0 as Int64)
    while let pair = try next.bind(last.entity).bind(last.system).first({ ($0.readInt64(), $0.readInt64()) }) {
      kinds.append(LinkKind(entity: (pair.0, try names.text(of: pair.0)), system: (pair.1, try names.text(of: pair.1))))
      last = pair
    }
    return kinds
  }

  private func readLink(_ row: Statement) throws -> Link {
    let key = try row.readKey(names)
    _ = row.readInt64()
    let (common, from, to) = try (row.readCommonID(), row.readInt64(), row.readIfPresent { $0.readInt64() })
    return try Link(
      key: key, common: common, validFrom: from, validTo: to, who: row.readText(), why: row.readText(), endedBy: row.readText(),
      endedBecause: row.readText())
  }
}

/// An entity and a system that have links with each other.
private struct LinkKind: Comparable {
  let entity: (number: Int64, text: String)
  let system: (number: Int64, text: String)

  static func == (left: LinkKind, right: LinkKind) -> Bool {
    left.entity.number == right.entity.number && left.system.number == right.system.number
  }

  static func < (left: LinkKind, right: LinkKind) -> Bool {
    let keys = [left, right].map { LinkKey(entity: $0.entity.text, system: $0.system.text, id: ForeignID("")) }
    return keys[0] < keys[1]
  }
}
