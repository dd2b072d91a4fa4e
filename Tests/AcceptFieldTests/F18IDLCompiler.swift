import ForeignORB
import Testing

/// The rules themselves are tested in IDLCompilerTests.FieldTests; here runs the command.
@Suite("18 The IDL compiler") struct F18IDLCompiler {
  private func compile(_ source: String) async throws -> ChildProcess.Result {
    let folder = try TemporaryFolder()
    let file = try folder.write(source, to: "t.idl")
    return try await ChildProcess.run(
      builtExecutable("idl2swift"), ["-o", "\(folder.path)/t.swift", file], folder: folder.path, within: .seconds(120))
  }

  @Test("forward-declared derived interfaces and bases named by typedefs are compiled")
  func interfaces() async throws {
    for source in [
      "interface A; interface B { void f(); }; interface A : B { void g(); };",
      "interface B { void f(); }; typedef B C; interface A : C { void g(); };",
      // Neighbours: both at once, and two bases that stand behind.
      "interface A; interface B { void f(); }; typedef B C; interface A : C { void g(); };",
      "interface A; interface B { void f(); }; interface D { void h(); }; interface A : B, D { void g(); };",
    ] {
      let result = try await compile(source)
      #expect(result.exit == .code(0), "\(source): \(result.errors)")
    }
  }

  @Test("what doubles with each declaration, or stands ever deeper, ends: with code, or with words")
  func growth() async throws {
    let twice = "struct S0 { long a; };" + (1..<150).map { "struct S\($0) { S\($0 - 1) a; S\($0 - 1) b; };" }.joined()
    #expect(try await compile(twice).exit == .code(0))
    // Crashed: deeper than the stack.
    let chain = "typedef long T0;" + (1..<8_000).map { "typedef T\($0 - 1) T\($0);" }.joined()
    let refused = try await compile(chain)
    #expect(refused.exit == .code(1))
    #expect(refused.errors.contains("t.idl:1:") && refused.errors.contains("more than 200 typedefs"), "\(refused.errors.prefix(300))")
  }

  @Test("a pipe that is included is refused, and not waited for")
  func pipe() async throws {
    let folder = try TemporaryFolder()
    try await ChildProcess.check("mkfifo", ["\(folder.path)/pipe.idl"])
    let file = try folder.write("#include \"pipe.idl\"\ninterface A {};\n", to: "t.idl")
    let result = try await ChildProcess.run(
      builtExecutable("idl2swift"), ["-o", "\(folder.path)/t.swift", file], folder: folder.path, within: .seconds(60))
    #expect(result.exit == .code(1))
    #expect(result.errors.contains("no regular file"), "\(result.errors)")
  }
}
