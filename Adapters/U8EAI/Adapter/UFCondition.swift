import CDR
import EAIGateway
import HTTPTypes

/// One condition of a query: a column of the foreign database, compared with a value.
///
/// Columns are not reached: each stands for the element that the dialect's documents write for it.
struct UFCondition: Sendable {
  private enum Comparison: Sendable {
    case equal
    case different
    case less(orEqual: Bool)
    case greater(orEqual: Bool)
    case like
  }

  /// The elements in which columns appear, as ways through the records of customers and items. Only what answers hold can be compared.
  private static let elements: [String: [String]] = [
    "ccuscode": ["code"], "ccusname": ["name"], "ccusabbname": ["abbrname"],
    "cinvcode": ["header", "code"], "cinvname": ["header", "name"], "cinvstd": ["header", "specs"], "cinvccode": ["header", "sort_code"],
  ]

  private let path: [String]
  private let comparison: Comparison
  private let value: String

  /// - Throws: ``GatewayRefusal`` for a column or comparison that is not served.
  init(column: String, operation: String, value: String) throws {
    guard let path = Self.elements[column.lowercased()] else {
      throw GatewayRefusal(
        .unprocessableContent, "COLUMN_UNKNOWN", "the column '\(column.prefix(60))' is not served",
        hint: "these are: \(Self.elements.keys.sorted().joined(separator: ", "))")
    }
    switch operation.lowercased() {
    case "=", "": comparison = .equal
    case "<>", "!=": comparison = .different
    case "<": comparison = .less(orEqual: false)
    case "<=": comparison = .less(orEqual: true)
    case ">": comparison = .greater(orEqual: false)
    case ">=": comparison = .greater(orEqual: true)
    case "like": comparison = .like
    default: throw GatewayRefusal(.unprocessableContent, "OPERATION_UNKNOWN", "the comparison '\(operation.prefix(20))' is not served")
    }
    guard value.utf8.count <= 200 else {
      throw GatewayRefusal(.unprocessableContent, "VALUE_TOO_LONG", "a value to compare with has more than 200 octets")
    }
    self.path = path
    self.value = value
  }

  func holds(for record: Record) -> Bool {
    let text = Self.text(record, path[...])
    return switch comparison {
    case .equal: text == value
    case .different: text != value
    case .less(let orEqual): text < value || (orEqual && text == value)
    case .greater(let orEqual): text > value || (orEqual && text == value)
    case .like: Self.matches(Array(text), Array(value))
    }
  }

  private static func text(_ record: Record, _ path: ArraySlice<String>) -> String {
    guard let first = path.first, let value = record[first] else { return "" }
    switch value {
    case .text(let text): return path.count == 1 ? text : ""
    case .record(let inner): return Self.text(inner, path.dropFirst())
    default: return ""
    }
  }

  /// `%` stands for any characters, `_` for one. Takes time in proportion to both lengths.
  private static func matches(_ text: [Character], _ pattern: [Character]) -> Bool {
    var (position, place) = (0, 0)
    var star: (place: Int, position: Int)?
    while position < text.count {
      if place < pattern.count, pattern[place] == "%" {
        star = (place, position)
        place += 1
      } else if place < pattern.count, pattern[place] == "_" || pattern[place] == text[position] {
        (position, place) = (position + 1, place + 1)
      } else if let last = star {
        star = (last.place, last.position + 1)
        (position, place) = (last.position + 1, last.place + 1)
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "%" }
  }
}
