import CDR
import ORBCore

/// The result of an operation, with the octets that it came in.
struct RawAnswer: Sendable {
  let value: Value
  let octets: [UInt8]
  let format: WireFormat
  /// The CDR position of the first octet.
  let alignment: Int
}

extension ObjectRef {
  /// Calls an operation that has a result and no `out` or `inout` parameters, by its description.
  ///
  /// - Throws: `DynamicUserException` for a declared exception, `SystemException`.
  func invoke(keepingOctetsOf operation: OperationDescription, _ arguments: [Value]) async throws -> RawAnswer {
    try await invoke(operation.name) { (encoder) throws(CDRError) in
      for (parameter, argument) in zip(operation.parameters, arguments) { try encoder.encode(argument, as: parameter.type) }
    } result: { (decoder) throws(CDRError) in
      let alignment = decoder.position
      let octets = try UInt8.decodeElements(decoder.remaining, from: &decoder)
      var copy = CDRDecoder(octets.span.bytes, format: decoder.format, alignedAt: alignment, context: decoder.context)
      return RawAnswer(value: try copy.decodeValue(operation.result), octets: octets, format: decoder.format, alignment: alignment)
    } raises: { id, decoder in
      guard let type = operation.raises.first(where: { $0.id == id }) else { return }
      throw DynamicUserException(try decoder.decodeRecord(type))
    }
  }
}
