import ArgumentParser
import Broker
import BrokerRuntime
import Identity
import StoreAPI

/// `tessera balance`
struct Balance: TesseraCommand {
  static let configuration = CommandConfiguration(
    abstract: "What each system and partner sent on each day, and what became of it.",
    discussion: """
      Received is the sum of applied, unchanged, held, rejected, repeated and left out: as it stands now, so that what was held may be \
      applied meanwhile. Repeated: said before, or older than what was known. Left out: the mapping wants none of it, or no description \
      knows it. A message that was refused whole has no items. A message that an ORB sends once more with its id gets its first receipt \
      again and is not counted. Days are those of the zone that broker.xml names, else of UTC.
      """)
  @OptionGroup var common: CommonOptions
  @Option(help: "Only what one system or partner sent; crm: the CRM core's own imports.")
  var system: String?
  @Option(help: ArgumentHelp("The last day, such as 2026-12-01 (default: today).", valueName: "day"))
  var day: String?
  @Option(help: ArgumentHelp("How many days, 1 to 366.", valueName: "number"))
  var days = 7

  func validate() throws {
    if !(1...366).contains(days) { throw ValidationError("--days takes a number from 1 to 366, not \(days).") }
    if let day, CalendarDay(day) == nil { throw ValidationError("--day takes a day such as 2026-12-01, not '\(day)'.") }
  }

  /// What a system sent on a day.
  private struct Line: Sendable {
    let day: CalendarDay
    let isPartner: Bool
    let row: BalanceRow
  }

  func answer() async throws -> Answer {
    let zone = try Composition.zone(common)
    let last = day.flatMap { CalendarDay($0) } ?? zone.day(of: SystemClock.microseconds())
    let lines = try await Workspace.reading(common) { [system, days] reader -> [Line] in
      if let system, system != crmSystem, try reader.system(named: system) == nil { throw try Refusal.unknownSystem(system, reader) }
      let partners = Set(try reader.partners().map(\.system))
      return try (last.number - days + 1...last.number).flatMap { number in
        let day = CalendarDay(number: number)
        return try reader.balance(from: zone.start(of: day), to: zone.start(of: CalendarDay(number: number + 1)), system: system).map {
          Line(day: day, isPartner: partners.contains($0.system), row: $0)
        }
      }
    }
    var table = TextTable(
      "day (\(zone.name))", "system", "partner", ">messages", ">refused", ">received", ">applied", ">unchanged", ">held", ">rejected",
      ">repeated",
      ">left out")
    for line in lines {
      let counts = line.row.counts
      table.add(
        [line.day.description, line.row.system, line.isPartner ? "yes" : "no", String(line.row.messages), String(line.row.refused)]
          + [
            counts.received, counts.applied, counts.unchanged, counts.held, counts.rejected, counts.repeated, counts.leftOut,
          ].map(String.init))
    }
    return Answer(
      json: [
        "balance": .array(
          lines.map { line in
            [
              "day": .string(line.day.description), "system": .string(line.row.system), "partner": .bool(line.isPartner),
              "messages": JSON(line.row.messages), "refused": JSON(line.row.refused), "counts": line.row.counts.json,
            ]
          }),
        "zone": .string(zone.name),
      ],
      text: table.text(whenEmpty: "Nothing came in."))
  }
}
