import Foundation
import PackagePlugin

/// Writes the commit that is checked out into a Swift file of the target, so that a program can say what it was built from.
///
/// Git is not needed for it: Scripts/commit reads its files, and says "unknown" where there are none, as in an archive of the sources. The
/// command runs again when one of these files changes; only the file that it writes is compiled anew then.
@main
struct CommitPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    let folder = context.package.directoryURL
    let script = folder.appending(path: "Scripts/commit")
    let output = context.pluginWorkDirectoryURL.appending(path: "BuiltCommit.swift")
    return [
      .buildCommand(
        displayName: "Asking which commit this is", executable: URL(filePath: "/bin/sh"),
        arguments: [script.path(), folder.path(), output.path()], inputFiles: [script] + Self.changing(below: folder),
        outputFiles: [output])
    ]
  }

  /// The files of Git that change with the commit, as far as they are there: the log of HEAD changes with every one.
  private static func changing(below folder: URL) -> [URL] {
    let git = folder.appending(path: ".git")
    // In a worktree it is a file that says where.
    let place = (try? String(contentsOf: git, encoding: .utf8)).flatMap { text in
      text.hasPrefix("gitdir: ") ? text.dropFirst(8).trimmingCharacters(in: .newlines) : nil
    }
    let home = place.map { URL(filePath: $0, relativeTo: folder) } ?? git
    return ["HEAD", "logs/HEAD"].map { home.appending(path: $0) }.filter { FileManager.default.fileExists(atPath: $0.path()) }
  }
}
