import Identity
import StoreAPI

/// The numbers that stand for names of entities, systems, fields and value maps in the file.
///
/// Names are never changed or removed, so that what was read once stays true; what a rolled back transaction added is forgotten by
/// ``forget()``.
final class Names {
  private let connection: Connection
  private var numbers: [ForeignID: Int64] = [:]
  private var texts: [Int64: String] = [:]
  /// Names in ASCII that were asked for first: a few, which nearly every row bears.
  private var common: [(text: String, octets: Int, number: Int64)] = []

  init(_ connection: Connection) { self.connection = connection }

  /// The number of the name; nil if no row bears it.
  func number(of text: String) throws -> Int64? {
    let octets = text.utf8.count
    // Of a text in ASCII, an equal one of the same length is the same octets.
    for index in common.indices where common[index].octets == octets && common[index].text == text { return common[index].number }
    let name = ForeignID(text)
    if let number = numbers[name] { return number }
    guard let number = try connection.statement("SELECT id FROM name WHERE text = ?").bind(text).first({ $0.readInt64() }) else {
      return nil
    }
    remember(number, name)
    return number
  }

  /// The number of the name, which is made if there is none.
  func assignedNumber(of text: String) throws -> Int64 {
    if let number = try number(of: text) { return number }
    let insert = try connection.statement("INSERT INTO name (text) VALUES (?) RETURNING id")
    let number = try insert.bind(text).all { $0.readInt64() }[0]
    remember(number, ForeignID(text))
    return number
  }

  /// The name of the number.
  func text(of number: Int64) throws -> String {
    if let text = texts[number] { return text }
    guard let text = try connection.statement("SELECT text FROM name WHERE id = ?").bind(number).first({ try $0.readText() }) else {
      throw StoreError(.corrupt, "\(connection.path) lacks the name \(number) that a row bears.", hint: "Restore the file from a backup.")
    }
    remember(number, ForeignID(text))
    return text
  }

  func forget() {
    numbers = [:]
    texts = [:]
    common = []
  }

  private func remember(_ number: Int64, _ name: ForeignID) {
    numbers[name] = number
    texts[number] = name.text
    let octets = name.text.utf8
    if common.count < 16 && octets.allSatisfy({ $0 < 0x80 }) { common.append((name.text, octets.count, number)) }
  }
}

extension Statement {
  /// Binds entity, system and id, for a row that is looked for. False where no row can have the key.
  func bind(_ key: LinkKey, _ names: Names) throws -> Bool {
    guard let entity = try names.number(of: key.entity), let system = try names.number(of: key.system) else { return false }
    bind(entity).bind(system).bind(key.id)
    return true
  }

  /// Binds entity, system and id, for a row that is written.
  func bind(writing key: LinkKey, _ names: Names) throws -> Statement {
    try bind(names.assignedNumber(of: key.entity)).bind(names.assignedNumber(of: key.system)).bind(key.id)
  }

  /// Reads entity, system and id.
  func readKey(_ names: Names) throws -> LinkKey {
    try LinkKey(entity: names.text(of: readInt64()), system: names.text(of: readInt64()), id: ForeignID(readText()))
  }

  /// Reads a name.
  func readName(_ names: Names) throws -> String { try names.text(of: readInt64()) }
}
