import CDR
public import InterchangeIDL

/// How far an order has come in the ERP that has it, worked out from its news.
public enum OrderProgress: String, Sendable, CaseIterable {
  case open
  /// The whole order is on hold there, and not everything is shipped.
  case held
  case partlyShipped = "partly-shipped"
  case shipped, invoiced, closed
  /// The ERP took it back.
  case cancelled

  /// What the order has done already; a hold takes nothing of it back.
  ///
  /// The ERP's word counts where it says more than the quantities do: it may ship and invoice what has no lines.
  ///
  /// - Parameter ordered: the numbers of the lines that the order has, as far as the ERP took them; one of which no news tell is not done.
  ///   Empty for an order that was placed elsewhere, of which the news alone tell.
  public init(_ status: Interchange.V1.OrderStatus, ordered: Set<Int32> = []) {
    let counted = status.lines.filter { $0.ordered.unscaled > 0 }
    let isWhole = ordered.isSubset(of: status.lines.lazy.map(\.number))
    let all = { (isDone: (Interchange.V1.OrderLineStatus) -> Bool) in isWhole && !counted.isEmpty && counted.allSatisfy(isDone) }
    if status.status != "active" {
      self = .cancelled
    } else if status.state == "closed" {
      self = .closed
    } else if status.state == "invoiced" || all({ $0.invoiced.decimal >= $0.ordered.decimal }) {
      self = .invoiced
    } else if status.state == "shipped" || all({ $0.shipped.decimal >= $0.ordered.decimal }) {
      self = .shipped
    } else if status.state == "held" || !status.hold.isEmpty {
      self = .held
    } else if status.lines.contains(where: { $0.shipped.unscaled > 0 }) {
      self = .partlyShipped
    } else {
      self = .open
    }
  }
}

extension OrderProgress {
  /// In words for people: `partly shipped`.
  public var words: String {
    switch self {
    case .held: "on hold there"
    case .partlyShipped: "partly shipped"
    default: rawValue
    }
  }

  /// The state of a contract whose orders were all taken.
  ///
  /// - Parameter orders: how far each has come; nil for one of which there was no news since it was taken.
  public static func contractState(of orders: [OrderProgress?]) -> ContractState {
    let left = orders.filter { $0 != .cancelled }
    if left.isEmpty { return orders.isEmpty ? .ordered : .cancelled }
    if left.allSatisfy({ $0 == .closed }) { return .closed }
    if left.allSatisfy({ $0 == .closed || $0 == .invoiced }) { return .invoiced }
    if left.allSatisfy({ $0.map { [.shipped, .invoiced, .closed].contains($0) } == true }) { return .shipped }
    return left.contains { $0.map { [.partlyShipped, .shipped, .invoiced, .closed].contains($0) } == true } ? .partlyShipped : .ordered
  }
}

extension Interchange.V1.OrderStatus {
  /// What is on hold, in words: the whole order, and the lines by their numbers; nil where nothing is.
  public var holdWords: String? {
    var words: [String] = []
    if !hold.isEmpty || state == "held" { words.append(hold.isEmpty ? "the order is on hold" : "on hold: \(hold)") }
    for line in lines.prefix(10_000) where !line.hold.isEmpty { words.append("line \(line.number) on hold: \(line.hold)") }
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  /// How far the order has come, in words: `partly shipped: 2 of 5 lines shipped, 1 invoiced; on hold: credit`.
  ///
  /// - Parameter ordered: the numbers of the lines that the order has, as in ``OrderProgress/init(_:ordered:)``.
  public func words(ordered: Set<Int32> = []) -> String {
    let count = { (isDone: (Interchange.V1.OrderLineStatus) -> Bool) in lines.count { $0.ordered.unscaled > 0 && isDone($0) } }
    let shipped = count { $0.shipped.decimal >= $0.ordered.decimal }
    let begun = count { $0.shipped.unscaled > 0 && $0.shipped.decimal < $0.ordered.decimal }
    let invoiced = count { $0.invoiced.decimal >= $0.ordered.decimal }
    let progress = OrderProgress(self, ordered: ordered)
    var text = progress.words
    if progress != .cancelled, shipped + begun + invoiced > 0 {
      let parts = begun > 0 ? ", \(begun) in part" : ""
      text += ": \(shipped) of \(ordered.union(lines.lazy.map(\.number)).count) lines shipped\(parts), \(invoiced) invoiced"
    }
    return holdWords.map { "\(text); \($0)" } ?? text
  }
}
