/// A table as CSV (RFC 4180): a header line, then one line for each row; fields that contain commas, quotes or line ends stand in
/// quotes.
struct CSVTable {
  /// One row with the line on which it begins.
  struct Row {
    /// From 1; the header is line 1.
    var line: Int
    /// As many as ``CSVTable/columns``.
    var fields: [String]
  }

  /// The names of the header line.
  let columns: [String]
  let rows: [Row]

  /// - Throws: ``Refusal`` with code `FILE_INVALID` and the line.
  init(_ octets: [UInt8], file: String) throws {
    guard let text = String(validating: octets, as: UTF8.self) else {
      throw Refusal("FILE_INVALID", "\(file) is not UTF-8", hint: "save it as UTF-8")
    }
    var reader = CSVReader(octets: Array(text.utf8), file: file)
    var rows: [Row] = []
    while let row = try reader.readRow() {
      // An empty line is no row.
      if row.fields != [""] { rows.append(row) }
    }
    guard let header = rows.first else { throw Refusal("FILE_INVALID", "\(file) is empty; its first line names the columns") }
    columns = header.fields.map { String($0.drop { $0 == " " }) }
    if let twice = Dictionary(grouping: columns, by: { $0 }).filter({ $0.value.count > 1 }).keys.sorted().first {
      throw Refusal("FILE_INVALID", "\(file):\(header.line): the column \"\(twice)\" stands there twice")
    }
    for row in rows.dropFirst() where row.fields.count != columns.count {
      throw Refusal(
        "FILE_INVALID", "\(file):\(row.line): there are \(row.fields.count) fields; the header names \(columns.count) columns")
    }
    self.rows = Array(rows.dropFirst())
  }
}

private struct CSVReader {
  let octets: [UInt8]
  let file: String
  var offset = 0
  var line = 1

  init(octets: [UInt8], file: String) {
    self.octets = octets
    self.file = file
    if octets.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
  }

  mutating func readRow() throws -> CSVTable.Row? {
    if offset >= octets.count { return nil }
    let start = line
    var fields: [String] = []
    while true {
      fields.append(offset < octets.count && octets[offset] == UInt8(ascii: "\"") ? try readQuoted() : readPlain())
      guard offset < octets.count, octets[offset] == UInt8(ascii: ",") else { break }
      offset += 1
    }
    if offset < octets.count, octets[offset] == 0x0D { offset += 1 }
    if offset < octets.count {
      if octets[offset] != 0x0A {
        throw Refusal("FILE_INVALID", "\(file):\(line): a field in quotes must be followed by a comma or the end of the line")
      }
      offset += 1
      line += 1
    }
    return CSVTable.Row(line: start, fields: fields)
  }

  private mutating func readPlain() -> String {
    let start = offset
    while offset < octets.count, ![UInt8(ascii: ","), 0x0A, 0x0D].contains(octets[offset]) { offset += 1 }
    return String(decoding: octets[start..<offset], as: UTF8.self)
  }

  private mutating func readQuoted() throws -> String {
    let start = line
    offset += 1
    var field: [UInt8] = []
    while offset < octets.count {
      let octet = octets[offset]
      offset += 1
      if octet == UInt8(ascii: "\"") {
        if offset < octets.count, octets[offset] == UInt8(ascii: "\"") {
          offset += 1
        } else {
          return String(decoding: field, as: UTF8.self)
        }
      }
      if octet == 0x0A { line += 1 }
      field.append(octet)
    }
    throw Refusal("FILE_INVALID", "\(file):\(start): a field in quotes has no end")
  }
}
