import Testing

@testable import IDLCompiler

@Suite struct SemanticTests {
  // MARK: Names and files

  @Test func declarationsKnowTheirFileAndPlace() throws {
    let model = try model("#include \"a.idl\"\nmodule M {\n  typedef T U;\n};\n", files: ["a.idl": "module M { typedef long T; };\n"])
    let (t, u, m) = (try model.find("M::T"), try model.find("M::U"), try model.find("M"))
    #expect(t.location == SourceLocation(file: "a.idl", line: 1, column: 25))
    #expect(u.location == SourceLocation(file: "t.idl", line: 3, column: 13))
    #expect([t.isInMainFile, u.isInMainFile, m.isInMainFile] == [false, true, true])
    #expect(u.parent == m.id)
    #expect(u.scopedName == ["M", "U"])
    #expect(m.kind == .module(Module(contents: [t.id, u.id])))
    #expect(model.files.map(\.isMain) == [true, false])
  }

  @Test func itemsKeepTheOrderOfEachFile() throws {
    let text =
      "module M { struct S; typedef long A; };\n#include \"a.idl\"\nmodule M { struct S { long x; }; typedef long C; };\ntypedef long D;\n"
    let model = try model(text, files: ["a.idl": "/// part\nmodule M { typedef long B; };\n"])
    func outline(_ items: [Item]) -> String {
      items.map { item in
        switch item {
        case .declaration(let id): model[id].name
        case .module(let id, let part): "\(model[id].name){\(outline(part.items))}"
        }
      }.joined(separator: " ")
    }
    #expect(outline(model.items) == "M{A} M{B} M{S C} D")
    #expect(outline(model.items(inFile: "t.idl")) == "M{A} M{S C} D")
    #expect(outline(model.items(inFile: "a.idl")) == "M{B}")
    guard case .module(_, let part)? = model.items(inFile: "a.idl").first else { throw NotFound(name: "part") }
    #expect(part.documentation == ["part"])
    guard case .module(let module) = try model.find("M").kind else { throw NotFound(name: "M") }
    #expect(module.contents.map { model[$0].name } == ["A", "B", "S", "C"])
  }

  @Test func aFileIncludedIntoAModuleBelongsToIt() throws {
    let model = try model(
      "#pragma prefix \"outer\"\nmodule M {\n#include \"part.idl\"\ntypedef P Q;\n};\n", files: ["part.idl": "typedef long P;\n"])
    #expect(try model.find("M::P").repositoryID == "IDL:M/P:1.0")
    #expect(try model.find("M::Q").repositoryID == "IDL:outer/M/Q:1.0")
  }

  @Test func namesAreLookedUpFromTheInnermostScope() throws {
    let model = try model(
      """
      typedef short T;
      module M { typedef long T; module N { typedef T A; typedef ::T B; typedef M::T C; }; };
      """)
    let (inner, outer) = (TypeExpression.named(try model.find("M::T").id), TypeExpression.named(try model.find("T").id))
    #expect(try model.alias("M::N::A").type == inner)
    #expect(try model.alias("M::N::B").type == outer)
    #expect(try model.alias("M::N::C").type == inner)
    #expect(model.resolved(inner) == .long)
  }

  // MARK: Types

  @Test func forwardDeclarationAndDefinitionAreOneDeclaration() throws {
    let model = try model("/// first\nstruct S; typedef sequence<S> Ss;\n/// second\nstruct S { Ss children; };")
    #expect(model.declarations.map(\.name) == ["S", "Ss"])
    #expect(try model.find("S").documentation == ["second"])
    #expect(try model.find("S").location.line == 4)
    #expect(model.items == [.declaration(try model.find("Ss").id), .declaration(try model.find("S").id)])
  }

  @Test func typesInsideAStructAreNested() throws {
    let model = try model("struct S { struct T { long x; } one, two[2]; enum E { e1 } e2; }; typedef struct R { long a; } Q;")
    let (t, e) = (try model.find("S::T").id, try model.find("S::E").id)
    #expect(try model.structure("S").nested == [t, e])
    #expect(try model.structure("S").members.map(\.type) == [.named(t), .array(.named(t), dimensions: [2]), .named(e)])
    #expect(model.items.count == 3)
  }

  @Test func optionalAndSynchronousAreMarked() throws {
    let model = try model(
      """
      #pragma tessera optional M::OptionalLong
      module M {
        typedef sequence<long, 1> OptionalLong, Plain;
        interface I { long f(); long g(); };
        #pragma tessera sync I::f
      };
      """)
    #expect(try model.alias("M::OptionalLong").isOptional)
    #expect(try !model.alias("M::Plain").isOptional)
    #expect(try model.operation("M::I::f").isSynchronous)
    #expect(try !model.operation("M::I::g").isSynchronous)
  }

  // MARK: Interfaces

  @Test func inheritedOperationsComeFirstAndOnce() throws {
    let model = try model(
      """
      interface A { void a1(); attribute long a2; }; interface B : A { void b1(); }; interface C : A { void c1(); };
      interface D : B, C { void d1(); attribute long d2; };
      """)
    let d = try model.find("D").id
    #expect(model.allBases(of: d).map { model[$0].name } == ["A", "B", "C"])
    #expect(model.allOperations(of: d).map(\.declaration.name) == ["a1", "b1", "c1", "d1"])
    #expect(model.allAttributes(of: d).map(\.declaration.name) == ["a2", "d2"])
  }

  @Test func anInterfaceMayStayUndefined() throws {
    let model = try model("interface Far; interface Near { Far reach(); };")
    #expect(try !model.interface("Far").isDefined)
    #expect(try model.operation("Near::reach").result == .named(try model.find("Far").id))
  }

  @Test func inheritanceIsBounded() {
    let chain = "interface I0 {};" + (1...300).map { "interface I\($0) : I\($0 - 1) {};" }.joined()
    #expect(report(chain).first?.contains("more than 200 interfaces derived from one another [IDL0330]") == true)
  }

  // MARK: Constants

  @Test(arguments: [
    ("long", "1 + 2 * 3", 7), ("long", "(1 + 2) * 3", 9), ("long", "-7 / 2", -3), ("long", "7 % -4", 3), ("long", "1 | 6 ^ 3 & 2", 5),
    ("long", "~0", -1), ("unsigned long", "~0", 4_294_967_295), ("unsigned long long", "~0", 18_446_744_073_709_551_615),
    ("long long", "~5", -6), ("long long", "-9223372036854775808", -9_223_372_036_854_775_808), ("octet", "~0 & 0xFF", 255),
    ("long", "1 << 4 >> 2", 4), ("long", "-16 >> 2", -4), ("short", "- - +5", 5), ("long", "10 - 3 - 2", 5), ("long", "100 / 7 % 4", 2),
  ])
  func integerExpressions(_ type: String, _ expression: String, _ value: Int128) throws {
    #expect(try model("const \(type) X = \(expression);").value("X") == .integer(value))
  }

  @Test(arguments: [
    ("1.5d + 2.25d", "3.75"), ("1d - 1.5d", "-0.5"), ("1.5d * -2d", "-3"), ("1d / 8d", "0.125"),
    ("2d / 3d", "0.6666666666666666666666666666666"), ("9999999999999999999999999999999d + 0.5d", "9999999999999999999999999999999"),
    ("0.0000000000000000000000000000001d * 0.5d", "0"), ("1234567890.123456789d * 1000000000000d", "1234567890123456789000"),
    ("10d / 0.001d", "10000"), ("-1d / 3d", "-0.3333333333333333333333333333333"), ("0.5d - 0.5d", "0"),
  ])
  func fixedExpressions(_ expression: String, _ text: String) throws {
    guard case .fixed(let value) = try model("const fixed X = \(expression);").value("X") else { throw NotFound(name: "X") }
    #expect(value.description == text)
  }

  @Test func aFixedConstantHasTheDigitsOfItsValue() throws {
    guard case .constant(let constant) = try model("const fixed X = 0.050d;").find("X").kind else { throw NotFound(name: "X") }
    #expect(constant.type == .fixed(digits: 2, scale: 2))
  }

  @Test func constantsOfEveryKind() throws {
    let model = try model(
      """
      module M { enum Color { red, green }; const Color FAVOURITE = green; typedef Color Paint; };
      const M::Paint P = M::red; const boolean YES = TRUE; const float F = 0.1; const octet O = 0xFF; const long N = O + 1;
      const string<3> S = "abc"; const string T = S;
      """)
    let color = try model.find("M::Color").id
    #expect(try model.value("M::FAVOURITE") == .enumerator(color, index: 1))
    #expect(try model.value("P") == .enumerator(color, index: 0))
    #expect(try model.value("YES") == .boolean(true))
    #expect(try model.value("F") == .floating(Double(Float(0.1))))
    #expect(try model.value("N") == .integer(256))
    #expect(try model.value("T") == .string("abc"))
  }

  // MARK: Repository ids

  @Test func typeIDAndTypePrefix() throws {
    let model = try model(
      """
      module M { typedef long T; interface I { void f(); }; typeprefix M "omg.org/x"; typedef long U; typeid T "IDL:own:2.0"; };
      module M { typedef long V; };
      typedef long W;
      """)
    let ids = ["M", "M::T", "M::I", "M::I::f", "M::U", "M::V", "W"].compactMap { try? model.find($0).repositoryID }
    #expect(
      ids == [
        "IDL:omg.org/x/M:1.0", "IDL:own:2.0", "IDL:omg.org/x/M/I:1.0", "IDL:omg.org/x/M/I/f:1.0", "IDL:omg.org/x/M/U:1.0",
        "IDL:omg.org/x/M/V:1.0", "IDL:W:1.0",
      ])
  }

  // MARK: Limits

  @Test func declarationsAreBounded() {
    func report(_ text: String) -> [String] {
      var limits = CompilerLimits()
      limits.declarations = 4
      return compileIDL(mainFile: "t.idl", loader: InMemorySourceLoader(["t.idl": text]), limits: limits).diagnostics.map(\.description)
    }
    #expect(report("struct S { long a, b; }; typedef long T;") == [])
    #expect(
      report("struct S { long a, b; }; typedef long T; typedef long U, V;") == [
        "t.idl:1:55: error: more than 4 declarations [IDL0309]"
      ])
  }

  @Test func aFileOfTheGreatestSizeIsReadAndALargerOneRefused() {
    var limits = CompilerLimits()
    limits.fileBytes = 15
    func report(_ text: String) -> [DiagnosticCode] {
      compileIDL(mainFile: "t.idl", loader: InMemorySourceLoader(["t.idl": text]), limits: limits).diagnostics.map(\.code)
    }
    #expect(report("typedef long T;") == [])
    #expect(report("typedef long TT;") == [.fileTooLarge])
  }
}
