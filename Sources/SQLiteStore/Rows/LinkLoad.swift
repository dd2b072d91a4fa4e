import Broker
import Identity
import StoreAPI

extension SQLiteTransaction {
  /// The links of the keys, then the match values, then the other links and the objects of all things found so.
  func loadLinks(_ needs: Needs, into set: inout WorkingSet) throws {
    var things = needs.things
    try loadLinks(of: needs.links, into: &set, &things)
    for (entity, values) in needs.matches {
      for (field, texts) in grouped(values, by: \.field) { try loadMatches(entity, field, texts.map(\.value), into: &set, &things) }
    }
    let unknown = needs.matchesOfUnknown.filter { set.links[$0.key] == nil }
    if !unknown.isEmpty { try loadSpellings(ofUnknown: unknown.map(\.key), into: &set, &things) }
    for (entity, wanted) in grouped(unknown, by: \.key.entity) {
      for (field, values) in grouped(wanted.flatMap(\.values), by: \.field) {
        try loadMatches(entity, field, values.map(\.value), into: &set, &things)
        try loadSpellings(of: values.map(\.value), entity, field, into: &set, &things)
      }
    }
    try loadLinks(ofThings: things, needs, into: &set)
  }

  /// Loads the links that hold for the keys, and the states applied last for them.
  func loadLinks(of keys: some Sequence<LinkKey>, into set: inout WorkingSet, _ things: inout Set<CommonID>) throws {
    for (entityName, keys) in grouped(keys, by: \.entity) {
      for (systemName, keys) in grouped(keys, by: \.system) {
        guard let entity = try names.number(of: entityName), let system = try names.number(of: systemName) else { continue }
        // The state counts that stands in the row of the link that holds, else that of the link that ended last.
        var current: LinkKey?
        var newest: Int64 = -1
        try lookUp(
          keys,
          by: """
            WITH wanted (number, id) AS (VALUES (?, ?))
            SELECT number, ended, common, valid_from, who, why, version, fingerprint, message
            FROM wanted CROSS JOIN link ON entity = ? AND system = ? AND foreign_id = wanted.id
            """
        ) {
          $0.bind($1.id)
        } common: {
          $0.bind(entity).bind(system)
        } row: { row, key in
          if current != key { (current, newest) = (key, -1) }
          let ended = row.readInt64()
          if ended == 0 {
            let link = try Link(key: key, common: row.readCommonID(), validFrom: row.readInt64(), who: row.readText(), why: row.readText())
            things.insert(link.common)
            set.load(link)
          } else {
            row.skip(4)
          }
          guard let version = row.readIfPresent({ $0.readInt64() }) else { return }
          let age = ended == 0 ? .max : ended
          guard age > newest else { return }
          newest = age
          set.load(SourceState(version: version, fingerprint: UInt64(bitPattern: row.readInt64()), message: row.readInt64()), of: key)
        }
      }
    }
  }

  /// Loads the things that carry one of the values, unless they are there already.
  func loadMatches(
    _ entityName: String, _ fieldName: String, _ values: [String], into set: inout WorkingSet, _ things: inout Set<CommonID>
  ) throws {
    guard let entity = try names.number(of: entityName), let field = try names.number(of: fieldName) else { return }
    var found: [MatchValue: Set<CommonID>] = [:]
    try lookUp(
      values,
      by: """
        WITH wanted (number, value) AS (VALUES (?, ?))
        SELECT number, common FROM wanted CROSS JOIN match_value ON entity = ? AND field = ? AND match_value.value = wanted.value
        """
    ) {
      $0.bind($1)
    } common: {
      $0.bind(entity).bind(field)
    } row: { row, value in
      found[MatchValue(field: fieldName, value: value), default: []].insert(try row.readCommonID())
    }
    for (value, carriers) in found {
      for thing in carriers.sorted() {
        things.insert(thing)
        if set.matches[entityName]?[value]?.contains(thing) == true { continue }
        set.load(entity: entityName, match: value, of: thing)
      }
    }
  }

  private func loadLinks(ofThings things: Set<CommonID>, _ needs: Needs, into set: inout WorkingSet) throws {
    var systems: [Int64: String] = [:]
    for system in needs.systems { if let number = try names.number(of: system) { systems[number] = system } }
    let crm = needs.objectsOfLinks ? try names.number(of: "crm") : nil
    if let crm { systems[crm] = "crm" }
    if systems.isEmpty { return }
    var objects: [LinkKey] = []
    var links: [LinkKey] = []
    // The index alone answers it.
    try lookUp(
      Array(things),
      by: """
        WITH wanted (number, thing) AS (VALUES (?, ?))
        SELECT number, system, entity, foreign_id FROM wanted CROSS JOIN link ON common = wanted.thing AND ended = 0
        """
    ) {
      $0.bind($1)
    } common: { _ in
    } row: { row, thing in
      let number = row.readInt64()
      guard let system = systems[number] else { return }
      let key = LinkKey(entity: try row.readName(names), system: system, id: ForeignID(try row.readText()))
      // Those that were found by their own keys are not read again.
      if set.links[key] == nil {
        if needs.keysOfThingsSuffice {
          set.load(Link(key: key, common: thing, validFrom: 0, who: "", why: ""))
        } else {
          links.append(key)
        }
      }
      if number == crm { objects.append(key) }
    }
    var known = things
    try loadLinks(of: links, into: &set, &known)
    for (entityName, keys) in grouped(objects, by: \.entity) {
      guard let entity = try names.number(of: entityName) else { continue }
      try lookUp(
        keys,
        by: """
          WITH wanted (number, key) AS (VALUES (?, ?))
          SELECT number, object.* FROM wanted CROSS JOIN object ON entity = ? AND object.id = wanted.key
          """
      ) {
        $0.bind($1.id)
      } common: {
        $0.bind(entity)
      } row: { row, _ in
        set.load(try readObject(row))
      }
    }
  }

  /// Looks keys up, several by one statement, since a statement costs more than what it looks up.
  ///
  /// - Parameters:
  ///   - sql: its `VALUES (?, ?)` are the number of a key and the key, and are repeated; the rows begin with the number. The values are
  ///     the outer loop, so that the rows of a key come one after the other.
  ///   - bind: binds a key.
  ///   - common: binds what stands behind the keys.
  ///   - row: takes a row of the key.
  func lookUp<Key>(
    _ keys: [Key], by sql: StaticString, bind: (Statement, Key) throws -> Void, common: (Statement) throws -> Void,
    row: (Statement, Key) throws -> Void
  ) throws {
    var start = 0
    for size in NewRows.groups {
      while keys.count - start >= size {
        let find = try connection.statement(sql, rows: size)
        defer { find.reset() }
        for index in start..<start + size { try bind(find.bind(index), keys[index]) }
        try common(find)
        while try find.step() { try row(find, keys[find.readInt()]) }
        start += size
      }
    }
  }

  /// The elements by a text that few of them differ in.
  func grouped<Element>(_ elements: some Sequence<Element>, by text: (Element) -> String) -> [(text: String, elements: [Element])] {
    var groups: [(text: String, elements: [Element])] = []
    for element in elements {
      let text = text(element)
      if let index = groups.firstIndex(where: { $0.text == text }) {
        groups[index].elements.append(element)
      } else {
        groups.append((text, [element]))
      }
    }
    return groups
  }
}
