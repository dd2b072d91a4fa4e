import ArgumentParser

/// Which part of a long list is shown.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many are shown at most, 1 to 10000, or all.", valueName: "number"))
  var limit = PageLimit(100)

  /// How many rows are read: one more than is shown, which tells whether more follow.
  var read: Int { limit.count.map { $0 + 1 } ?? .max }

  /// What is shown of the rows that were read.
  func cut<Row>(_ rows: [Row]) -> Page<Row> {
    Page(rows: Array(rows.prefix(limit.count ?? rows.count)), hasMore: rows.count > limit.count ?? rows.count)
  }
}

/// `100`, or `all`.
struct PageLimit: ExplainedArgument {
  /// Nil: no limit.
  let count: Int?

  init(_ count: Int) { self.count = count }

  init(explaining text: String) throws(ArgumentFault) {
    if text == "all" {
      count = nil
      return
    }
    guard let count = Int(text), (1...10_000).contains(count) else {
      throw ArgumentFault("--limit takes a number from 1 to 10000, or all, not '\(text)'")
    }
    self.count = count
  }

  var defaultValueDescription: String { count.map(String.init) ?? "all" }
}

/// A page of a list.
struct Page<Row> {
  let rows: [Row]
  /// Whether more follow behind these.
  let hasMore: Bool

  /// Where the next page begins: the key of the last row; nil where nothing follows.
  func next<Key>(_ key: (Row) -> Key) -> Key? { hasMore ? rows.last.map(key) : nil }
}

extension JSON {
  /// Where the next page of a list begins; null where nothing follows.
  static func next(_ key: String?) -> JSON { key.map { .string($0) } ?? .null }
  static func next(_ key: Int64?) -> JSON { key.map { JSON($0) } ?? .null }
}

extension Answer {
  /// Tells people, below a list, that it goes on: nothing stops without a word.
  static func more(_ next: (some CustomStringConvertible)?, of count: Int? = nil, shown: Int, option: String = "--after") -> String {
    guard let next else { return "" }
    let part = count.map { "\(shown) of \($0)" } ?? "\(shown)"
    return "\(part) shown, and more follow: \(option) \(next) for the next page, --limit all for everything.\n"
  }
}

extension Page: Sendable where Row: Sendable {}
