import CDR
import ForeignORB
import Testing

/// A generated type and its name in IDL.
struct Subject: Sendable, CustomTestStringConvertible {
  let name: String
  let typeCode: TypeCode
  /// What stands before the members: omniORB writes the repository id of an exception.
  let prefix: String?
  /// Encodes the typed form of a dynamic value.
  let encode: @Sendable (Value, WireFormat) throws -> [UInt8]
  /// Decodes the typed form and gives it as a dynamic value; all octets must be used up.
  let decode: @Sendable ([UInt8], WireFormat) throws -> Value
  var testDescription: String { name }

  init<Typed: CDRCodable>(_: Typed.Type, _ name: String, exception prefix: String? = nil) {
    self.name = name
    self.prefix = prefix
    typeCode = Typed.typeCode
    encode = { value, format in
      let typed = try Typed(value: value)
      var encoder = CDREncoder(format: format)
      if let prefix { try encoder.encode(prefix) }
      try typed.encode(into: &encoder)
      return encoder.array
    }
    decode = { octets, format in
      try Self.reading(octets, format, prefix: prefix) { (decoder) throws(CDRError) in try Typed(from: &decoder).value }
    }
  }

  /// Encodes a dynamic value by the type's description.
  func encodeDynamically(_ value: Value, _ format: WireFormat) throws -> [UInt8] {
    var encoder = CDREncoder(format: format)
    if let prefix { try encoder.encode(prefix) }
    try encoder.encode(value, as: typeCode)
    return encoder.array
  }

  /// Decodes a dynamic value by the type's description; all octets must be used up.
  func decodeDynamically(_ octets: [UInt8], _ format: WireFormat) throws -> Value {
    try Self.reading(octets, format, prefix: prefix) { (decoder) throws(CDRError) in try decoder.decodeValue(typeCode) }
  }

  private static func reading<Result>(
    _ octets: [UInt8], _ format: WireFormat, prefix: String?, _ body: (inout CDRDecoder) throws(CDRError) -> Result
  ) throws -> Result {
    var decoder = CDRDecoder(octets.span.bytes, format: format)
    if let prefix { try #require(try decoder.decode(String.self) == prefix) }
    let result = try body(&decoder)
    try #require(decoder.remaining == 0)
    return result
  }
}

/// All types of accept.idl that are no references.
let subjects: [Subject] = [
  Subject(Accept.Colour.self, "Accept::Colour"),
  Subject(Accept.Integers.self, "Accept::Integers"),
  Subject(Accept.Floats.self, "Accept::Floats"),
  Subject(Accept.Characters.self, "Accept::Characters"),
  Subject(Accept.Texts.self, "Accept::Texts"),
  Subject(Accept.Decimals.self, "Accept::Decimals"),
  Subject(Accept.Padded.self, "Accept::Padded"),
  Subject(Accept.Sequences.self, "Accept::Sequences"),
  Subject(Accept.Arrays.self, "Accept::Arrays"),
  Subject(Accept.Outer.Inner.self, "Accept::Outer::Inner"),
  Subject(Accept.Outer.self, "Accept::Outer"),
  Subject(Accept.Tree.self, "Accept::Tree"),
  Subject(Accept.Branch.Node.self, "Accept::Branch::Node"),
  Subject(Accept.Branch.self, "Accept::Branch"),
  Subject(Accept.Optionals.self, "Accept::Optionals"),
  Subject(Accept.Everything.self, "Accept::Everything"),
  Subject(TopLevel.self, "_GlobalIDL::TopLevel"),
  Subject(Accept.Nothing.self, "Accept::Nothing", exception: Accept.Nothing.repositoryID),
  Subject(Accept.NotFound.self, "Accept::NotFound", exception: Accept.NotFound.repositoryID),
  Subject(Accept.Holder.Lost.self, "Accept::Holder::Lost", exception: Accept.Holder.Lost.repositoryID),
  Subject([Accept.Tree].self, "Accept::Trees"),
  Subject([[String]].self, "Accept::NameLists"),
  Subject(FixedArray<2, FixedArray<3, Int32>>.self, "Accept::Grid"),
]
