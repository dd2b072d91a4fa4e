import Glibc
public import Testing

/// The corpus of real data that some tests read. It is no part of the project.
///
/// `TESSERA_CORPUS` names its folder; the default is `../shared/data` beside the repository. Tests that read it carry the
/// trait ``Testing/Trait/needsCorpus``: without the corpus they are skipped, and `make test` counts the skips; in CI they run
/// and fail.
public enum Corpus {
  /// The folder, whether it exists or not.
  public static let folder = getenv("TESSERA_CORPUS").map { String(cString: $0) } ?? repositoryPath("../shared/data")

  /// Whether the folder is there.
  public static var isPresent: Bool { fileExists(folder) }

  /// Whether its absence is a failure: in CI.
  public static var isRequired: Bool { getenv("CI") != nil }

  /// The absolute path of a file or folder of the corpus.
  ///
  /// - Throws: ``ForeignORBError/absent(path:hint:)``.
  public static func path(_ relative: String) throws -> String {
    let path = "\(folder)/\(relative)"
    guard fileExists(path) else { throw ForeignORBError.absent(path: path, hint: "set TESSERA_CORPUS to the folder of the corpus") }
    return path
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the test when the corpus of real data is absent, except in CI.
  public static var needsCorpus: Self {
    .enabled(if: Corpus.isPresent || Corpus.isRequired, "the corpus is absent: set TESSERA_CORPUS")
  }
}
