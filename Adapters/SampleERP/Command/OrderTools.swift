import ArgumentParser
import SampleERPIDL
import SampleERPServer

/// An order in the books of a running server.
struct OrderOptions: ParsableArguments {
  @OptionGroup var books: BookOptions
  @Option(help: "The file with the server's reference. (default: sample-erp.ior in the data folder)")
  var iorFile: String?
  @Argument(help: "The number of the order.")
  var order: String

  /// Lets a clerk do something, and says what was done.
  func clerk(_ what: String, _ body: (SampleERP.Books) async throws -> SampleERP.ChangeNo) async throws {
    let change = try await RunningBooks.call(books, iorFile, body)
    print("change \(change): \(order) \(what)")
  }
}

/// `sample-erp ship`
struct Ship: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Ships what is left of an order, or a quantity of a position.")

  @OptionGroup var options: OrderOptions
  @Option(help: "The position; else all of them.")
  var position: Int32 = 0
  @Option(help: "How much of each, such as 2.5; else all that is left.")
  var quantity: String?

  func run() async throws {
    var thousandths: Int64 = 0
    if let quantity {
      thousandths = try Thousandths.number(quantity)
      if thousandths == 0 { throw ValidationError("'\(quantity)' is no quantity that can be shipped") }
    }
    let what = "\(position > 0 ? "position \(position) " : "")is shipped\(quantity.map { ": \($0)" } ?? "")"
    try await options.clerk(what) { try await $0.shipOrder(order: options.order, position: position, quantity: thousandths) }
  }
}

/// `sample-erp invoice`
struct Invoice: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Writes the bill for everything of an order that is shipped and not billed.")

  @OptionGroup var options: OrderOptions

  func run() async throws { try await options.clerk("is billed") { try await $0.billOrder(order: options.order) } }
}

/// `sample-erp hold`
struct Hold: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Keeps an order, or one position of it, from being shipped.")

  /// The blocks of the books, by their numbers.
  enum Reason: String, ExpressibleByArgument, CaseIterable {
    case none, credit, papers, customer
    var number: Int16 { Int16(Self.allCases.firstIndex(of: self) ?? 0) }
  }

  @OptionGroup var options: OrderOptions
  @Option(help: "The position; else the whole order.")
  var position: Int32 = 0
  @Option(help: "Why; none lifts the hold.")
  var reason = Reason.papers

  func run() async throws {
    let what = "\(position > 0 ? "position \(position) " : "")is \(reason == .none ? "free again" : "on hold: \(reason.rawValue)")"
    try await options.clerk(what) { try await $0.blockOrder(order: options.order, position: position, block: reason.number) }
  }
}

/// `sample-erp cancel`
struct Cancel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Takes an order back of which nothing is shipped.")

  @OptionGroup var options: OrderOptions

  func run() async throws { try await options.clerk("is taken back") { try await $0.takeBackOrder(order: options.order) } }
}
