import ArgumentParser
import Broker
import CDR
import Identity
import StoreAPI

/// `tessera messages`
struct Messages: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "What came in, as it came, and what became of it.", subcommands: [MessagesList.self, MessagesShow.self])
}

extension MessageRow {
  var members: [JSON.Member] {
    [
      .init(name: "sequence", value: JSON(sequence)), .init(name: "system", value: .string(system)),
      .init(name: "messageId", value: .string(messageID)), .init(name: "operation", value: .string(operation)),
      .init(name: "receivedAt", value: .string(Instant.text(receivedAt))), .init(name: "items", value: JSON(itemCount)),
      .init(name: "outcome", value: .string(outcome)),
    ]
  }
}

/// `tessera messages list`
struct MessagesList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the messages, newest first.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var page: PageOptions
  @Option(help: "Only those of one system.")
  var system: String?
  @Option(help: "Only those before this number: the next page.")
  var before: Int64?

  func answer() async throws -> Answer {
    let shown = try await Workspace.reading(common) { [system, before, page] reader in
      if let system, system != crmSystem, try reader.system(named: system) == nil { throw try Refusal.unknownSystem(system, reader) }
      return page.cut(try reader.messages(system: system, before: before, limit: page.read))
    }
    let (messages, next) = (shown.rows, shown.next(\.sequence))
    var table = TextTable(">number", "system", "message", "operation", "received (UTC)", ">items", "outcome")
    for message in messages {
      table.add(
        String(message.sequence), message.system, message.messageID, message.operation, Instant.short(message.receivedAt),
        String(message.itemCount), message.outcome)
    }
    return Answer(
      json: ["messages": .array(messages.map { .object($0.members) }), "next": .next(next)],
      text: table.text(whenEmpty: "No message.") + Answer.more(next, shown: messages.count, option: "--before"))
  }
}

/// `tessera messages show`
struct MessagesShow: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Shows a message with what became of each of its items.",
    discussion: "A message that could not be decoded is shown, too; --body shows its octets.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "Our number of the message, or SYSTEM:MESSAGE-ID as its sender named it.")
  var message: String
  @Flag(help: "Shows the octets as they came.")
  var body = false

  func answer() async throws -> Answer {
    let (message, items, leftOut) = try await Workspace.reading(common) { [name = message] reader in
      guard let row = try Self.find(name, reader) else {
        throw Refusal("MESSAGE_UNKNOWN", "there is no message \(name)", hint: "`tessera messages list` lists them")
      }
      return (row, try reader.items(ofMessage: row.sequence), try reader.leftOut(ofMessage: row.sequence))
    }
    var members = message.members
    members.append(.init(name: "digest", value: .string(message.digest.hexadecimal)))
    members.append(.init(name: "bodyOctets", value: JSON(message.body.count)))
    members.append(.init(name: "byteOrder", value: .string(message.format.orderName)))
    members.append(.init(name: "giopVersion", value: .string(message.format.versionName)))
    members.append(.init(name: "codeSet", value: message.format.characterCodeSet == .utf8 ? "UTF-8" : "ISO 8859-1"))
    let counts = message.counts(items, leftOut)
    members += counts.members(leftOut)
    members.append(.init(name: "results", value: .array(items.map(\.json))))
    if body { members.append(.init(name: "body", value: .string(message.body.hexadecimal))) }
    return Answer(json: .object(members), text: text(message, items, counts, leftOut))
  }

  private static func find(_ name: String, _ reader: any StoreReader) throws -> MessageRow? {
    if let sequence = Int64(name) { return try reader.message(sequence: sequence) }
    guard let key = ForeignIDArgument(argument: name) else { return nil }
    return try reader.message(system: key.system, messageID: key.id)
  }

  private func text(_ message: MessageRow, _ items: [ItemRow], _ counts: ReceiptCounts, _ leftOut: [LeftOutRow]) -> String {
    var sheet = TextSheet()
    sheet.add("number", String(message.sequence))
    sheet.add("system", message.system)
    sheet.add("message", message.messageID)
    sheet.add("operation", message.operation)
    sheet.add("received", Instant.text(message.receivedAt))
    sheet.add("outcome", message.outcome)
    counts.add(to: &sheet, leftOut)
    sheet.add("body", "\(message.body.count) octets, \(message.format.orderName), GIOP \(message.format.versionName)")
    var table = TextTable(">item", "entity", "id", "outcome", "code", "field", "explanation")
    for item in items {
      table.add(String(item.number), item.entity, item.key, item.outcome.rawValue, item.code, item.path, item.explanation)
    }
    return sheet.text + "\n" + table.text(whenEmpty: "No items.") + (body ? "\n" + HexadecimalDump.text(message.body) : "")
  }
}

extension ItemRow {
  var json: JSON {
    [
      "item": JSON(number), "entity": .optional(entity), "id": .string(key), "outcome": .string(outcome.rawValue), "code": .optional(code),
      "path": .optional(path), "explanation": .optional(explanation), "common": common.map { .string($0.description) } ?? .null,
    ]
  }
}

/// Octets for people: sixteen a line, with their offset and what they are as ASCII.
enum HexadecimalDump {
  static func text(_ octets: [UInt8]) -> String {
    stride(from: 0, to: octets.count, by: 16).map { start in
      let row = octets[start..<min(start + 16, octets.count)]
      let offset = String(start, radix: 16)
      let digits = row.map { [$0].hexadecimal }.joined(separator: " ")
      let shown = row.map { (0x20..<0x7F).contains($0) ? String(Character(Unicode.Scalar($0))) : "." }.joined()
      return String(repeating: "0", count: max(0, 8 - offset.utf8.count)) + offset + "  " + digits
        + String(repeating: " ", count: 48 - digits.utf8.count) + " " + shown + "\n"
    }.joined()
  }
}

extension WireFormat {
  var orderName: String { byteOrder == .littleEndian ? "little-endian" : "big-endian" }
  /// The GIOP version that decided the form of the body: 1.2.
  var versionName: String { "1.\(version.rawValue)" }
}
