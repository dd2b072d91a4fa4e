import Foundation
import IDLCompiler
import Testing

/// Whatever the tests call right is right for omniORB's compiler too, with the same repository ids, members and values.
@Suite struct AcceptedByOmniidlTests {
  @Test(arguments: acceptedSources)
  func isAcceptedByUs(_ source: AcceptedSource) throws {
    _ = try model(source.text, files: source.files)
  }

  @Test(.enabled(if: OmniidlOracle.isInstalled, "omniidl is not installed"), arguments: acceptedSources)
  func agreesWithOmniidl(_ source: AcceptedSource) throws {
    let model = try model(source.text, files: source.files)
    let answer = try OmniidlOracle.ask(source.text, files: source.files)
    #expect(answer.isAccepted, "\(answer.messages)")
    #expect(OmniidlOracle.lines(of: model).sorted() == answer.lines.sorted())
  }

  @Test(.enabled(if: OmniidlOracle.isInstalled, "omniidl is not installed"), arguments: borderlineSources)
  func drawsTheSameLineAsOmniidl(_ text: String) throws {
    let answer = try OmniidlOracle.ask(text + "\n")
    let result = compile(text + "\n")
    #expect((result.model != nil) == answer.isAccepted, "\(result.diagnostics) \(answer.messages)")
  }

  private static let shipped = "/usr/share/idl/omniORB"

  /// The IDL that omniORB installs and that needs no union and no valuetype.
  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: shipped), "the IDL of omniORB is not installed"),
    arguments: ["Naming.idl", "bootstrap.idl", "corbaidl.idl", "echo.idl", "messaging_policy.idl", "poa.idl", "compression.idl"])
  func readsWhatOmniORBShips(_ file: String) throws {
    let path = Self.shipped + "/" + file
    try #require(FileManager.default.fileExists(atPath: path))
    let result = compileIDL(mainFile: path, loader: FileSourceLoader(), includePaths: [Self.shipped])
    #expect(result.diagnostics.filter { $0.severity == .error }.map(\.description) == [])
    #expect(result.model?.declarations.isEmpty == false)
  }
}
