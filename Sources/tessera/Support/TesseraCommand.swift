import ArgumentParser

/// What a command has to say: once as a JSON document, once for people.
struct Answer: Sendable {
  var json: JSON
  /// Ends with a line end.
  var text: String
  /// How the command ends; nil where everything is done that was asked.
  var exit: CommandFailure.Exit?
  /// What is written instead of the text, octet by octet: a document as it came.
  var octets: [UInt8]?

  init(json: JSON, text: String, exit: CommandFailure.Exit? = nil, octets: [UInt8]? = nil) {
    self.json = json
    self.text = text
    self.exit = exit
    self.octets = octets
  }

  /// - Parameter isRefusal: the answer says that something is wrong.
  init(json: JSON, text: String, isRefusal: Bool) { self.init(json: json, text: text, exit: isRefusal ? .refused : nil) }
}

extension Answer {
  /// Names the rows of a file that hold nothing.
  mutating func add(emptyRows: [Int]) {
    if case .object(let members) = json {
      json = .object(members + [.init(name: "emptyRows", value: .array(emptyRows.map { JSON($0) }))])
    }
    if emptyRows.isEmpty { return }
    let shown = emptyRows.prefix(5).map(String.init).joined(separator: ", ") + (emptyRows.count > 5 ? " and others" : "")
    text +=
      "\(emptyRows.count == 1 ? "1 row has" : "\(emptyRows.count) rows have") empty fields alone, and \(emptyRows.count == 1 ? "was" : "were") left out: line \(shown)\n"
  }
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
    if let exit = answer.exit { throw ExitCode(exit.rawValue) }
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
