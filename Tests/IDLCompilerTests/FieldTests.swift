import ForeignORB
import IDLCompiler
import Testing

/// What integrators' files did to the compiler: it crashed, took time without end, or wrote without end.
@Suite struct FieldTests {
  private func text(_ source: String, files: [String: String] = [:]) throws -> (text: String, errors: [String]) {
    let (generated, diagnostics) = SwiftBackEnd(options: SwiftOptions()).generate([try model(source, files: files)])
    return (generated[0].text, diagnostics.map(\.description))
  }

  @Test(
    "a derived interface may be declared before its bases, wherever they stand",
    arguments: [
      ("interface A; interface B { void f(); }; interface A : B { void g(); };", [:]),
      ("interface A; interface C; interface B { void f(); }; interface C : B { void h(); }; interface A : C { void g(); };", [:]),
      ("interface A; interface B { attribute long f; }; interface D { void i(); }; interface A : D, B { void g(); };", [:]),
      ("module M { interface A; }; interface B { void f(); }; module M { interface A : B { void g(); }; };", [:]),
      // The base stands in the main file, the derived interface in one that it includes afterwards.
      ("interface B { void f(); };\n#include \"a.idl\"\n", ["a.idl": "interface A : B { void g(); };"]),
    ] as [(String, [String: String])]) func forward(source: String, files: [String: String]) throws
  {
    let text = try text(source, files: files).text
    if files.isEmpty { #expect(text.contains("func g(")) }
    #expect(text.contains("func f(") || text.contains("var f:"))
  }

  @Test(
    "a base may be named by a typedef, or by a typedef of one",
    arguments: [
      "interface B { void f(); }; typedef B C; interface A : C { void g(); };",
      "interface B { void f(); }; typedef B C; typedef C D; interface A : D { void g(); };",
      "interface B { void f(); }; module M { typedef B C; }; interface A : M::C { void g(); };",
    ]) func typedef(source: String) throws
  {
    let direct = "interface B { void f(); }; interface A : B { void g(); };"
    func operations(_ text: String) throws -> [String] {
      let model = try model(text)
      let own = try #require(model.declaration(named: "A"))
      return model.allOperations(of: own.id).map(\.declaration.name)
    }
    #expect(try operations(source) == operations(direct))
  }

  @Test("sizes of structs that hold the one before twice are counted once each, and never wrap around") func twice() throws {
    let structs = (1..<150).map { "struct S\($0) { S\($0 - 1) a; S\($0 - 1) b; };" }.joined()
    let text = try text("struct S0 { long a; };" + structs).text
    #expect(text.contains("minimumWireSize: Int { 16 }"))
    #expect(text.contains("minimumWireSize: Int { 2147483647 }"))
    #expect(!text.contains("minimumWireSize: Int { 1 }"))
    let arrays = (1..<150).map { "struct T\($0) { T\($0 - 1) a[3]; };" }.joined()
    #expect(try self.text("struct T0 { octet a; };" + arrays).text.contains("minimumWireSize: Int { 2147483647 }"))
  }

  @Test(
    "typedefs and structs inside one another have a bound; as many beside one another have none",
    arguments: [
      ["typedef long T0;", "typedef T< T>;"], ["struct S0 { long a; };", "struct S> { S< a; };"],
      ["struct S0 { long a; };", "struct S> { sequence<S<> a; };"], ["typedef long T0;", "typedef sequence<T<> T>;"],
    ]) func chains(parts: [String]) throws
  {
    func chain(_ count: Int) -> String {
      // `S<` stands for the one before, `S>` for the one that is declared.
      let next = parts[1].replacing("S<", with: "S@").replacing("T<", with: "T@").replacing("S>", with: "S#").replacing("T>", with: "T#")
      return parts[0] + (1..<count).map { next.replacing("@", with: "\($0 - 1)").replacing("#", with: "\($0)") }.joined()
    }
    #expect(try text(chain(200)).errors.isEmpty)
    let lines = report(chain(10_000))
    #expect(lines.count == 1 && lines[0].contains("more than 200 typedefs and structs inside one another"), "\(lines.prefix(3))")
  }

  @Test("descriptions of structs that hold one another do not grow without end") func nested() throws {
    func nested(_ depth: Int, _ level: Int = 0) -> String {
      let inner = level < depth ? nested(depth, level + 1) + " n\(level); R\(level + 1) m\(level);" : "long x;"
      return "struct R\(level) { sequence<R0> s; \(inner) }"
    }
    #expect(try text(nested(3) + ";").errors.isEmpty)
    let (text, errors) = try text(nested(24) + ";")
    #expect(errors.contains { $0.contains("would have more than 4096 fields") && $0.contains("IDL0906") }, "\(errors.prefix(2))")
    #expect(text.utf8.count < 24 * 4_096 * 200)
  }

  @Test("a pipe is no file, whether it is included or given") func pipe() async throws {
    let folder = try TemporaryFolder()
    try await ChildProcess.check("mkfifo", ["\(folder.path)/pipe.idl"])
    let loader = FileSourceLoader()
    #expect(loader.load(path: "\(folder.path)/pipe.idl", limit: 100) == .unreadable("it is no regular file"))
    #expect(loader.load(path: "/dev/zero", limit: 100) == .unreadable("it is no regular file"))
  }
}
