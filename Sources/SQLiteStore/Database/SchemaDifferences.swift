/// How the schema of a file differs from the one that its migrations make.
///
/// Tables hold what nobody can make again, so they are as they should be or the file is refused. Indexes and views follow from the
/// tables: they are made anew. What a stranger added is left alone unless it would change or refuse what we write.
struct SchemaDifferences: Sendable {
  /// What no build can work with, in words.
  var faults: [String] = []
  /// Indexes and views of ours that are missing, or have another text; as they should be.
  var stale: [SchemaItem] = []
  /// What is not ours and does no harm, in words.
  var strangers: [String] = []

  /// - Parameter expected: a connection whose tables are as they should be.
  init(of connection: Connection, expected: Connection) throws {
    let (wanted, found) = (try expected.schemaItems(), try connection.schemaItems())
    for item in wanted.values.sorted(by: { $0.name < $1.name }) {
      guard let other = found[item.name] else {
        if item.kind == "table" { faults.append("table \(item.name) is missing") } else { stale.append(item) }
        continue
      }
      if other.kind != item.kind {
        faults.append("\(item.name) is a \(other.kind) where a \(item.kind) should be")
      } else if other.statement != item.statement, other.normalised != item.normalised {
        if item.kind == "table" {
          faults += try Self.differences(of: item.name, connection.columns(of: item.name), expected.columns(of: item.name))
        } else {
          stale.append(item)
        }
      }
    }
    for item in found.values.sorted(by: { $0.name < $1.name }) where wanted[item.name] == nil {
      let isOnOurs = wanted[item.table]?.kind == "table"
      if item.kind == "trigger", isOnOurs {
        faults.append("the trigger \(item.name) changes what is written to table \(item.table)")
      } else if item.kind == "index", isOnOurs, item.normalised.uppercased().hasPrefix("CREATE UNIQUE") {
        faults.append("the unique index \(item.name) refuses rows of table \(item.table)")
      } else {
        strangers.append("\(item.kind) \(item.name)")
      }
    }
  }

  private static func differences(of table: String, _ found: [SchemaColumn], _ wanted: [SchemaColumn]) -> [String] {
    let names = (found: found.map(\.name), wanted: wanted.map(\.name))
    var words = names.wanted.filter { !names.found.contains($0) }.map { "table \(table) has no column \($0)" }
    words += names.found.filter { !names.wanted.contains($0) }.map { "table \(table) has a column \($0) that is not known" }
    for column in wanted {
      guard let other = found.first(where: { $0.name == column.name }), other != column else { continue }
      words.append("column \(column.name) of table \(table) is '\(other.declaration)' and should be '\(column.declaration)'")
    }
    if words.isEmpty, names.found != names.wanted { words.append("the columns of table \(table) stand in another order") }
    return words.isEmpty ? ["table \(table) is declared in another way"] : words
  }
}
