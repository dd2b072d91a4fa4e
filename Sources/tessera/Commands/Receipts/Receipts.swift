import ArgumentParser
import Broker
import BrokerRuntime
import EAIGateway
import StoreAPI

/// `tessera receipts`
struct Receipts: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Documents that came over HTTP, what was answered, and their octets.", subcommands: [ReceiptsList.self, ReceiptsShow.self])

  /// What all operations of documents begin with.
  static let operation = BrokerEngine.documentPrefix
}

/// `tessera receipts list`
struct ReceiptsList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the receipts, newest first.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var page: PageOptions
  @Option(help: "Only those of one partner.")
  var partner: String?
  @Option(help: "Only those before this number: the next page.")
  var before: Int64?

  func answer() async throws -> Answer {
    let shown = try await Workspace.reading(common) { [partner, before, page] reader -> Page<MessageRow> in
      if let partner, try reader.system(named: partner) == nil { throw try Refusal.unknownSystem(partner, reader) }
      var found: [MessageRow] = []
      var last = before
      while found.count < page.read {
        let next = try reader.messages(system: partner, before: last, limit: 1_000)
        found += next.filter { $0.operation.hasPrefix(Receipts.operation) }
        guard let end = next.last, next.count == 1_000 else { break }
        last = end.sequence
      }
      return page.cut(found)
    }
    let (messages, next) = (shown.rows, shown.next(\.sequence))
    var table = TextTable(">number", "partner", "document", "received (UTC)", ">items", "outcome", "message")
    for message in messages {
      table.add(
        String(message.sequence), message.system, String(message.operation.dropFirst(Receipts.operation.count)),
        Instant.short(message.receivedAt), String(message.itemCount), message.outcome, message.messageID)
    }
    return Answer(
      json: ["receipts": .array(messages.map { .object($0.members) }), "next": .next(next)],
      text: table.text(whenEmpty: "No document came over HTTP.") + Answer.more(next, shown: messages.count, option: "--before"))
  }
}

/// `tessera receipts show`
struct ReceiptsShow: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows what became of a document's items, and where its octets are kept.",
    discussion: "A document that was refused is shown, too. --body writes its octets to the standard output, and nothing else.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The number of the receipt.")
  var receipt: Int64
  @Flag(help: "Writes the document as it came.")
  var body = false

  func answer() async throws -> Answer {
    let (message, items, leftOut) = try await Workspace.reading(common) { [receipt] reader in
      guard let row = try reader.message(sequence: receipt), row.operation.hasPrefix(Receipts.operation) else {
        throw Refusal("RECEIPT_UNKNOWN", "there is no receipt \(receipt)", hint: "`tessera receipts list` lists them")
      }
      return (row, try reader.items(ofMessage: row.sequence), try reader.leftOut(ofMessage: row.sequence))
    }
    // A small document is stored with its items, a large one has a file.
    let file = message.body.isEmpty ? DocumentArchive.path(in: common.data, digest: message.digest) : nil
    if body {
      let octets = try file.map { try Files.read($0, limit: 1 << 30) } ?? message.body
      return Answer(json: ["file": .optional(file ?? "")], text: "", octets: octets)
    }
    var members = message.members
    members.append(.init(name: "digest", value: .string(message.digest.hexadecimal)))
    members.append(.init(name: "file", value: .optional(file ?? "")))
    let counts = message.counts(items, leftOut)
    members += counts.members(leftOut)
    members.append(.init(name: "results", value: .array(items.map(\.json))))
    var sheet = TextSheet()
    sheet.add("number", String(message.sequence))
    sheet.add("partner", message.system)
    sheet.add("document", String(message.operation.dropFirst(Receipts.operation.count)))
    sheet.add("message", message.messageID)
    sheet.add("received", Instant.text(message.receivedAt))
    sheet.add("outcome", message.outcome)
    counts.add(to: &sheet, leftOut)
    sheet.add("SHA-256", message.digest.hexadecimal)
    sheet.add("file", file ?? "none; the database has it")
    var table = TextTable(">item", "entity", "id", "outcome", "code", "field", "explanation")
    for item in items {
      table.add(String(item.number), item.entity, item.key, item.outcome.rawValue, item.code, item.path, item.explanation)
    }
    return Answer(json: .object(members), text: sheet.text + "\n" + table.text(whenEmpty: "No items."))
  }
}
