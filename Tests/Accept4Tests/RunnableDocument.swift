import ForeignORB
import Foundation
import Testing

/// A Markdown document whose commands can be run. The info string of a fenced block says what it is:
///
/// - `sh run`: commands, run in order in one folder, by one shell;
/// - `sh run background`: a command that serves until the document ends;
/// - `text output`: what the block of commands before it printed; `…` stands for any text, alone in a line for any lines;
/// - `LANGUAGE file=NAME`: a file of that folder.
///
/// Blocks with anything else are only read by people.
struct RunnableDocument: Sendable, CustomTestStringConvertible {
  struct Step: Sendable {
    var line: Int
    var commands: String
    var isBackground = false
    var files: [(name: String, text: String)] = []
    var expected: String?
  }

  let name: String
  private(set) var steps: [Step] = []

  var testDescription: String { name }

  /// All documents of the repository that have commands to run.
  static let all: [RunnableDocument] = {
    let files = FileManager.default.enumerator(atPath: repositoryPath("Docs"))?.compactMap { $0 as? String } ?? []
    let names = ["README.md"] + files.filter { $0.hasSuffix(".md") }.sorted().map { "Docs/\($0)" }
    return names.compactMap { try? RunnableDocument($0) }.filter { !$0.steps.isEmpty }
  }()

  /// - Parameter name: relative to the repository.
  init(_ name: String) throws {
    self.name = name
    var files: [(name: String, text: String)] = []
    var block: (info: [Substring], line: Int, lines: [Substring])?
    let text = try String(contentsOfFile: repositoryPath(name), encoding: .utf8)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard line.hasPrefix("```") else {
        block?.lines.append(line)
        continue
      }
      guard let ended = block else {
        block = (line.dropFirst(3).split(separator: " "), index + 1, [])
        continue
      }
      block = nil
      let content = ended.lines.map { $0 + "\n" }.joined()
      if let file = ended.info.first(where: { $0.hasPrefix("file=") }) {
        files.append((String(file.dropFirst(5)), content))
      } else if ended.info.starts(with: ["sh", "run"]) {
        steps.append(Step(line: ended.line, commands: content, isBackground: ended.info.last == "background", files: files))
        files = []
      } else if ended.info == ["text", "output"], !steps.isEmpty {
        steps[steps.count - 1].expected = content
      }
    }
  }

  /// Runs everything in the folder.
  ///
  /// - Returns: what each step printed; fewer than there are steps where one failed.
  func run(in folder: String) async throws -> (outputs: [String], exit: ChildProcess.Exit, errors: String) {
    let mark = "end-of-step-\(UUID().uuidString)"
    var script = "set -eu\ntrap 'kill $(jobs -p) 2>/dev/null || :; wait' EXIT\n"
    for (number, step) in steps.enumerated() {
      for file in step.files {
        try FileManager.default.createDirectory(
          atPath: ("\(folder)/\(file.name)" as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try file.text.write(toFile: "\(folder)/.step-\(number)-\(file.name.replacing("/", with: "-"))", atomically: false, encoding: .utf8)
        // The folder of the file may only come by an earlier step.
        script += "mkdir -p \"$(dirname '\(file.name)')\"; mv '.step-\(number)-\(file.name.replacing("/", with: "-"))' '\(file.name)'\n"
      }
      if step.isBackground {
        let command = step.commands.trimmingCharacters(in: .whitespacesAndNewlines)
        // Whatever serves in these documents is the broker, which is there when its reference is.
        script += "\(command) >background-\(number).txt 2>&1 &\n"
        script += "for i in $(seq 600); do [ -s tessera-data/tessera.ior ] && break; kill -0 $! || exit 97; sleep 0.05; done\n"
      } else {
        script += step.commands
      }
      script += "echo \(mark)\n"
    }
    try script.write(toFile: "\(folder)/.document.sh", atomically: false, encoding: .utf8)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let programs = (builtExecutable("tessera") as NSString).deletingLastPathComponent
    let result = try await ChildProcess.run(
      "/bin/bash", [".document.sh"], environment: ["PATH": "\(programs):\(path)", "TESSERA": repositoryRoot], folder: folder)
    let outputs = result.output.components(separatedBy: mark + "\n").dropLast()
    return (Array(outputs), result.exit, result.errors)
  }
}

/// What a document shows, as a pattern.
enum ShownOutput {
  /// Whether a command printed what the document shows: `…` in a line stands for any text, blanks at line ends do not count.
  static func matches(_ printed: String, _ shown: String) -> Bool {
    match(lines(printed)[...], lines(shown)[...])
  }

  private static func lines(_ text: String) -> [String] {
    var lines = text.components(separatedBy: "\n").map { line in
      String(line.reversed().drop { $0 == " " }.reversed())
    }
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  private static func match(_ printed: ArraySlice<String>, _ shown: ArraySlice<String>) -> Bool {
    guard let pattern = shown.first else { return printed.isEmpty }
    if pattern == "…" {
      return (0...printed.count).contains { match(printed.dropFirst($0), shown.dropFirst()) }
    }
    guard let line = printed.first, matches(line: line, pattern) else { return false }
    return match(printed.dropFirst(), shown.dropFirst())
  }

  private static func matches(line: String, _ pattern: String) -> Bool {
    let parts = pattern.components(separatedBy: "…")
    guard parts.count > 1 else { return line == pattern }
    guard line.hasPrefix(parts[0]) else { return false }
    var rest = line.dropFirst(parts[0].count)
    for part in parts.dropFirst().dropLast() where !part.isEmpty {
      guard let found = rest.range(of: part) else { return false }
      rest = rest[found.upperBound...]
    }
    return rest.hasSuffix(parts[parts.count - 1])
  }
}
