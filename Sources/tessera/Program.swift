import ArgumentParser
import Glibc

@main
enum Program {
  static func main() async {
    // Whatever is written is for its owner alone: the database, its log, documents.
    umask(0o077)
    do {
      var command = try Tessera.parseAsRoot()
      if var command = command as? any AsyncParsableCommand { try await command.run() } else { try command.run() }
    } catch {
      exit(report(error))
    }
  }

  /// Says what went wrong, on the standard error for people and with `--json` also as a document on the standard output.
  private static func report(_ error: any Error) -> Int32 {
    let isParserError = Tessera.exitCode(for: error) != .failure && !(error is ValidationError)
    if let code = error as? ExitCode { return code.rawValue }
    if Tessera.exitCode(for: error) == .success {
      // Help and the version were asked for.
      Console.print(Tessera.fullMessage(for: error) + "\n")
      return 0
    }
    let asJSON = CommandLine.arguments.contains("--json")
    if isParserError {
      let reason = ArgumentFault.lastReason.map { Terminal.visible($0) } ?? ""
      let said = shortened(Tessera.message(for: error))
      if asJSON { Console.print(JSON.commandLineError(reason.isEmpty ? said : "\(said): \(reason)").description + "\n") }
      // The reason stands below the error, before the usage.
      let lines = Tessera.fullMessage(for: error).split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
      Console.complain(
        ([shortened(String(lines[0]))[...]] + (reason.isEmpty ? [] : ["       \(reason)"[...]]) + lines[1...]).joined(separator: "\n")
          + "\n")
      return CommandFailure.Exit.commandLine.rawValue
    }
    let failure = CommandFailure(error)
    if asJSON { Console.print(failure.json.description + "\n") }
    Console.complain(failure.text)
    return failure.exit.rawValue
  }

  /// ArgumentParser repeats what was typed, of whatever length: the middle is left out.
  private static func shortened(_ text: String) -> String {
    guard text.unicodeScalars.count > 800 else { return text }
    return "\(String(text.unicodeScalars.prefix(400))) … \(String(text.unicodeScalars.suffix(300)))"
  }
}

extension JSON {
  fileprivate static func commandLineError(_ message: String) -> JSON {
    ["error": ["code": "COMMAND_LINE", "message": .string(message), "hint": nil]]
  }
}

/// The root of all commands.
struct Tessera: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tessera",
    abstract: "Stands between an ERP and a CRM: two applications, two ids, one thing.",
    discussion: """
      Exit codes: 0 done; 1 refused, in words with a stable code; 2 the command line is wrong; 3 the installation, the disk or another \
      process failed; 4 taken, but some items were rejected, held or stale (--fail-on says which outcomes count).
      """,
    version: Release.name,
    groupedSubcommands: [
      CommandGroup(
        name: "Running", subcommands: [Serve.self, Systems.self, Partners.self, NamingCommands.self, ConfigCommands.self, Doctor.self]),
      CommandGroup(name: "What came in", subcommands: [Push.self, Messages.self, Receipts.self, Balance.self, Documents.self, Held.self]),
      CommandGroup(
        name: "The CRM core",
        subcommands: [
          Categories.self, Units.self, Products.self, Prices.self, Availabilities.self, Parties.self, Contracts.self, Orders.self,
          Credits.self, Objects.self,
        ]),
      CommandGroup(
        name: "Ids, orders, mappings", subcommands: [Identities.self, Deliveries.self, MappingCommands.self, Audit.self]),
    ])
}

enum Release {
  static let version = "0.1.0"
  /// The version with the commit that the program was built from.
  static let name = "\(version) (\(BuiltCommit.name))"
}
