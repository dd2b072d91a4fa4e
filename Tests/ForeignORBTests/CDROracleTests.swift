import ForeignORB
import Testing

/// Pins what omniORB puts on the wire, which is what our codec is held to; Tests/Support/README.md says it in words.
@Suite struct CDROracleTests {
  static let idl = """
    #pragma prefix "tessera.test"
    module Wire {
      typedef fixed<5,2> Odd;
      typedef fixed<4,2> Even;
      typedef wstring<5> Brief;
      typedef sequence<wchar> WideChars;
      typedef sequence<octet> Blob;
      typedef sequence<double> Doubles;
      typedef char Letters[3];
      typedef long Grid[2][3];
      enum Colour { red, green, blue };
      struct Aligned { octet first; double second; octet third; long long fourth; };
      struct Gap { Doubles none; octet between; Doubles alsoNone; };
      struct Scalars { short s; unsigned short us; long l; unsigned long ul; unsigned long long ull; float f; boolean b; char c; Colour paint; };
      struct Tree; typedef sequence<Tree> Trees; struct Tree { string name; Trees children; };
      struct Wide { octet first; wchar letter; WideChars letters; long last; };
      exception Refused { string why; long code; };
      interface Thing { void poke(); };
      struct Holder { octet first; Thing it; };
    };
    """

  static let oracle = Task {
    let folder = try TemporaryFolder()
    return try await CDROracle(idl: [try folder.write(idl, to: "wire.idl")])
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let type: String
    let value: JSON
    let big: String
    let little: String
    var testDescription: String { "\(type) \(value)" }

    init(_ type: String, _ value: JSON, big: String, little: String) {
      (self.type, self.value, self.big, self.little) = (type, value, big, little)
    }

    init(_ type: String, _ value: JSON, both: String) { self.init(type, value, big: both, little: both) }
  }

  static let cases: [Case] = [
    Case("long", -2, big: "fffffffe", little: "feffffff"),
    Case("long long", "-9223372036854775808", big: "8000000000000000", little: "0000000000000080"),
    Case("double", "7ff8000000000001", big: "7ff8000000000001", little: "010000000000f87f"),
    Case("string", "", big: "0000000100", little: "0100000000"),
    Case("string", "ü汉", big: "00000006c3bce6b18900", little: "06000000c3bce6b18900"),
    Case("wstring", "", both: "00000000"),
    Case("wstring", "a汉😀", big: "0000000afffe6100496c3dd800de", little: "0a000000fffe6100496c3dd800de"),
    Case("wchar", 0x6C49, both: "026c49"),
    Case("char", 0xFC, both: "fc"),
    Case("Wire::WideChars", [0x61, 0x6C49], big: "00000002020061026c49", little: "02000000020061026c49"),
    Case(
      "Wire::Wide", ["first": 1, "letter": 0x6C49, "letters": [0x61], "last": -1], big: "01026c490000000102006100ffffffff",
      little: "01026c490100000002006100ffffffff"),
    Case("Wire::Letters", [0x61, 0x62, 0x63], both: "616263"),
    Case("Wire::Blob", ["hex": "00ff"], big: "0000000200ff", little: "0200000000ff"),
    Case("Wire::Odd", "-1.23", both: "00123d"),
    Case("Wire::Odd", "0.00", both: "00000c"),
    Case("Wire::Even", "99.99", both: "09999c"),
    Case("Wire::Colour", "blue", big: "00000002", little: "02000000"),
    Case(
      "Wire::Grid", [[1, 2, 3], [4, 5, 6]], big: "000000010000000200000003000000040000000500000006",
      little: "010000000200000003000000040000000500000006000000"),
    Case(
      "Wire::Aligned", ["first": 1, "second": "3ff8000000000000", "third": 2, "fourth": "3"],
      big: "01000000000000003ff800000000000002000000000000000000000000000003",
      little: "0100000000000000000000000000f83f02000000000000000300000000000000"),
    Case("Wire::Gap", ["none": [], "between": 9, "alsoNone": []], both: "000000000900000000000000"),
    Case(
      "Wire::Scalars",
      [
        "s": -1, "us": 65535, "l": -2, "ul": 4_294_967_295, "ull": "18446744073709551615", "f": "3fc00000", "b": true, "c": 65,
        "paint": "green",
      ],
      big: "fffffffffffffffeffffffff00000000ffffffffffffffff3fc000000141000000000001",
      little: "fffffffffeffffffffffffff00000000ffffffffffffffff0000c03f0141000001000000"),
    Case(
      "Wire::Tree", ["name": "a", "children": [["name": "b", "children": []]]],
      big: "000000026100000000000001000000026200000000000000", little: "020000006100000001000000020000006200000000000000"),
    Case(
      "Wire::Refused", ["why": "no", "code": 3],
      big: "0000002249444c3a746573736572612e746573742f576972652f526566757365643a312e30000000000000036e6f000000000003",
      little: "2200000049444c3a746573736572612e746573742f576972652f526566757365643a312e3000000003000000" + "6e6f000003000000"),
    Case("Wire::Thing", nil, big: "000000010000000000000000", little: "010000000000000000000000"),
    Case("Wire::Holder", ["first": 1, "it": nil], big: "01000000000000010000000000000000", little: "01000000010000000000000000000000"),
  ]

  @Test(arguments: cases) func writesAndReads(_ example: Case) async throws {
    let oracle = try await Self.oracle.value
    #expect(try await oracle.marshal(example.type, example.value, littleEndian: false).hexadecimal == example.big)
    #expect(try await oracle.marshal(example.type, example.value, littleEndian: true).hexadecimal == example.little)
    let big = try #require([UInt8](hexadecimal: example.big))
    #expect(try await oracle.unmarshal(example.type, big, littleEndian: false) == example.value)
    let little = try #require([UInt8](hexadecimal: example.little))
    #expect(try await oracle.unmarshal(example.type, little, littleEndian: true) == example.value)
  }

  @Test func keepsReferencesAsTheyAre() async throws {
    let oracle = try await Self.oracle.value
    let ior = "IOR:" + "01000000" + "1d000000" + [UInt8]("IDL:tessera.test/Wire/Thing:1.0\0".utf8).hexadecimal
    await #expect(throws: ForeignORBError.self) { try await oracle.marshal("Wire::Thing", .string(ior), littleEndian: true) }
    let reference: JSON = "IOR:01000000010000000000000001000000000000001b000000010100000a0000003132372e302e302e3100630003000000616263"
    let bytes = try await oracle.marshal("Object", reference, littleEndian: true)
    #expect(bytes.hexadecimal == "010000000000000001000000000000001b000000010100000a0000003132372e302e302e3100630003000000616263")
    #expect(try await oracle.unmarshal("Object", bytes, littleEndian: true) == reference)
  }

  @Test(arguments: [
    ("string", "00000000"), ("string", "00000003616263"), ("string", "7fffffff61"), ("wstring", "00000003610062"),
    ("Wire::Colour", "00000003"), ("Wire::Odd", "00123f"), ("Wire::Odd", "0a123c"), ("Wire::Even", "10123c"), ("long", "00000000ff"),
    ("long", "000000"),
  ])
  func refusesToRead(type: String, hex: String) async throws {
    let oracle = try await Self.oracle.value
    let bytes = try #require([UInt8](hexadecimal: hex))
    await #expect { try await oracle.unmarshal(type, bytes, littleEndian: false) } throws: { isMarshalError($0) }
  }

  @Test func refusesToWriteWhatDoesNotFit() async throws {
    let oracle = try await Self.oracle.value
    await #expect { try await oracle.marshal("Wire::Brief", "hello!", littleEndian: true) } throws: { isMarshalError($0) }
    await #expect { try await oracle.marshal("Wire::Odd", "1000.00", littleEndian: true) } throws: {
      isMarshalError($0, "CORBA.DATA_CONVERSION")
    }
  }

  private func isMarshalError(_ error: any Error, _ expected: String = "CORBA.MARSHAL") -> Bool {
    guard case ForeignORBError.refused(expected, _) = error else { return false }
    return true
  }
}
