import ArgumentParser
import ConfigurationFile
import Mapping

/// `tessera config`
struct ConfigCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "config", abstract: "Checks broker.xml, the configuration in the data folder.",
    subcommands: [ConfigCheck.self, ConfigSchemaText.self, ConfigReferenceText.self])
}

/// `tessera config check`
struct ConfigCheck: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks a configuration whole.",
    discussion: "Shows everything that is wrong as file:line:column with the line itself. Exit code 1 where something is.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The file (default: broker.xml in the data folder).")
  var file: String?

  func answer() async throws -> Answer {
    let path = file ?? "\(common.data)/\(BrokerConfiguration.fileName)"
    var faults: ConfigurationFaults?
    var exists = true
    do throws(ConfigurationFaults) {
      if let octets = try BrokerConfiguration.octets(of: path, followsLinks: file != nil) {
        _ = try BrokerConfiguration(octets, file: path)
      } else {
        exists = false
      }
    } catch {
      faults = error
    }
    if !exists, file != nil { throw Refusal("FILE_UNREADABLE", "there is no file \(path)") }
    let found = faults?.faults ?? []
    return Answer(
      json: [
        "file": .string(path), "exists": .bool(exists), "errors": JSON(found.count), "diagnostics": .array(found.map(\.json)),
      ],
      text: found.map { $0.description + "\n" }.joined()
        + (exists ? "\(path): errors: \(found.count)\n" : "there is no \(path): all defaults hold\n"),
      isRefusal: !found.isEmpty)
  }
}

/// `tessera config schema`
struct ConfigSchemaText: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "schema", abstract: "Writes the schema of broker.xml.")
  @OptionGroup var common: CommonOptions

  func answer() async throws -> Answer { Answer(json: ["schema": .string(ConfigurationSchema.text)], text: ConfigurationSchema.text) }
}

/// `tessera config reference`
struct ConfigReferenceText: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Writes what broker.xml may hold, as tables of Markdown.")
  @OptionGroup var common: CommonOptions

  func answer() async throws -> Answer {
    Answer(json: ["reference": .string(ConfigurationReference.text)], text: ConfigurationReference.text)
  }
}

extension Refusal {
  /// Says everything that is wrong with broker.xml.
  init(_ faults: ConfigurationFaults) {
    let count = faults.faults.count
    self.init(
      "CONFIGURATION_INVALID", "\(count == 1 ? "1 error" : "\(count) errors") in broker.xml:", details: "\(faults)",
      hint: "correct the file; `tessera config check` reads it again, and Docs/Configuration.md says what it may hold")
  }
}
