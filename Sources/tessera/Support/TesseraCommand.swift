import ArgumentParser

/// What a command has to say: once as a JSON document, once for people.
struct Answer: Sendable {
  var json: JSON
  /// Ends with a line end.
  var text: String
  /// The answer says that something is wrong: the command ends with the exit code of a refusal.
  var isRefusal = false
  /// What is written instead of the text, octet by octet: a document as it came.
  var octets: [UInt8]?
}

/// A command that does its work and gives one answer.
protocol TesseraCommand: AsyncParsableCommand {
  var common: CommonOptions { get }
  func answer() async throws -> Answer
}

extension TesseraCommand {
  mutating func run() async throws {
    let answer = try await answer()
    if let octets = answer.octets, !common.json {
      Console.print(octets: octets)
    } else {
      Console.print(common.json ? answer.json.description + "\n" : answer.text)
    }
    if answer.isRefusal { throw ExitCode(CommandFailure.Exit.refused.rawValue) }
  }
}

/// The options of every command.
struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The folder that keeps everything.", valueName: "folder"))
  var data = "./tessera-data"

  @Option(help: ArgumentHelp("A folder of mapping files instead of those that ship and those that broker.xml names.", valueName: "folder"))
  var mappings: String?

  @Option(help: ArgumentHelp("A folder of mapping files beside those in use; may be repeated.", valueName: "folder"))
  var addMappings: [String] = []

  @Option(help: ArgumentHelp("A file that describes a dialect of XML, beside those in use; may be repeated.", valueName: "file"))
  var dialect: [String] = []

  @Flag(help: "Answers with one JSON document.")
  var json = false
}

/// Who does something by hand, and why: kept in the audit.
struct ActorOptions: ParsableArguments {
  @Option(name: .customLong("by"), help: ArgumentHelp("Who does it (default: the user of the operating system).", valueName: "name"))
  var name: String?

  var who: String {
    get throws {
      let who = name ?? Account.current
      if who.isEmpty || who.utf8.count > 100 { throw ValidationError("--by takes a name of 1 to 100 bytes.") }
      return who
    }
  }
}

/// Which part of a long list is shown.
struct PageOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How many are shown at most, 1 to 10000.", valueName: "number"))
  var limit = 100

  func validate() throws {
    if !(1...10_000).contains(limit) { throw ValidationError("--limit takes a number from 1 to 10000, not \(limit).") }
  }
}
