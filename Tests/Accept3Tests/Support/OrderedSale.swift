import ForeignORB
import Synchronization
import Testing

/// A contract with two lines whose order the ERP has.
struct OrderedSale {
  let world: World
  let contract: String
  /// The ERP's number of the order.
  let number: String

  init(_ guarantee: Guarantee) async throws {
    world = try await World.make(guarantee)
    try await world.tessera.start()
    let party = try await world.newCustomer("Müller Bau GmbH").party
    contract = try await world.draft(party: party, world.lines())
    try await world.tessera.tessera("contracts", "sign", contract)
    try await world.settleEverything()
    number = try #require(try world.erp.orders().first?.number)
  }

  func show() async throws -> JSON { try await world.tessera.tessera("contracts", "show", contract) }

  var book: SampleERPProcess.Order {
    get throws { try #require(try world.erp.orders().first { $0.number == number }) }
  }

  /// Amends the contract to three pieces of its first line, or cancels it; a command that is killed on demand has done it.
  func ask(_ action: String, environment: [String: String] = [:]) async throws {
    let words =
      action == "change"
      ? ["contracts", "amend", contract, "--line", "1:3", "--reason", "more"] : ["contracts", "cancel", contract, "--reason", "less"]
    let result = try await world.tessera.run(words, environment: environment)
    #expect(result.exit == (environment.isEmpty ? .code(0) : .signal(9)), "\(result.output) \(result.errors)")
  }

  /// The last delivery of that kind, when nothing more happens to it by itself.
  func end(of action: String, revision: Int64? = nil) async throws -> Installation.Delivery {
    try await eventually("the \(action) has an end", else: { "\(try world.tessera.deliveries()) \(world.tessera.log)" }) {
      let last = try world.tessera.deliveries().last { $0.action == action && (revision == nil || $0.revision == revision) }
      return last.flatMap { ["confirmed", "refused", "cancelled", "uncertain"].contains($0.state) ? $0 : nil }
    }
  }

  /// Whether the books say what was asked for.
  private func isDone(_ action: String) throws -> Bool {
    action == "cancel" ? try book.state == 60 : try world.erp.positions(of: number).map(\.quantity) == [3000, 2000]
  }

  /// Lets it come to its end, as a person does who looks at the books where nobody knows: it is done once, and both sides say so.
  func expectDone(_ action: String) async throws {
    while case let end = try await end(of: action), end.state == "uncertain" {
      let came = try world.erp.calls(action).contains(end.key)
      let found = try? await eventually("it is in the books", within: came ? .seconds(1) : .zero) { try isDone(action) ? true : nil }
      let isThere = found != nil
      if !isThere { world.noteSettledAsNotDone() }
      try await world.tessera.tessera(
        "contracts", "settle", contract, isThere ? "--carried-out" : "--not-carried-out", "--reason", "looked at the books")
      if !isThere {
        try await eventually("it is asked again") {
          try world.tessera.deliveries().last { $0.action == action }.flatMap { $0.state == "uncertain" ? nil : true }
        }
      }
    }
    #expect(try isDone(action))
    #expect(try await end(of: action).state == "confirmed")
    #expect(try world.erp.orders().count == 1, "nothing is doubled")
    let shown = try await show()
    #expect(shown["state"]?.string == (action == "cancel" ? "cancelled" : "ordered"))
    #expect(shown["record"]?["lines"]?[0]?["quantity"]?.string == (action == "cancel" ? "2.000000" : "3.000000"))
    #expect(Set(try world.erp.calls(action)).count <= 1, "one key")
  }
}
