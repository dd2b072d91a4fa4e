/// A value map: what a static code of one system type (a unit, a currency, a status) is called in another.
///
/// Rows have one column for each system type, named as its dialect; the canonical model's column is ``canonicalColumn``. A map is
/// immutable: an import makes a new one. It is checked when it is made, so that every lookup has at most one answer.
public struct ValueMap: Sendable {
  /// The column of the canonical model.
  public static let canonicalColumn = "canonical"
  /// Bounds of a map.
  public static let greatestRowCount = 100_000
  public static let greatestColumnCount = 50

  /// The values of one system type.
  public struct Column: Sendable, Hashable {
    public let name: String
    /// Whether several values of this column may stand for one value of another column; towards this column the row marked as
    /// preferred answers.
    public let allowsSeveral: Bool

    public init(_ name: String, allowsSeveral: Bool = false) {
      self.name = name
      self.allowsSeveral = allowsSeveral
    }
  }

  /// What the values of a row have in common: one meaning, under some conditions.
  public struct Row: Sendable, Hashable {
    /// One value for each column; nil where the system type has none.
    public let values: [String?]
    /// One value for each qualifier of the map; nil matches any.
    public let qualifiers: [String?]
    /// First and last day on which the row holds, both included; nil for no limit.
    public let validFrom: CalendarDay?
    public let validTo: CalendarDay?
    /// Whether this row answers where several of its meaning could.
    public let isPreferred: Bool
    /// The row's line in its file, 0 for none.
    public let line: Int

    public init(
      _ values: [String?], qualifiers: [String?] = [], validFrom: CalendarDay? = nil, validTo: CalendarDay? = nil,
      isPreferred: Bool = false, line: Int = 0
    ) {
      self.values = values
      self.qualifiers = qualifiers
      self.validFrom = validFrom
      self.validTo = validTo
      self.isPreferred = isPreferred
      self.line = line
    }

    func isValid(on day: CalendarDay) -> Bool {
      if let validFrom, day < validFrom { return false }
      if let validTo, day > validTo { return false }
      return true
    }

    func overlaps(_ other: Row) -> Bool {
      if let validFrom, let end = other.validTo, end < validFrom { return false }
      if let validTo, let start = other.validFrom, validTo < start { return false }
      return true
    }
  }

  /// What a lookup finds.
  public enum Answer: Sendable, Hashable {
    /// The value, and the index of the row that says so.
    case value(String, row: Int)
    /// No row matches; the map declares this default for the column.
    case byDefault(String)
    case unmapped
  }

  public let name: String
  public let columns: [Column]
  /// Names of the qualifiers in their order: a row that states the first is a better match than one that states the second only.
  public let qualifiers: [String]
  public let rows: [Row]
  /// The default of each column, by column.
  public let defaults: [String?]
  /// For each column: value to rows, the best match first.
  private let index: [[String: [Int]]]

  /// Checks and indexes the rows.
  ///
  /// - Parameter defaults: By name of the column.
  /// - Throws: ``ValueMapFaults`` with everything that is wrong.
  public init(
    name: String, columns: [Column], qualifiers: [String] = [], rows: [Row], defaults: [String: String] = [:]
  ) throws(ValueMapFaults) {
    let faults = ValueMapFault.faults(columns: columns, qualifiers: qualifiers, rows: rows, defaults: defaults)
    guard faults.isEmpty else { throw ValueMapFaults(faults) }
    self.name = name
    self.columns = columns
    self.qualifiers = qualifiers
    self.rows = rows
    self.defaults = columns.map { defaults[$0.name] }
    index = columns.indices.map { column in
      var found: [String: [Int]] = [:]
      for (number, row) in rows.enumerated() {
        if let value = row.values[column] { found[value, default: []].append(number) }
      }
      return found.mapValues { numbers in
        numbers.sorted { Self.rank(rows[$0]).lexicographicallyPrecedes(Self.rank(rows[$1])) }
      }
    }
  }

  /// Sorts the row with the most important stated qualifiers first, then the preferred one.
  private static func rank(_ row: Row) -> [Int] { row.qualifiers.map { $0 == nil ? 1 : 0 } + [row.isPreferred ? 0 : 1] }

  /// The place of a column among ``columns``.
  public func column(named name: String) -> Int? { columns.firstIndex { $0.name == name } }

  /// The given qualifiers in the order of this map, as ``lookup(_:from:to:qualifiers:on:)`` takes them.
  public func ordered(_ given: [String: String]) -> [String?] { qualifiers.map { given[$0] } }

  /// What `value` of one column is called in another.
  ///
  /// - Parameters:
  ///   - qualifiers: One value for each qualifier, nil for unknown; a row that states a qualifier matches only an equal value.
  ///   - day: The day on which the answer must hold.
  public func lookup(_ value: String, from source: Int, to target: Int, qualifiers: [String?] = [], on day: CalendarDay) -> Answer {
    for number in index[source][value] ?? [] {
      let row = rows[number]
      guard let answer = row.values[target], row.isValid(on: day) else { continue }
      let matches = row.qualifiers.indices.allSatisfy { place in
        guard let stated = row.qualifiers[place] else { return true }
        return place < qualifiers.count && qualifiers[place] == stated
      }
      if matches { return .value(answer, row: number) }
    }
    return defaults[target].map(Answer.byDefault) ?? .unmapped
  }
}

/// Value maps by name.
public struct ValueMapSet: Sendable {
  private let maps: [String: ValueMap]

  /// Of maps with one name the last counts.
  public init(_ maps: [ValueMap] = []) {
    self.maps = Dictionary(maps.map { ($0.name, $0) }, uniquingKeysWith: { _, last in last })
  }

  public subscript(name: String) -> ValueMap? { maps[name] }
  /// Sorted.
  public var names: [String] { maps.keys.sorted() }
}
