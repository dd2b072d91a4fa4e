/// What omniORB makes of a value in CDR, and of CDR bytes: the judge of our own codec.
///
/// Types are named as in IDL (`Test::Product`, `unsigned long long`); values are JSON as Tests/Support/README.md says.
/// Bytes start at offset 0, and padding, which omniORB leaves uninitialised, is zero.
public final class CDROracle: Sendable {
  private let python: PythonORB

  /// Compiles the IDL files and starts the oracle.
  public init(idl: [String], includes: [String] = []) async throws {
    python = try await PythonORB("cdr_oracle.py", idl: idl, includes: includes)
  }

  /// The bytes that omniORB writes for the value. For an exception its repository id comes first, as in a reply's body.
  ///
  /// - Throws: ``ForeignORBError/refused(exception:message:)`` with omniORB's exception.
  public func marshal(_ type: String, _ value: JSON, littleEndian: Bool) async throws -> [UInt8] {
    let answer = try await python.request(["op": "marshal", "type": .string(type), "value": value, "little": .bool(littleEndian)])
    guard let hex = answer.string, let bytes = [UInt8](hexadecimal: hex) else { throw ForeignORBError.unexpectedAnswer("\(answer)") }
    return bytes
  }

  /// The value that omniORB reads from the bytes; all of them must be used up.
  ///
  /// - Throws: ``ForeignORBError/refused(exception:message:)`` with omniORB's exception.
  public func unmarshal(_ type: String, _ bytes: [UInt8], littleEndian: Bool) async throws -> JSON {
    let hex = JSON.string(bytes.hexadecimal)
    return try await python.request(["op": "unmarshal", "type": .string(type), "hex": hex, "little": .bool(littleEndian)])
  }
}
