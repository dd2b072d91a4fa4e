public import CDR
import GIOPCore

// References are not CDRCodable: an optional of a codable type means an optional value, while a missing reference has a form of
// its own on the wire (CORBA 3.3, part 2, 9.3.6).

extension CDREncoder {
  /// Writes a reference of IDL type `Object`; nil as the nil reference.
  public mutating func encode(reference: ObjectRef?) throws(CDRError) { (reference?.ior ?? .null).encode(into: &self) }

  /// Writes a typed reference; nil as the nil reference.
  @inlinable public mutating func encode<Reference: ObjectReference>(reference: Reference?) throws(CDRError) {
    try encode(reference: reference?.objectRef)
  }
}

extension CDRDecoder {
  /// Reads a reference of IDL type `Object`; the nil reference as nil. It belongs to the ORB of the call that is being decoded.
  public mutating func decodeReference() throws(CDRError) -> ObjectRef? {
    let ior = try IOR(from: &self)
    return ior.isNull ? nil : ObjectRef(ior, orb: context as? ORB)
  }

  /// Reads a typed reference; the sender's word for the type is taken.
  @inlinable public mutating func decodeReference<Reference: ObjectReference>(
    _: Reference.Type = Reference.self
  ) throws(CDRError) -> Reference? {
    try decodeReference().map { Reference(unchecked: $0) }
  }
}
