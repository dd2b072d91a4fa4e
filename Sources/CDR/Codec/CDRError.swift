/// Why a value could not be written to, or read from, a CDR stream.
///
/// Offsets count octets from the origin of the alignment (the start of the GIOP message or of the encapsulation).
public enum CDRError: Error, Hashable, Sendable {
  /// Which CORBA system exception reports the error to a peer.
  public enum Kind: Sendable, Hashable {
    /// MARSHAL: the stream is broken, or a value breaks a bound of its type.
    case marshal
    /// DATA_CONVERSION: characters that the code set cannot hold, or octets that are no characters of it.
    case dataConversion
    /// BAD_PARAM: a value that its IDL type cannot carry, found before anything was sent.
    case badParameter
  }

  /// Fewer octets are left than the value takes.
  case truncated(needed: Int, available: Int, offset: Int)
  /// A length says more elements than the rest of the message can hold.
  case countExceedsMessage(count: Int, available: Int, offset: Int)
  /// A string, sequence or array is longer than its type allows.
  case boundExceeded(bound: Int, actual: Int, offset: Int)
  /// A boolean other than 0 or 1.
  case invalidBoolean(UInt8, offset: Int)
  /// An enumerator or discriminator that the type does not have.
  case invalidEnumerator(UInt32, type: String, offset: Int)
  /// A string without its terminating zero, with length zero, or with a zero inside.
  case invalidString(reason: String, offset: Int)
  /// Octets that are no characters of the transmission code set.
  case invalidCharacters(codeSet: String, offset: Int)
  /// A character that the transmission code set does not have.
  case unrepresentableCharacter(scalar: UInt32, codeSet: String)
  /// A `fixed` whose nibbles are no decimal digits, or whose sign nibble is unknown.
  case invalidFixed(offset: Int)
  /// A number outside the digits of its `fixed` type.
  case fixedOverflow(digits: Int, scale: Int)
  /// Structures nested deeper than the decoder's limit.
  case nestingTooDeep(limit: Int)
  /// Wide characters in a GIOP version that has none (CORBA 3.3, part 2, 9.3.1.6).
  case wideCharactersNeedGIOP11
  /// Wide characters to write or to read, but the peers agreed on no code set for them (CORBA 3.3, part 2, 7.10.2.6).
  case wideCharactersNotNegotiated(isWriting: Bool)
  /// Octets behind the last value of a body that should have been used up.
  case trailingOctets(count: Int, offset: Int)
  /// A dynamic value whose shape is not that of its type description.
  case valueMismatch(expected: String, found: String, path: String)

  /// Which system exception a peer is told.
  public var kind: Kind {
    switch self {
    case .invalidCharacters, .unrepresentableCharacter: .dataConversion
    case .fixedOverflow, .valueMismatch, .wideCharactersNotNegotiated: .badParameter
    default: .marshal
    }
  }
}

extension CDRError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .truncated(let needed, let available, let offset):
      "the message ends at offset \(offset): \(needed) octets needed, \(available) left"
    case .countExceedsMessage(let count, let available, let offset):
      "a length of \(count) at offset \(offset) cannot be held by the \(available) octets that follow"
    case .boundExceeded(let bound, let actual, let offset):
      "a length of \(actual) at offset \(offset) exceeds the bound \(bound) of its type"
    case .invalidBoolean(let value, let offset): "the octet \(value) at offset \(offset) is no boolean"
    case .invalidEnumerator(let value, let type, let offset): "\(value) at offset \(offset) is no enumerator of \(type)"
    case .invalidString(let reason, let offset): "the string at offset \(offset) \(reason)"
    case .invalidCharacters(let codeSet, let offset): "the octets at offset \(offset) are not valid \(codeSet)"
    case .unrepresentableCharacter(let scalar, let codeSet):
      "the character U+\(String(scalar, radix: 16, uppercase: true)) cannot be sent in \(codeSet)"
    case .invalidFixed(let offset): "the octets at offset \(offset) are no packed decimal number"
    case .fixedOverflow(let digits, let scale): "the number does not fit into fixed<\(digits),\(scale)>"
    case .nestingTooDeep(let limit): "values are nested deeper than \(limit) levels"
    case .trailingOctets(let count, let offset): "\(count) octets are left over at offset \(offset), behind the last value"
    case .wideCharactersNeedGIOP11: "GIOP 1.0 has no wide characters"
    case .wideCharactersNotNegotiated(let isWriting):
      isWriting
        ? "wide characters cannot be sent: the peer has not said that it takes them"
        : "wide characters came, but the peer has not said in which code set"
    case .valueMismatch(let expected, let found, let path): "\(path): expected \(expected), found \(found)"
    }
  }
}
