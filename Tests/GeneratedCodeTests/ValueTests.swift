import CDR
import SharedIDL
import Testing

/// Constants, names and dynamic forms of generated types. Their bytes are the matter of Accept1aTests.
@Suite struct ValueTests {
  @Test func constants() {
    #expect(Values.shortLeast == Int16.min)
    #expect(Values.ullMost == UInt64.max)
    #expect(Values.llLeast == Int64.min)
    #expect(Values.mask == 255 as UInt8)
    #expect(Values.yes)
    #expect(Values.letter == Char(65))
    #expect(Values.wideLetter == WChar(0x6C49))
    #expect(Values.greeting == "a \"quoted\"\tline\n\\ end")
    #expect(Values.wideGreeting == "汉 wide")
    #expect(Values.fraction == 0.1 as Float)
    #expect(Values.precise == 1e300)
    #expect(Values.rate.decimal == DecimalNumber("12.5"))
    #expect(Values.normal == .high)
    #expect(Values.count == 19)
    #expect(atFileScope == 7)
    #expect(AtFileScope.allCases == [.one, .two])
  }

  /// IEEE binary128, aligned on 8: no foreign ORB writes it right, so the octets are known ones.
  @Test func longDouble() throws {
    let value = Values.Extremes(first: 1, quadruple: LongDouble(1.0), last: 2)
    var big = CDREncoder(format: WireFormat(byteOrder: .bigEndian))
    try value.encode(into: &big)
    #expect(big.array == [1, 0, 0, 0, 0, 0, 0, 0, 0x3F, 0xFF] + [UInt8](repeating: 0, count: 14) + [2])
    var little = CDREncoder(format: WireFormat(byteOrder: .littleEndian))
    try value.encode(into: &little)
    #expect(little.array == [1] + [UInt8](repeating: 0, count: 21) + [0xFF, 0x3F, 2])
    var decoder = CDRDecoder(little.bytes, format: WireFormat(byteOrder: .littleEndian))
    #expect(try Values.Extremes(from: &decoder) == value)
    #expect(try Values.Extremes(record: value.record) == value)
  }

  @Test func namesThatAreTaken() throws {
    let record = NamingTraps.Record(value: "b", encode: "c", visitFields: "d", recordType: "e", typeCode: "f")
    let dynamic: CDR.Record = record.record
    #expect(dynamic["value"] == .text("b"))
    #expect(try NamingTraps.Record(record: dynamic) == record)
    #expect(record.value == "b")
    #expect(NamingTraps.Record.recordType.fields.map(\.name) == ["value", "encode", "visitFields", "recordType", "typeCode"])

    let test = NamingTraps.SelfTest(self_: "s", hashValue_: 1, func: true, hash: 2, encoder: "e", decoder: "d", visitor: "v")
    var encoder = CDREncoder()
    try test.encode(into: &encoder)
    var decoder = CDRDecoder(encoder.bytes)
    #expect(try NamingTraps.SelfTest(from: &decoder) == test)

    #expect(NamingTraps.ColorKind.allCases == [.class, .default, .self_, .init_])
    #expect(
      NamingTraps.ColorKind.enumerationType.enumerators == ["color_kind_class", "color_kind_default", "color_kind_self", "color_kind_init"])
    #expect(NamingTraps.Digits.allCases == [.digits1, .digits2])
    #expect(NamingTraps.HTTPStatus.allCases == [.ok, .notFound, .urlTooLong, .allCases_])
    let line = NamingTraps.OrderLine(unitPrice: 1, customerID: 2, id: 3, urlPath: 4)
    #expect(line.record.type.fields.map(\.name) == ["UNIT_PRICE", "customer_ID", "ID", "URLPath"])
    let uses = NamingTraps.Shadows(
      lines: [NamingTraps.String(value: 1)], octets: FixedArray([1, 2])!, number: NamingTraps.Swift_.Int(n: 3),
      kind: NamingTraps.Type_(init_: 4))
    #expect(try NamingTraps.Shadows(value: uses.value) == uses)
    #expect(NamingTraps.maxLines == 1)
  }

  @Test func configurationOfTheTarget() throws {
    #expect(Configured.fromMacro == 42)
    #expect(Configured.Holder.recordType.fields[0].type.resolved == .string(bound: 8))
    #expect(try Configured.Holder(record: Configured.Holder(text: "x").record) == Configured.Holder(text: "x"))
  }

  @Test func interfacesNamedLikeTheirModule() {
    #expect(Bank.Teller.Bank.Account(owner: "me").owner == "me")
    #expect(Bank.Teller.Branch.interfaceDescription.operations.map(\.name) == ["find", "printed"])
  }

  @Test func typesOfOtherFilesAndModules() {
    #expect(
      Values.Later.recordType.fields.map(\.type) == [.enumeration(Values.Level.enumerationType), .record(Values.Documented.recordType)])
    #expect(Values.Nest(tip: Values.Nest.Leaf(small: 1), leaves: []).tip.small == 1)
    #expect(Shared.Money.recordType.id == "IDL:Shared/Money:1.0")
  }
}
