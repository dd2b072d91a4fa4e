import ArgumentParser
import Mapping
import MappingFiles

/// `tessera mapping`
struct MappingCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mapping", abstract: "Checks and tests the files that translate between systems.",
    subcommands: [MappingCheck.self, MappingTestRun.self])
}

/// Which files a command reads.
struct MappingFileOptions: ParsableArguments {
  @Argument(help: "Mapping and value-map files, or folders of them (default: those that are in use).")
  var files: [String] = []

  /// Reads and checks them.
  func load(_ common: CommonOptions) throws -> (set: MappingSet, diagnostics: [MappingDiagnostic]) {
    let inUse = try FilesInUse(common)
    let types = try Composition.types(inUse)
    return files.isEmpty ? inUse.load(types) : MappingSet.load(files, types: types)
  }
}

extension MappingDiagnostic {
  var json: JSON {
    [
      "severity": .string(severity.rawValue), "code": .string(code.rawValue), "message": .string(message), "file": .string(place.file),
      "line": JSON(place.line), "column": JSON(place.column), "hint": .optional(hint),
    ]
  }
}

/// `tessera mapping check`
struct MappingCheck: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Checks mapping files whole, without running them.",
    discussion: "Shows everything that is wrong as file:line:column with the line itself. Exit code 1 where there is an error.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var files: MappingFileOptions

  func answer() async throws -> Answer {
    let (set, diagnostics) = try files.load(common)
    let errors = diagnostics.count { $0.severity == .error }
    let summary =
      "right: \(set.mappings.count) mappings, \(set.valueMapFiles.count) value maps; errors: \(errors), warnings: \(diagnostics.count - errors)\n"
    return Answer(
      json: [
        "mappings": .array(
          set.mappings.map {
            [
              "name": .string($0.plan.name), "file": .string($0.file), "from": .string($0.plan.sourceTypeName),
              "to": .array($0.plan.targetTypeNames.map(JSON.string)), "tests": JSON($0.testCount),
            ]
          }),
        "valueMaps": .array(set.valueMapFiles.keys.sorted().map { ["name": .string($0), "file": .string(set.valueMapFiles[$0] ?? "")] }),
        "diagnostics": .array(diagnostics.map(\.json)), "errors": JSON(errors),
      ],
      text: diagnostics.map { $0.description + "\n" }.joined() + summary,
      isRefusal: errors > 0)
  }
}

/// `tessera mapping test`
struct MappingTestRun: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Runs the tests that stand inside mapping files.",
    discussion: "A test that fails shows what differs. Exit code 1 where one fails, or where a file is wrong.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var files: MappingFileOptions

  func answer() async throws -> Answer {
    let (set, diagnostics) = try files.load(common)
    let results = set.runTests()
    let failed = results.count { !$0.passed }
    let errors = diagnostics.filter { $0.severity == .error }
    return Answer(
      json: [
        "tests": .array(
          results.map {
            [
              "mapping": .string($0.mapping), "test": .string($0.test), "place": .string($0.place.description), "passed": .bool($0.passed),
              "failures": .array($0.failures.map(JSON.string)),
            ]
          }),
        "diagnostics": .array(errors.map(\.json)), "passed": JSON(results.count - failed), "failed": JSON(failed),
      ],
      text: errors.map { $0.description + "\n" }.joined() + results.map { $0.description + "\n" }.joined()
        + "passed: \(results.count - failed), failed: \(failed)\n",
      isRefusal: failed > 0 || !errors.isEmpty)
  }
}
