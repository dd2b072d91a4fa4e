public import CDR

extension SystemExceptionBody {
  /// How a codec's error is told to a peer, or to a caller.
  ///
  /// - Parameter completed: `no` where arguments were to be written or read, `yes` where results were; it decides which of the
  ///   standard's rules on wide characters was broken (CORBA 3.3, part 2, 7.10.2.4, 7.10.2.6 and 9.3.1.6).
  public init(_ error: CDRError, completed: CompletionStatus) {
    switch error {
    case .wideCharactersNeedGIOP11:
      self.init(
        .marshal, minor: completed == .yes ? .wideCharactersInGIOP10Reply : .wideCharactersInGIOP10Request, completed: completed)
    case .wideCharactersNotNegotiated(isWriting: true) where completed == .no:
      self.init(.invalidObjectReference, minor: .wideCodeSetNotInReference, completed: completed)
    default: self.init(SystemExceptionKind(error.kind), minor: MinorCode(error), completed: completed)
    }
  }
}

extension MinorCode {
  /// Our own minor codes have the letters of ``TaggedComponent/tesseraORBType`` in their upper 20 bits.
  private init(tessera number: UInt32) { self.init(rawValue: TaggedComponent.tesseraORBType & 0xFFFF_F000 | number) }

  /// MARSHAL: fewer octets than the value takes.
  public static let truncated = MinorCode(tessera: 1)
  /// MARSHAL: a length that says more than the rest of the message can hold.
  public static let countExceedsMessage = MinorCode(tessera: 2)
  /// MARSHAL: a string or sequence that is longer than its type allows.
  public static let boundExceeded = MinorCode(tessera: 3)
  /// MARSHAL: a boolean other than 0 and 1.
  public static let invalidBoolean = MinorCode(tessera: 4)
  /// MARSHAL: an enumerator, or discriminator, that the type does not have.
  public static let invalidEnumerator = MinorCode(tessera: 5)
  /// MARSHAL: a string with a zero inside, or without one at its end.
  public static let invalidString = MinorCode(tessera: 6)
  /// MARSHAL: a `fixed` that is no packed decimal number.
  public static let invalidFixed = MinorCode(tessera: 7)
  /// MARSHAL: values nested too deep.
  public static let nestingTooDeep = MinorCode(tessera: 8)
  /// MARSHAL: octets behind the last argument.
  public static let trailingOctets = MinorCode(tessera: 9)
  /// DATA_CONVERSION: octets that are no characters of the transmission code set.
  public static let invalidCharacters = MinorCode(tessera: 10)
  /// BAD_PARAM: a number that does not fit into its `fixed` type.
  public static let fixedOverflow = MinorCode(tessera: 11)
  /// BAD_PARAM: a dynamic value that is not of its described type.
  public static let valueMismatch = MinorCode(tessera: 12)

  init(_ error: CDRError) {
    self =
      switch error {
      case .truncated: .truncated
      case .countExceedsMessage: .countExceedsMessage
      case .boundExceeded: .boundExceeded
      case .invalidBoolean: .invalidBoolean
      case .invalidEnumerator: .invalidEnumerator
      case .invalidString: .invalidString
      case .invalidCharacters: .invalidCharacters
      case .unrepresentableCharacter: .characterNotInCodeSet
      case .invalidFixed: .invalidFixed
      case .fixedOverflow: .fixedOverflow
      case .nestingTooDeep: .nestingTooDeep
      case .trailingOctets: .trailingOctets
      case .valueMismatch: .valueMismatch
      case .wideCharactersNeedGIOP11: .wideCharactersInGIOP10Request
      case .wideCharactersNotNegotiated: .wideCodeSetNotInContext
      }
  }
}
