import Foundation
public import Testing

/// Programs in C++ over omniORB on the interface of our benchmarks, by which both sides are tried and measured. They are no part of the
/// project.
///
/// `TESSERA_PEERS` names their folder; the default is `../shared/peers` beside the repository. Tests that need them carry the trait
/// ``Testing/Trait/needsPeers``: without the folder they are skipped, and `make test` counts the skips; in CI they run and fail.
public enum Peers {
  /// The folder, whether it exists or not.
  public static let folder = ProcessInfo.processInfo.environment["TESSERA_PEERS"] ?? repositoryPath("../shared/peers")

  /// Whether the folder is there.
  public static var isPresent: Bool { fileExists(folder) }

  /// The folder of the C++ client and server, built, with `run.sh` beside them.
  ///
  /// It is a copy below `.build/peers`, made and built once, and again when a source has changed.
  ///
  /// - Throws: ``ForeignORBError/absent(path:hint:)``, or what the compiler says.
  public static func omniORB() async throws -> String { try await built.value }

  private static let built = Task {
    guard isPresent else { throw ForeignORBError.absent(path: folder, hint: "set TESSERA_PEERS to the folder of the peers") }
    let copy = repositoryPath(".build/peers/measured")
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
    // Keeps the times of files that have not changed, by which make sees what is to be built.
    try await ChildProcess.check("cp", ["-ru", "--preserve=timestamps", "\(folder)/omniorb", "\(folder)/median.py", copy])
    try await ChildProcess.check("make", ["-s"], folder: "\(copy)/omniorb", within: .seconds(300))
    return "\(copy)/omniorb"
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test when the measured peers are absent, except in CI.
  public static var needsPeers: Self {
    .enabled(if: Peers.isPresent || Corpus.isRequired, "the peers are absent: set TESSERA_PEERS")
  }
}
