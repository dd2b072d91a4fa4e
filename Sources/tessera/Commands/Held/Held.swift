import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import Identity
import Mapping
import StoreAPI

/// `tessera held`
struct Held: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Items that wait for an id or a value to be linked.",
    discussion: "The link releases them: nothing has to be done here, and nothing polls. `tessera identity link` makes the link.",
    subcommands: [HeldList.self, HeldShow.self, HeldRelease.self])
}

extension HeldRow.Cause {
  var json: JSON {
    switch self {
    case .link(let key): ["link": ["entity": .string(key.entity), "system": .string(key.system), "id": .string(key.id.text)]]
    case .value(let table, let system, let value):
      ["value": ["table": .string(table), "system": .string(system), "value": .string(value)]]
    }
  }

  /// What a person can do.
  var text: String {
    switch self {
    case .link(let key): "\(key.entity) \(key.system):\(key.id)"
    case .value(let table, _, let value): "value map \(table): \"\(value)\""
    }
  }
}

extension HeldRow {
  var members: [JSON.Member] {
    [
      .init(name: "held", value: JSON(id)), .init(name: "message", value: JSON(message)), .init(name: "item", value: JSON(item)),
      .init(name: "entity", value: .string(key.entity)), .init(name: "system", value: .string(key.system)),
      .init(name: "id", value: .string(key.id.text)), .init(name: "version", value: JSON(version)),
      .init(name: "code", value: .string(code)), .init(name: "explanation", value: .string(explanation)),
      .init(name: "waitsFor", value: .array(causes.map(\.json))), .init(name: "state", value: .string(state.rawValue)),
      .init(name: "since", value: .string(Instant.text(since))), .init(name: "changedAt", value: .string(Instant.text(changedAt))),
    ]
  }
}

/// `tessera held list`
struct HeldList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the held items, oldest first.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var page: PageOptions
  @Option(help: "Only those in this state.")
  var state = Choice(HeldRow.State.waiting)
  @Flag(help: "Those in every state.")
  var all = false
  @Option(help: "Only those of one kind.")
  var entity: EntityArgument?
  @Option(help: "Only those of one system.")
  var system: String?
  @Option(help: "Only those behind this number: the next page.")
  var after: Int64 = 0

  func answer() async throws -> Answer {
    let shown = try await Workspace.reading(common) { [state = all ? nil : state.value, entity, system, after, page] reader in
      if let system, system != crmSystem, try reader.system(named: system) == nil { throw try Refusal.unknownSystem(system, reader) }
      return page.cut(try reader.held(state: state, entity: entity?.name, system: system, after: after, limit: page.read))
    }
    let (held, next) = (shown.rows, shown.next(\.id))
    var table = TextTable(">held", "entity", "system", "id", "since (UTC)", "state", "code", "waits for")
    for row in held {
      table.add(
        String(row.id), row.key.entity, row.key.system, row.key.id.text, Instant.short(row.since), row.state.rawValue, row.code,
        row.causes.map(\.text).joined(separator: ", "))
    }
    return Answer(
      json: ["held": .array(held.map { .object($0.members) }), "next": .next(next)],
      text: table.text(whenEmpty: "Nothing is held.") + Answer.more(next, shown: held.count))
  }
}

/// `tessera held show`
struct HeldShow: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows a held item with what its sender said.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The number of the held item.")
  var held: Int64

  func answer() async throws -> Answer {
    let row = try await Workspace.reading(common) { [held] reader in
      guard let row = try reader.held(id: held) else { throw Refusal.unknownHeldItem(held) }
      return row
    }
    // A dialect that this release does not have, or has in another form, is no reason to show nothing.
    let source = try row.shown(as: Composition.type(named: row.sourceType, Composition.types(FilesInUse(common))))
    var sheet = TextSheet()
    sheet.add("held", String(row.id))
    sheet.add("item", "\(row.item) of message \(row.message)")
    sheet.add("what", row.key.description)
    sheet.add("state", row.state.rawValue)
    sheet.add("since", Instant.text(row.since))
    sheet.add("code", row.code)
    sheet.add("explanation", row.explanation)
    for cause in row.causes { sheet.add("waits for", cause.text) }
    sheet.add("source type", row.sourceType)
    sheet.add("source", source.map { JSON($0).description } ?? row.source.hexadecimal)
    return Answer(
      json: .object(
        row.members + [
          .init(name: "sourceType", value: .string(row.sourceType)), .init(name: "source", value: source.map { JSON($0) } ?? .null),
        ]),
      text: sheet.text)
  }
}

extension HeldRow {
  /// The record with the fields of now, else with those that it was stored with; nil where neither is known.
  fileprivate func shown(as type: RecordType?) -> Record? {
    if let type, let record = try? record(as: type) { return record }
    return (try? shape?.recordType()).flatMap { try? Record(cdr: source, as: $0) }
  }
}

extension Refusal {
  static func unknownHeldItem(_ number: Int64) -> Refusal {
    Refusal("HELD_UNKNOWN", "there is no held item \(number)", hint: "`tessera held list` lists them")
  }
}
