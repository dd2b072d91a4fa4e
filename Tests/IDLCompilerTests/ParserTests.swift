import Testing

@testable import IDLCompiler

@Suite struct ParserTests {
  @Test(arguments: [
    ("short", TypeExpression.short), ("long", .long), ("long long", .longLong), ("unsigned short", .unsignedShort),
    ("unsigned long", .unsignedLong), ("unsigned long long", .unsignedLongLong), ("octet", .octet), ("char", .char), ("wchar", .wchar),
    ("boolean", .boolean), ("float", .float), ("double", .double), ("long double", .longDouble), ("any", .any), ("Object", .object),
    ("string", .string(bound: nil)), ("string<7>", .string(bound: 7)), ("wstring", .wstring(bound: nil)),
    ("wstring<2*4>", .wstring(bound: 8)),
    ("fixed<31,0>", .fixed(digits: 31, scale: 0)), ("sequence<long>", .sequence(.long, bound: nil)),
    ("sequence<sequence<octet, 2>, 3>", .sequence(.sequence(.octet, bound: 2), bound: 3)),
    ("sequence<string<1+1>, (16 >> 2)>", .sequence(.string(bound: 2), bound: 4)), ("CORBA::TypeCode", .typeCode),
  ])
  func types(_ text: String, _ type: TypeExpression) throws {
    #expect(try model("typedef \(text) T;").alias("T").type == type)
  }

  @Test func arraysBelongToTheDeclarator() throws {
    let model = try model("struct S { long a, b[2], c[3][4]; }; typedef string<5> T, U[6];")
    #expect(try model.structure("S").members.map(\.type) == [.long, .array(.long, dimensions: [2]), .array(.long, dimensions: [3, 4])])
    #expect(try model.alias("U").type == .array(.string(bound: 5), dimensions: [6]))
  }

  @Test func interfacesWithEverything() throws {
    let model = try model(
      """
      exception X {}; exception Y { string why; };
      interface Base {};
      interface I : Base {
        readonly attribute long size raises (X);
        attribute string a, b getraises (X) setraises (X, Y);
        oneway void tell(in string what);
        long ask(in string question, out string answer, inout sequence_t more) raises (X, Y);
      };
      """.replacing("sequence_t", with: "Base"))
    let interface = try model.interface("I")
    #expect(interface.bases == [try model.find("Base").id])
    #expect(interface.contents.map { model[$0].name } == ["size", "a", "b", "tell", "ask"])
    guard case .attribute(let size) = try model.find("I::size").kind, case .attribute(let b) = try model.find("I::b").kind else {
      throw NotFound(name: "attribute")
    }
    let (x, y) = (try model.find("X").id, try model.find("Y").id)
    #expect(size == Attribute(type: .long, isReadOnly: true, getRaises: [x], setRaises: []))
    #expect(b == Attribute(type: .string(bound: nil), isReadOnly: false, getRaises: [x], setRaises: [x, y]))
    #expect(try model.operation("I::tell").isOneway)
    #expect(try model.operation("I::tell").result == nil)
    let ask = try model.operation("I::ask")
    #expect(ask.result == .long)
    #expect(ask.raises == [x, y])
    #expect(ask.parameters.map(\.direction) == [.in, .out, .inout])
    #expect(ask.parameters.map(\.name) == ["question", "answer", "more"])
  }

  @Test func commentsBecomeDocumentation() throws {
    let model = try model(
      """
      /** Header of the file. */
      #ifndef G
      #define G
      // An ordinary comment.
      /// First line
      ///   indented
      ///
      /// last line
      struct S {
        /** One block
         *  with two lines.
         */
        long a;
        long b; ///< behind b
        long c, /*!< no */ d; /**< behind d */
        //// no
        long e;
        /// replaced
        /// by nothing

        /** the last one counts */
        long f;
      };  ///< behind S
      enum E {
        e1, ///< one
        /// two
        e2 ///< and more
      };
      interface I {
        /// asks
        void ask(
          in long a,  ///< the a
          /// the b
          in long b
        );
      };
      typedef long T;
      #endif
      """)
    #expect(try model.find("S").documentation == ["First line", "  indented", "", "last line", "behind S"])
    let documentation = try model.structure("S").members.map(\.documentation)
    #expect(documentation == [["One block", " with two lines."], ["behind b"], [], ["behind d"], [], ["the last one counts"]])
    guard case .enumeration(let e) = try model.find("E").kind else { throw NotFound(name: "E") }
    #expect(e.enumerators.map(\.documentation) == [["one"], ["two", "and more"]])
    #expect(try model.operation("I::ask").parameters.map(\.documentation) == [["the a"], ["the b"]])
    #expect(try model.find("I::ask").documentation == ["asks"])
    #expect(try model.find("T").documentation == [])
  }

  @Test func everyDamagedDefinitionIsReportedOnceAndTheRestIsRead() {
    let text = (1...20).map { "struct S\($0) { long; long ok; };\ntypedef S\($0) T\($0);\n" }.joined()
    let lines = report(text)
    #expect(lines.count == 20)
    #expect(lines.allSatisfy { $0.contains("expected the name of a member, found ';' [IDL0200]") })
  }

  @Test func theNumberOfErrorsIsBounded() {
    let lines = report(String(repeating: "typedef X;\n", count: 5_000))
    #expect(lines.count == 1_001)
    #expect(lines.last == "t.idl:1000:10: error: more than 1000 errors; the rest is not shown [IDL0017]")
  }

  @Test(arguments: [
    "typedef \(String(repeating: "sequence<", count: 50_000))long", "const long A = \(String(repeating: "(", count: 50_000))1",
    "const long A = \(String(repeating: "-", count: 50_000))1", "\((1...50_000).map { "module M\($0) {" }.joined())",
    "struct A { \((1...5_000).map { "struct S\($0) {" }.joined())",
  ])
  func nestingIsBounded(_ text: String) {
    #expect(report(text).first?.contains("error: more than 200 levels of nesting [IDL0201]") == true)
  }

  @Test func nestingUpToTheBoundIsRead() throws {
    let modules = (1...199).map { "module M\($0) {" }.joined() + "typedef long T;" + String(repeating: "};", count: 199)
    #expect(try model(modules).declarations.count == 200)
    let parentheses = String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200)
    #expect(try model("const long A = \(parentheses);").value("A") == .integer(1))
  }

  @Test func longChainsOfOperatorsAreBounded() throws {
    let chain = Array(repeating: "1", count: 1_001).joined(separator: "+")
    #expect(try model("const long A = \(chain);").value("A") == .integer(1_001))
    #expect(report("const long A = \(chain)+1;").first?.contains("more than 1000 operators inside one another [IDL0206]") == true)
  }
}
