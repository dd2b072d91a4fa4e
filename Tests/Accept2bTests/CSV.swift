import Foundation

/// Reads comma-separated values (RFC 4180).
enum CSV {
  /// The rows of a file, each by the names of the first line.
  static func rows(ofFile path: String) throws -> [[String: String]] {
    let records = records(try String(contentsOfFile: path, encoding: .utf8))
    guard let names = records.first else { return [] }
    return records.dropFirst().map { Dictionary(zip(names, $0)) { first, _ in first } }
  }

  private static func records(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field = ""
    var isQuoted = false
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
      next = scalars.next()
      switch scalar {
      case "\"" where isQuoted && next == "\"":
        field.unicodeScalars.append("\"")
        next = scalars.next()
      case "\"": isQuoted.toggle()
      case "," where !isQuoted:
        record.append(field)
        field = ""
      case "\r" where !isQuoted: break
      case "\n" where !isQuoted:
        records.append(record + [field])
        (record, field) = ([], "")
      default: field.unicodeScalars.append(scalar)
      }
    }
    if !field.isEmpty || !record.isEmpty { records.append(record + [field]) }
    return records
  }
}
