import Foundation
import Synchronization

/// C++ programs linked with the system's omniORB, for tests against a foreign ORB.
public enum CxxPeer {
  /// The last build under each name: tests run side by side, and a program must not be built by two of them at once.
  private static let builds = Mutex<[String: Task<String, any Error>]>([:])

  /// Builds a program from C++ sources and IDL files, and gives its path.
  ///
  /// The program is kept below `.build/peers` and built again only when a source, an IDL file or an option has changed.
  ///
  /// - Parameters:
  ///   - name: The name of the program; whoever asks for it while it is built waits.
  ///   - sources: Paths of the C++ files; they include `NAME.hh` for an IDL file `NAME.idl`.
  ///   - any: Whether TypeCodes and `any` are needed.
  /// - Throws: ``ForeignORBError/endedEarly(command:exit:errors:)`` with what the compiler says.
  public static func build(
    _ name: String, sources: [String], idl: [String], includes: [String] = [], any: Bool = false
  ) async throws -> String {
    let build = builds.withLock { builds in
      let former = builds[name]
      let build = Task {
        _ = await former?.result
        return try await make(name, sources: sources, idl: idl, includes: includes, any: any)
      }
      builds[name] = build
      return build
    }
    return try await build.value
  }

  private static func make(_ name: String, sources: [String], idl: [String], includes: [String], any: Bool) async throws -> String {
    let folder = repositoryPath(".build/peers/\(name)")
    let program = "\(folder)/\(name)"
    let stamp = "\(folder)/stamp"
    let inputs = "\(any) \(includes)\n" + (try (sources + idl).map { try String(contentsOfFile: $0, encoding: .utf8) }.joined())
    if fileExists(program), (try? String(contentsOfFile: stamp, encoding: .utf8)) == inputs { return program }

    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try await OmniIDL.makeCxx(idl, into: folder, includes: includes, any: any)
    let stubs = idl.flatMap { file in
      let base = "\(folder)/\(URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent)"
      return ["\(base)SK.cc"] + (any ? ["\(base)DynSK.cc"] : [])
    }
    let libraries = any ? "omniORB4 omniDynamic4" : "omniORB4"
    let flags = try await ChildProcess.check("pkg-config", ["--cflags", "--libs"] + libraries.split(separator: " ").map(String.init))
    let arguments = ["-std=c++17", "-O1", "-o", program, "-I", folder] + sources + stubs
    try await ChildProcess.check(
      "g++", arguments + flags.split(whereSeparator: \.isWhitespace).map(String.init), within: .seconds(300))
    try inputs.write(toFile: stamp, atomically: true, encoding: .utf8)
    return program
  }
}
