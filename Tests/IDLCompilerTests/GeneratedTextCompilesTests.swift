import ForeignORB
import Foundation
import IDLCompiler
import Testing

/// What the front end accepts and the Swift back end covers is Swift that compiles, with warnings as errors.
@Suite struct GeneratedTextCompilesTests {
  /// The folder of the test program, where SwiftPM puts the modules too.
  static let products = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path()

  /// All borderline texts at once: each in an IDL module, and so in a Swift `enum`, of its own.
  @Test func borderlineTexts() async throws {
    try await withTemporaryFolder { folder in
      var files: [String] = []
      for (number, source) in borderlineSources.enumerated() {
        guard let model = compile("module Case\(number) {\n\(source)\n};").model else { continue }
        let (generated, diagnostics) = SwiftBackEnd().generate([model])
        if diagnostics.contains(where: { $0.severity == .error }) { continue }
        files.append("\(folder)/case\(number).swift")
        try generated[0].text.write(toFile: files[files.count - 1], atomically: false, encoding: .utf8)
      }
      #expect(files.count >= 40)
      try await typecheck(files)
    }
  }

  /// The larger texts one by one, less what the back end does not cover.
  @Test(arguments: acceptedSources) func acceptedTexts(_ source: AcceptedSource) async throws {
    let text = source.text.replacing("any n; ", with: "").replacing("any extra; ", with: "").replacing(" CORBA::TypeCode y;", with: "")
    let compiled = try model(text, files: source.files)
    var options = SwiftOptions()
    for file in compiled.files.dropFirst() { options.modules.modules[file.path] = "Elsewhere" }
    let (generated, diagnostics) = SwiftBackEnd(options: options).generate([compiled])
    if diagnostics.contains(where: { $0.severity == .error }) || generated[0].text.contains("import Elsewhere") { return }
    try await withTemporaryFolder { folder in
      try generated[0].text.write(toFile: folder + "/accepted.swift", atomically: false, encoding: .utf8)
      try await typecheck([folder + "/accepted.swift"])
    }
  }

  private func typecheck(_ files: [String]) async throws {
    let arguments = ["-typecheck", "-swift-version", "6", "-warnings-as-errors", "-I", Self.products + "/Modules"]
    let result = try await ChildProcess.run("swiftc", arguments + files)
    #expect(result.exit == .code(0), "\(result.errors)")
  }
}
