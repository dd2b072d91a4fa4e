import ArgumentParser
import Broker
import BrokerRuntime
import StoreAPI

/// `tessera held release`
struct HeldRelease: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Runs held items again, through their mapping as it is now, and says what became of them.",
    discussion: """
      For items that wait for something else than a link: a corrected mapping file or value map; and with --as-new for a NEAR_MISS or \
      an AMBIGUOUS_MATCH that is a thing of its own: that counts as long as the item waits, for something else, too.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @OptionGroup var failOn: FailOnOptions
  @Argument(help: "Numbers of held items.")
  var held: [Int64]
  @Option(help: "Why, for the audit.")
  var reason: String
  @Flag(help: "They are things of their own, though an id or a value of theirs is, or looks like, that of a known one.")
  var asNew = false

  func validate() throws {
    if Set(held).count < held.count { throw ValidationError("A held item is named twice.") }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    let (before, results) = try await Workspace.with(common) { workspace -> ([HeldRow], [ItemRow]) in
      let rows = try await workspace.store.read { [held] reader in
        try held.map { number -> HeldRow in
          guard let row = try reader.held(id: number) else { throw Refusal.unknownHeldItem(number) }
          if row.state != .waiting { throw Refusal("HELD_NOT_WAITING", "the held item \(number) is \(row.state.rawValue) already") }
          return row
        }
      }
      let results = try await workspace.mappingEngine().release(heldIDs: held, asNew: asNew, who: who, reason: reason)
      workspace.ringDoorbell()
      return (rows, results)
    }
    var table = TextTable(">held", "entity", "id", "outcome", "code", "field", "explanation")
    for (row, result) in zip(before, results) {
      table.add(
        String(row.id), result.entity, result.key, result.outcome.rawValue, result.code, result.path, result.explanation)
    }
    return Answer(
      json: [
        "results": .array(
          zip(before, results).map { row, result in
            .object([
              .init(name: "held", value: JSON(row.id)), .init(name: "message", value: JSON(row.message)),
              .init(name: "result", value: result.json),
            ])
          })
      ],
      text: table.text(whenEmpty: "Nothing was released."), exit: failOn.verdict(on: ReceiptCounts(results.lazy.map(\.outcome))))
  }
}
