import ArgumentParser
import BrokerRuntime
import EAIGateway
import XMLStream

/// `tessera documents`
struct Documents: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Documents before they are sent.", subcommands: [DocumentsCheck.self, DocumentsKinds.self])
}

/// `tessera documents kinds`
struct DocumentsKinds: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "kinds", abstract: "Lists the kinds of documents that the gateway takes.")
  @OptionGroup var common: CommonOptions

  func answer() async throws -> Answer {
    let kinds = try Composition.catalogue(try FilesInUse(common), compilesSchemas: false).catalogue.kinds
    var table = TextTable("type", "root", "where", "items")
    for kind in kinds {
      table.add(
        kind.typeName, kind.root.local, kind.conditions.map { "\($0.attribute)=\($0.value)" }.joined(separator: " "),
        kind.items.map { $0.type == kind.type ? $0.pathText : "\($0.pathText) (\($0.type))" }.joined(separator: ", "))
    }
    return Answer(
      json: [
        "kinds": .array(
          kinds.map { ["type": .string($0.typeName), "root": .string($0.root.local), "namespace": .optional($0.root.namespace ?? "")] })
      ],
      text: table.text(whenEmpty: "None."))
  }
}

/// `tessera documents check`
struct DocumentsCheck: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Reads a document as the gateway would, checks and maps it, and takes nothing.",
    discussion: "Needs no data folder. Exit code 1 where the document or one of its items would be refused.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The document.")
  var file: String
  @Option(help: "The kind of application whose mapping files are chosen.")
  var type = "canonical"
  @Option(help: ArgumentHelp("Bytes of the document.", valueName: "number"))
  var maxBytes = 1 << 30

  func answer() async throws -> Answer {
    let files = try FilesInUse(common)
    let (catalogue, _) = try Composition.catalogue(files)
    let mappings = try Composition.mappings(files, try Composition.types(files, catalogue))
    let trial: DocumentTrial
    do {
      trial = try await DocumentTrial(
        file: file, catalogue: catalogue, mappings: mappings, system: "", systemType: type, limits: XMLLimits(documentBytes: maxBytes),
        now: SystemClock.microseconds(), zone: try Composition.zone(common))
    } catch let refusal as GatewayRefusal {
      throw Refusal(refusal.code, refusal.message, hint: refusal.hint)
    }
    let milliseconds = Int(trial.time / .milliseconds(1))
    let leftOut = trial.unwanted + trial.leftOut.values.reduce(0, +)
    var text =
      "\(trial.typeName): \(trial.mapped + trial.refused + leftOut) received: \(trial.mapped) items would be taken, \(trial.refused) refused, \(leftOut) left out; \(trial.issues.issues.count) breaches of the schema\n"
    if trial.unwanted > 0 { text += "left out: \(trial.unwanted) items for which the mapping emits nothing\n" }
    for (name, count) in trial.leftOut.sorted(by: { $0.key < $1.key }) {
      text += "left out: \(count) of \(Terminal.visible(name)), which are no items and which nothing takes\n"
    }
    for issue in trial.issues.issues { text += "\(issue)\n" }
    for reason in trial.reasons { text += "\(file):\(reason.line): \(reason.text)\n" }
    return Answer(
      json: [
        "type": .string(trial.typeName), "mapped": JSON(trial.mapped), "refused": JSON(trial.refused), "leftOut": JSON(leftOut),
        "recordsLeftOut": .object(trial.leftOut.sorted { $0.key < $1.key }.map { .init(name: $0.key, value: JSON($0.value)) }),
        "octets": JSON(trial.octets),
        "milliseconds": JSON(milliseconds),
        "issues": .array(
          trial.issues.issues.map {
            ["line": JSON($0.line), "path": .string($0.elementPath), "code": .string($0.code.rawValue), "message": .string($0.message)]
          }),
        "reasons": .array(trial.reasons.map { ["line": JSON($0.line), "text": .string($0.text)] }),
      ],
      text: text, isRefusal: trial.refused > 0 || !trial.issues.issues.isEmpty)
  }
}
