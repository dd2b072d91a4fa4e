import ArgumentParser
import ForeignORB
import Testing

@testable import tessera

@Suite("Help")
struct HelpTests {
  /// Every command, by the words that one types.
  static let commands = words(of: Tessera.self, [])

  static func words(of command: any ParsableCommand.Type, _ before: [String]) -> [[String]] {
    let children = command.configuration.subcommands
    return [before] + children.flatMap { words(of: $0, before + [$0._commandName]) }
  }

  @Test("Every command explains itself on the standard output", arguments: commands)
  func help(words: [String]) async throws {
    let result = try await Commands().run(words + ["--help"])
    #expect(result.exit == .code(0))
    #expect(result.errors == "")
    #expect(result.output.hasPrefix("OVERVIEW: "))
    #expect(result.output.contains("USAGE: \((["tessera"] + words).joined(separator: " "))"))
  }

  @Test("Every command that does something answers in JSON if asked to", arguments: commands)
  func jsonEverywhere(words: [String]) async throws {
    let help = try await Commands().run(words + ["--help"]).output
    #expect(help.contains("SUBCOMMANDS:") || help.contains("--json"))
  }

  @Test("The commands of the first release are there")
  func list() {
    #expect(
      Self.commands.map { $0.joined(separator: " ") }.sorted() == [
        "", "audit", "audit list", "availability", "availability list", "balance", "categories", "categories list", "categories new",
        "categories show", "config", "config check", "config reference", "config schema", "contracts", "contracts amend",
        "contracts call-off", "contracts cancel",
        "contracts list", "contracts new", "contracts settle",
        "contracts show", "contracts sign", "credit", "credit check", "credit list", "credit policy", "credit policy set",
        "credit policy show", "credit release", "credit show", "deliveries", "deliveries list", "deliveries park", "deliveries retry",
        "deliveries show", "deliveries withdraw", "doctor", "documents",
        "documents check",
        "documents kinds", "held", "held list",
        "held release",
        "held show", "identity", "identity find", "identity forms", "identity forms apply", "identity forms list", "identity forms set",
        "identity history", "identity link", "identity unlink", "mapping", "mapping check",
        "mapping test", "messages", "messages list", "messages show", "naming", "naming bind", "naming list", "naming new-context",
        "naming resolve", "naming unbind", "objects", "objects reset-version", "orders", "orders list", "orders show", "parties",
        "parties list", "parties new", "parties show",
        "partners", "partners add",
        "partners list", "partners revoke", "prices", "prices find", "prices list", "prices show", "products", "products import",
        "products list", "products show", "push", "receipts",
        "receipts list",
        "receipts show", "serve", "systems", "systems add", "systems change", "systems list", "systems revoke",
        "systems rotate", "units", "units list", "units new", "units show",
      ])
  }
}
