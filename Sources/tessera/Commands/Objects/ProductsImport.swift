import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera products import`
struct ProductsImport: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Takes products from a CSV file: new ones of the CRM's own, and changes of known ones.",
    discussion: """
      The first line names the columns: \(ProductColumn.allCases.map(\.rawValue).joined(separator: ", ")). Only code and name are needed, and currency for new products. \
      unit and category take ids of the CRM core (U-000001, K-000001) or codes. A row changes the product with its id or, without an id, \
      the one with its code; where there is none it makes a new one. That holds for products that a system brought, too: what its next news tell, they set again. Of a known product stays what the file has no column for, and an empty \
      cell of a price, its currency or a truth value says nothing: 0 takes a price away. A file with a fault in its form is refused whole; \
      a product with a fault in its content is refused alone. The same file again is a duplicate as long as it would change nothing, and says \
      so; after a newer state it is taken anew. A code that stands twice in the file is refused: two products of one code can be told apart \
      by their ids alone.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @OptionGroup var failOn: FailOnOptions
  @Argument(help: "The CSV file (RFC 4180, UTF-8).")
  var file: String
  @Flag(
    help: "Takes a code that stands twice for that of two products, as where they came from; afterwards files must name them by their ids.")
  var allowRepeatedCodes = false

  /// Octets of the largest file.
  static let greatestFile = 64 << 20

  func answer() async throws -> Answer {
    let octets = try Files.read(file, limit: Self.greatestFile)
    let table = try CSVTable(octets, file: file)
    let who = try actor.who
    return try await Workspace.with(common, creating: true) { workspace in
      let engine = try workspace.mappingEngine()
      let sheet = try ProductSheet(table: table, file: file, changedAt: engine.now(), allowsRepeatedCodes: allowRepeatedCodes)
      // The content names the message, so that the same file is the same message as long as it would change nothing.
      let messageID = "import-\(Secrets.sha256(octets).hexadecimal)"
      let records: [Record]
      do { records = try await workspace.store.read { try sheet.records($0) } } catch let refusal as Refusal {
        // What it made once may be why its rows cannot be told apart now.
        guard let known = try await workspace.store.read({ try $0.message(system: crmSystem, messageID: messageID) }) else { throw refusal }
        return try await BrokerStep.ReceiveAnswer.repeated(receipt: known.receipt, of: known.sequence).told(
          what: "products", engine, failOn)
      }
      let answer = try await engine.importObjects(
        entity: "Product", records: records, messageID: messageID, isNamedByContent: true, who: who,
        allowsRepeatedCodes: allowRepeatedCodes)
      workspace.ringDoorbell()
      var told = try await answer.told(what: "products", engine, failOn)
      told.add(emptyRows: table.emptyRows)
      return told
    }
  }
}

extension BrokerStep.ReceiveAnswer {
  /// The answer for people and scripts; notes for the balance that a message was a repeat.
  func told(what: String, _ engine: BrokerEngine, _ failOn: FailOnOptions) async throws -> Answer {
    var first: Int64?
    if case .repeated(_, let sequence) = self {
      try await engine.noteRepeat(of: [sequence])
      first = sequence
    }
    return try receipt.answer(what: what, failOn, duplicateOf: first)
  }
}

extension Interchange.V1.Receipt {
  /// The receipt for people, with the items that are not in order.
  ///
  /// - Parameter first: our number of the message that came before and of which this is the receipt, where nothing was taken now.
  func answer(what: String, _ failOn: FailOnOptions, duplicateOf first: Int64? = nil) -> Answer {
    let former = ReceiptCounts(names: results.lazy.map(\.outcome))
    let counts = first == nil ? former : former.again
    var table = TextTable(">item", "id", "outcome", "code", "field", "explanation")
    for result in results
    where !["applied", "unchanged", "left-out"].contains(result.outcome)
      || ["DUPLICATE_IN_MESSAGE", "NOT_IN_MESSAGE"].contains(result.code)
    {
      table.add(String(result.item), result.key, result.outcome, result.code, result.path, result.explanation)
    }
    var summary = counts.words
    if let first {
      summary =
        "duplicate of message \(first), which came \(Instant.short(receivedAt)) UTC: it would change nothing now, and nothing was taken; then \(former.words)"
    }
    return Answer(
      json: [
        "message": .string(message), "outcome": .string(first == nil ? outcome : "duplicate"),
        "duplicateOf": first.map { JSON($0) } ?? .null, "counts": counts.json,
        "results": .array(
          results.map {
            [
              "item": JSON($0.item), "id": .string($0.key), "outcome": .string($0.outcome), "code": .optional($0.code),
              "path": .optional($0.path), "explanation": .optional($0.explanation),
            ]
          }),
      ],
      text: "\(results.count) \(what): \(summary)\n" + (table.rows.isEmpty ? "" : "\n" + table.text(whenEmpty: "")),
      exit: outcome == "refused" ? .refused : failOn.verdict(on: former) ?? failOn.verdict(on: counts))
  }
}
