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
    commandName: "import", abstract: "Takes products of the CRM's own from a CSV file.",
    discussion: """
      The first line names the columns: \(ProductColumn.allCases.map(\.rawValue).joined(separator: ", ")). Only code and name are needed. \
      unit and category take ids of the CRM core (U-000001, K-000001) or codes. A row changes the product with its id or, without an id, \
      the one with its code; where there is none it makes a new one. A file with a fault in its form is refused whole; a product with a fault in its content is refused alone. The same file \
      again changes nothing. A code that stands twice in the file is refused: two products of one code can be told apart by their ids alone.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
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
    let receipt = try await Workspace.with(common, creating: true) { workspace in
      let engine = try workspace.mappingEngine()
      // The content names the message, so that the same file is the same message and gets the same receipt.
      let messageID = "import-\(Secrets.sha256(octets).hexadecimal)"
      if let known = try await workspace.store.read({ try $0.message(system: crmSystem, messageID: messageID) }) {
        return try Interchange.V1.Receipt(cdr: known.receipt)
      }
      let sheet = try ProductSheet(table: table, file: file, changedAt: engine.now(), allowsRepeatedCodes: allowRepeatedCodes)
      let records = try await workspace.store.read { try sheet.records($0) }
      let receipt = try await engine.importObjects(
        entity: "Product", records: records, messageID: messageID, who: who, allowsRepeatedCodes: allowRepeatedCodes)
      workspace.ringDoorbell()
      return receipt
    }
    return receipt.answer(what: "products")
  }
}

extension Interchange.V1.Receipt {
  /// The receipt for people, with the items that are not in order.
  func answer(what: String) -> Answer {
    let counts = Dictionary(grouping: results, by: \.outcome).mapValues(\.count)
    var table = TextTable(">item", "id", "outcome", "code", "field", "explanation")
    for result in results where result.outcome == "rejected" || result.outcome == "held" || result.outcome == "stale" {
      table.add(String(result.item), result.key, result.outcome, result.code, result.path, result.explanation)
    }
    let summary = counts.keys.sorted().map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
    return Answer(
      json: [
        "message": .string(message), "outcome": .string(outcome),
        "counts": .object(counts.keys.sorted().map { .init(name: $0, value: JSON(counts[$0] ?? 0)) }),
        "results": .array(
          results.map {
            [
              "item": JSON($0.item), "id": .string($0.key), "outcome": .string($0.outcome), "code": .optional($0.code),
              "path": .optional($0.path), "explanation": .optional($0.explanation),
            ]
          }),
      ],
      text: "\(results.count) \(what): \(summary)\n" + (table.rows.isEmpty ? "" : "\n" + table.text(whenEmpty: "")),
      isRefusal: outcome == "refused")
  }
}
