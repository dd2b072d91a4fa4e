public import CDR
import InterchangeIDL

extension EntityKind {
  /// The typed object of a canonical record, examined and brought into one form for storage.
  public struct Prepared: Sendable {
    /// Little-endian CDR of the object.
    public let body: [UInt8]
    /// A hash of everything in the object but its id, its time and its version, which stand first in every object.
    public let fingerprint: UInt64
  }

  /// Checks a record of this kind and encodes it.
  ///
  /// - Returns: what is wrong with it, all at once, or the encoded object.
  public func prepare(_ record: Record) -> Result<Prepared, Examined> {
    switch name {
    case "Unit": prepare(record, as: Interchange.V1.Unit.self)
    case "Category": prepare(record, as: Interchange.V1.Category.self)
    case "Product": prepare(record, as: Interchange.V1.Product.self)
    case "Party": prepare(record, as: Interchange.V1.Party.self)
    case "Contact": prepare(record, as: Interchange.V1.Contact.self)
    case "Contract": prepare(record, as: Interchange.V1.Contract.self)
    case "CustomerProduct": prepare(record, as: Interchange.V1.CustomerProduct.self)
    case "OrderResponse": prepare(record, as: Interchange.V1.OrderResponse.self)
    case "OrderStatus": prepare(record, as: Interchange.V1.OrderStatus.self)
    case "CreditTerms": prepare(record, as: Interchange.V1.CreditTerms.self)
    case "Receivable": prepare(record, as: Interchange.V1.Receivable.self)
    case "PriceList": prepare(record, as: Interchange.V1.PriceList.self)
    case "PriceLine": prepare(record, as: Interchange.V1.PriceLine.self)
    case "Availability": prepare(record, as: Interchange.V1.Availability.self)
    default:
      .failure(Examined(findings: [Finding(code: "ENTITY_UNKNOWN", path: "", explanation: "\(name) is not taken from other systems")]))
    }
  }

  /// The findings of a refused object.
  public struct Examined: Error, Sendable {
    public let findings: [Finding]
  }

  private func prepare<Object: ExaminedObject>(_ record: Record, as _: Object.Type) -> Result<Prepared, Examined> {
    do throws(CDRError) {
      let object = try Object(record: record)
      let findings = object.examine()
      if !findings.isEmpty { return .failure(Examined(findings: findings)) }
      let body = try object.cdr()
      var head = CDREncoder(format: WireFormat(byteOrder: .littleEndian))
      try head.encode(object.id)
      head.encode(object.changedAt)
      try head.encode(object.sourceVersion)
      return .success(Prepared(body: body, fingerprint: Fingerprint.of(body, from: head.count)))
    } catch {
      let path = if case .valueMismatch(_, _, let path) = error { path } else { "" }
      return .failure(Examined(findings: [Finding(code: "VALUE_INVALID", path: path, explanation: error.description)]))
    }
  }
}

extension CDRCodable {
  /// The value as it is kept: little-endian CDR, aligned at 0, UTF-8.
  public func cdr() throws(CDRError) -> [UInt8] {
    var encoder = CDREncoder(format: WireFormat(byteOrder: .littleEndian))
    try encode(into: &encoder)
    return encoder.array
  }

  /// A value as ``cdr()`` made it.
  public init(cdr octets: [UInt8]) throws(CDRError) {
    let span = octets.span
    var decoder = CDRDecoder(unsafe span.bytes, format: WireFormat(byteOrder: .littleEndian))
    self = try Self(from: &decoder)
  }
}

extension Record {
  /// The record as it is kept: little-endian CDR of its type.
  public func cdr() throws(CDRError) -> [UInt8] {
    var encoder = CDREncoder(format: WireFormat(byteOrder: .littleEndian))
    try encoder.encode(self, as: type)
    return encoder.array
  }

  /// A record as ``cdr()`` made it.
  public init(cdr octets: [UInt8], as type: RecordType) throws(CDRError) {
    let span = octets.span
    var decoder = CDRDecoder(unsafe span.bytes, format: WireFormat(byteOrder: .littleEndian))
    self = try decoder.decodeRecord(type)
  }
}

/// A 64-bit hash for telling states of one object apart (FNV-1a over words, then mixed).
enum Fingerprint {
  static func of(_ octets: [UInt8], from start: Int) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ UInt64(octets.count - start)
    var index = start
    let bytes = octets.span.bytes
    while index + 8 <= octets.count {
      let word = UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
      hash = (hash ^ word) &* 0x0000_0100_0000_01B3
      hash ^= hash >> 29
      index += 8
    }
    while index < octets.count {
      hash = (hash ^ UInt64(octets[index])) &* 0x0000_0100_0000_01B3
      index += 1
    }
    hash ^= hash >> 32
    hash = hash &* 0xD6E8_FEB8_6659_FD93
    return hash ^ hash >> 32
  }
}
