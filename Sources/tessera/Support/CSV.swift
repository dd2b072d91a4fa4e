/// A table as CSV (RFC 4180): a header line, then one line for each row; fields that contain separators, quotes or line ends stand in
/// quotes.
struct CSVTable: Sendable {
  /// One row with the line on which it begins.
  struct Row: Sendable {
    /// From 1; the header is line 1.
    var line: Int
    /// As many as ``CSVTable/columns``.
    var fields: [String]
    /// Where each field begins, in octets.
    fileprivate(set) var starts: [Int]
  }

  /// The names of the header line.
  let columns: [String]
  let header: Row
  let rows: [Row]
  /// The lines of rows of which every field is empty: they hold nothing, and are no rows.
  let emptyRows: [Int]
  /// What is said, in place of all that follows from it, where the first line has another separator; nil where it seems to have this one.
  let separatorFault: CSVFault?
  private let places: CSVPlaces

  /// Octets of the largest file.
  static let greatestFile = 64 << 20
  static let greatestRowCount = 100_000
  static let greatestColumnCount = 1_000
  /// Fields of all rows, the empty ones as well: each takes room, however little stands in it.
  static let greatestFieldCount = 5_000_000
  /// Rows whose fields are all empty; a spreadsheet has no more rows.
  static let greatestEmptyRowCount = 1 << 20
  /// Octets of the largest field.
  static let greatestField = 1 << 20
  /// Faults that are told at once; a person reads no more.
  static let greatestFaultCount = 100

  /// - Throws: ``Refusal`` with code `FILE_INVALID` and every fault with its line and column.
  init(_ octets: [UInt8], file: String, separator: CSVSeparator? = nil) throws {
    do { try self.init(reading: octets, separator: separator) } catch let faults as CSVFaults { throw faults.refusal(file) }
  }

  /// - Parameters:
  ///   - octets: UTF-8, with a byte order mark or without. Lines end with a line feed, with a carriage return before it or without, or, in a
  ///     file without any line feed, with a carriage return.
  ///   - named: what somebody said that stands between the fields; nil where the file may say so in a first line `sep=;`, else a comma does.
  /// - Throws: ``CSVFaults``.
  init(reading octets: [UInt8], separator named: CSVSeparator?) throws {
    let lineEnd = Self.lineEnd(of: octets)
    let places = CSVPlaces(octets, lineEnd)
    self.places = places
    guard String(validating: octets, as: UTF8.self) != nil else {
      throw CSVFaults([CSVFault(line: 1, column: 1, message: "the file is not UTF-8; name what it is with --encoding, or save it as UTF-8")]
      )
    }
    try Self.refuseZeros(octets, places)
    let said = try CSVSeparator.said(in: octets, lineEnd, besides: named)
    let separator = (named ?? said?.separator ?? .comma).octet
    var reader = CSVReader(octets: octets, separator: separator, lineEnd: lineEnd, behind: said?.length ?? 0)
    var faults: [CSVFault] = []
    var header: Row?
    var columns: [String] = []
    var rows: [Row] = []
    var (misfits, separatorFault): (Int, CSVFault?) = (0, nil)
    var emptyRows: [Int] = []
    var fieldCount = 0
    while faults.count < Self.greatestFaultCount,
      let row = reader.readRow({ if faults.count < Self.greatestFaultCount { faults.append(places.fault($0, at: $1)) } })
    {
      // An empty line is no row. One of separators alone is what a spreadsheet makes of a row that was cleared.
      if row.fields == [""] || row.fields == ["\n"] { continue }
      if header != nil, row.fields.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
        emptyRows.append(row.line)
        if emptyRows.count <= Self.greatestEmptyRowCount { continue }
        faults.append(
          places.fault("more than \(Self.greatestEmptyRowCount) rows have empty fields alone; leave them out", at: row.starts[0]))
        break
      }
      guard header != nil else {
        header = row
        columns = row.fields.map { String($0.drop { $0 == " " }) }
        let line = octets[row.starts[0]...].prefix { $0 != 0x0A && $0 != 0x0D }
        let likely = CSVSeparator.likely(in: line, insteadOf: separator, columns: columns.count)
        separatorFault = likely.map { places.fault($0.message(insteadOf: separator), at: row.starts[0]) }
        for (index, column) in columns.enumerated() where columns[..<index].contains(column) {
          faults.append(places.fault("the column \"\(column)\" stands there twice", at: row.starts[index]))
        }
        if columns.count > Self.greatestColumnCount {
          faults.append(
            places.fault("there are more than \(Self.greatestColumnCount) columns; a file has at most \(Self.greatestColumnCount)", at: 0))
          break
        }
        continue
      }
      if row.fields.count != columns.count {
        misfits += 1
        faults.append(
          places.fault("there are \(Self.count(row.fields.count)) fields; the header names \(columns.count) columns", at: row.starts[0]))
      }
      fieldCount += row.fields.count
      if fieldCount > Self.greatestFieldCount {
        faults.append(
          places.fault(
            "the file has more than \(Self.greatestFieldCount) fields; divide it, or leave out columns that nobody reads", at: row.starts[0]
          ))
        break
      }
      if rows.count == Self.greatestRowCount {
        faults.append(places.fault("the file has more than \(Self.greatestRowCount) rows; divide it", at: row.starts[0]))
        break
      }
      rows.append(row)
    }
    guard let header else {
      throw CSVFaults(
        faults.isEmpty ? [CSVFault(line: 1, column: 1, message: "the file is empty; its first line names the columns")] : faults)
    }
    // Where the rows do not fit, the first line says why, once.
    if let separatorFault, !faults.isEmpty, columns.count == 1 || misfits == rows.count { throw CSVFaults([separatorFault]) }
    if !faults.isEmpty { throw CSVFaults(faults) }
    self.separatorFault = separatorFault
    self.columns = columns
    self.header = header
    self.rows = rows
    self.emptyRows = emptyRows
  }

  /// Fields of a row in words: of one with too many not all are counted.
  private static func count(_ fields: Int) -> String { fields > greatestColumnCount ? "more than \(greatestColumnCount)" : "\(fields)" }

  /// Refuses the character U+0000, which no text holds: neither XML nor CORBA could carry it on.
  private static func refuseZeros(_ octets: [UInt8], _ places: CSVPlaces) throws {
    guard octets.contains(0) else { return }
    let zeros = octets.indices.lazy.filter { octets[$0] == 0 }.prefix(greatestFaultCount)
    if zeros.count == greatestFaultCount {
      throw CSVFaults([
        places.fault(
          "the file holds many characters U+0000 (NUL), of which this is the first; UTF-16 looks so: save it as UTF-8", at: zeros.first!)
      ])
    }
    throw CSVFaults(zeros.map { places.fault("a character U+0000 (NUL) stands in the field, which no text may hold; take it out", at: $0) })
  }

  /// What ends lines: what stands most often outside quotes of line feeds and of carriage returns without one.
  private static func lineEnd(of octets: [UInt8]) -> UInt8 {
    var (feeds, returns, isQuoted) = (0, 0, false)
    for index in octets.indices {
      switch octets[index] {
      case UInt8(ascii: "\""): isQuoted.toggle()
      case 0x0A where !isQuoted: feeds += 1
      case 0x0D where !isQuoted && (index + 1 == octets.count || octets[index + 1] != 0x0A): returns += 1
      default: break
      }
    }
    return returns > feeds ? 0x0D : 0x0A
  }

  /// A fault of a field.
  func fault(_ message: String, in row: Row, field: Int) -> CSVFault { places.fault(message, at: row.starts[field]) }
}

/// Something that is wrong with a file, and where.
struct CSVFault: Error, Hashable, Sendable {
  /// From 1.
  var line: Int
  /// From 1, in characters.
  var column: Int
  var message: String
  /// Stable.
  var code = "FILE_INVALID"

  func text(_ file: String) -> String { "\(file):\(line):\(column): \(message)" }
}

/// Everything that is wrong with a file.
struct CSVFaults: Error, Sendable {
  let faults: [CSVFault]

  init(_ faults: [CSVFault]) { self.faults = Array(faults.prefix(CSVTable.greatestFaultCount)) }

  func refusal(_ file: String) -> Refusal {
    Refusal(faults.first?.code ?? "FILE_INVALID", faults.map { $0.text(file) }.joined(separator: "; "))
  }
}

private struct CSVReader {
  let octets: [UInt8]
  let separator: UInt8
  let lineEnd: UInt8
  var offset = 0
  var line = 1

  /// - Parameter length: octets of a first line that says what the separator is.
  init(octets: [UInt8], separator: UInt8, lineEnd: UInt8, behind length: Int) {
    self.octets = octets
    self.separator = separator
    self.lineEnd = lineEnd
    if octets.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    if length > 0 { (offset, line) = (offset + length, 2) }
  }

  /// The next row; nil at the end of the file.
  mutating func readRow(_ fault: (String, Int) -> Void) -> CSVTable.Row? {
    if offset >= octets.count { return nil }
    let first = line
    var fields: [String] = []
    var starts: [Int] = []
    while true {
      let start = offset
      starts.append(start)
      fields.append(offset < octets.count && octets[offset] == UInt8(ascii: "\"") ? readQuoted(fault) : readPlain(fault))
      if offset - start > CSVTable.greatestField { fault("the field has more than \(CSVTable.greatestField) octets", start) }
      guard offset < octets.count, octets[offset] == separator else { break }
      if fields.count > CSVTable.greatestColumnCount {
        // Nobody reads so many: the row is refused, and what is left of it takes no room.
        while offset < octets.count, octets[offset] != lineEnd { offset += 1 }
        break
      }
      offset += 1
    }
    if lineEnd == 0x0A, offset < octets.count, octets[offset] == 0x0D { offset += 1 }
    if offset < octets.count {
      if octets[offset] != lineEnd {
        fault("a field in quotes must be followed by a comma or the end of the line", offset)
        // Nothing more of the line can be told apart.
        while offset < octets.count, octets[offset] != lineEnd { offset += 1 }
      }
      if offset < octets.count { offset += 1 }
      line += 1
    }
    return CSVTable.Row(line: first, fields: fields, starts: starts)
  }

  private mutating func readPlain(_ fault: (String, Int) -> Void) -> String {
    let start = offset
    var hasReturn = false
    while offset < octets.count, octets[offset] != separator, octets[offset] != lineEnd {
      // A carriage return ends the line with the line feed behind it.
      if octets[offset] == 0x0D {
        if offset + 1 == octets.count || octets[offset + 1] == 0x0A { break }
        if !hasReturn {
          fault(
            "a carriage return stands within a field, and other lines end with a line feed; put the field in quotes, or end lines in one way",
            offset)
        }
        hasReturn = true
      }
      if octets[offset] == UInt8(ascii: "\"") { fault("a quote stands within a field; put the field in quotes and write it twice", offset) }
      offset += 1
    }
    return String(decoding: octets[start..<offset], as: UTF8.self)
  }

  private mutating func readQuoted(_ fault: (String, Int) -> Void) -> String {
    let start = offset
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
      if octet == lineEnd { line += 1 }
      field.append(octet)
    }
    fault("a field in quotes has no end", start)
    return String(decoding: field, as: UTF8.self)
  }
}
