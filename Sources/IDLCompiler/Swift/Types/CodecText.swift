extension FileWriter {
  /// Whether the Swift type's own codec writes what the IDL type means: no bound, wide string or reference is in it.
  func isPlain(_ type: TypeExpression) -> Bool {
    switch type {
    case .string(let bound): return bound == nil
    case .wstring, .object, .any, .typeCode: return false
    case .sequence(let element, let bound): return bound == nil && isPlain(element)
    case .array(let element, _): return isPlain(element)
    case .named(let id):
      switch model[id].kind {
      case .alias(let alias): return isPlain(optionalElement(type) ?? alias.type)
      case .interface: return false
      default: return true
      }
    default: return true
    }
  }

  /// Whether the encoder has a method of its own for the type, which cannot fail.
  private func isUnfailing(_ type: TypeExpression) -> Bool {
    switch model.resolved(type) {
    case .short, .long, .longLong, .unsignedShort, .unsignedLong, .unsignedLongLong, .octet, .boolean, .float, .double, .char: true
    default: false
    }
  }

  /// The statement that writes `value`, with `try` where it may fail.
  func encoding(_ value: String, _ type: TypeExpression, encoder: String = "encoder") -> String {
    if isUnfailing(type) { return "\(encoder).encode(\(value))" }
    return "try " + encodingCall(value, type, encoder: encoder)
  }

  private func encodingCall(_ value: String, _ type: TypeExpression, encoder: String) -> String {
    if isPlain(type) { return "\(encoder).encode(\(value))" }
    let inner = "(encoder, element) throws(CDRError) in"
    if let element = optionalElement(type) {
      return "\(encoder).encodeOptional(\(value)) { \(inner) \(encoding("element", element)) }"
    }
    switch model.resolved(type) {
    case .string(let bound?): return "\(encoder).encode(\(value), bound: \(bound))"
    case .wstring(let bound): return "\(encoder).encode(wide: \(value)\(Self.bound(bound)))"
    case .sequence(let element, let bound):
      if isPlain(element) { return "\(encoder).encode(\(value)\(Self.bound(bound)))" }
      return "\(encoder).encodeSequence(\(value)\(Self.bound(bound))) { \(inner) \(encoding("element", element)) }"
    case .array(let element, let dimensions):
      return "\(encoder).encodeArray(\(value)) { \(inner) \(encoding("element", Self.row(element, dimensions))) }"
    default: return "\(encoder).encode(reference: \(value))"
    }
  }

  /// The expression that reads a value, `try` included.
  func decoding(_ type: TypeExpression, in scope: SwiftScope, at location: SourceLocation, decoder: String = "decoder") -> String {
    "try " + decodingCall(type, in: scope, at: location, decoder: decoder)
  }

  private func decodingCall(_ type: TypeExpression, in scope: SwiftScope, at location: SourceLocation, decoder: String) -> String {
    if isPlain(type) { return "\(decoder).decode(\(metatype(type, in: scope, at: location)))" }
    func inner(_ element: TypeExpression) -> String {
      "{ (decoder) throws(CDRError) in \(decoding(element, in: scope, at: location)) }"
    }
    if let element = optionalElement(type) { return "\(decoder).decodeOptional \(inner(element))" }
    switch model.resolved(type) {
    case .string(let bound?): return "\(decoder).decode(\(standard("String")).self, bound: \(bound))"
    case .wstring(let bound): return "\(decoder).decodeWide(\(bound.map { "bound: \($0)" } ?? ""))"
    case .sequence(let element, let bound):
      if isPlain(element) { return "\(decoder).decode(\(metatype(type, in: scope, at: location))\(Self.bound(bound)))" }
      return "\(decoder).decodeSequence(minimumSize: \(minimumWireSize(element))\(Self.bound(bound))) \(inner(element))"
    case .array(let element, let dimensions):
      let row = Self.row(element, dimensions)
      return "\(decoder).decodeArray(\(metatype(type, in: scope, at: location))) \(inner(row))"
    case .named(let id): return "\(decoder).decodeReference(\(reference(to: id, in: scope, at: location)).self)"
    default: return "\(decoder).decodeReference()"
    }
  }

  /// `T.self` of the type behind aliases of basic types and sequences, so that the decoder's own methods are chosen.
  private func metatype(_ type: TypeExpression, in scope: SwiftScope, at location: SourceLocation) -> String {
    let chosen = optionalElement(type) == nil ? model.resolved(type) : type
    return swiftType(chosen, in: scope, at: location) + ".self"
  }

  private static func bound(_ bound: UInt32?) -> String { bound.map { ", bound: \($0)" } ?? "" }

  /// What an array holds: the elements, or arrays of one dimension less.
  static func row(_ element: TypeExpression, _ dimensions: [UInt32]) -> TypeExpression {
    dimensions.count == 1 ? element : .array(element, dimensions: Array(dimensions.dropFirst()))
  }
}
