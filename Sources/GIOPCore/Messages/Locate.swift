public import CDR

/// The fields of a LocateRequest (CORBA 3.3, part 2, 9.4.5): does the server have this object?
public struct LocateRequestHeader: Sendable, Hashable {
  public var requestID: UInt32
  public var addressing: AddressingDisposition
  /// Where the object key stands in the message; nil if the request names a profile that is not IIOP.
  public var objectKey: Range<Int>?

  public static func decode(_ message: RawSpan, _ header: GIOPHeader) throws(CDRError) -> LocateRequestHeader {
    var decoder = CDRDecoder(message, format: header.headerFormat)
    _ = try decoder.take(GIOPHeader.size)
    let id = try decoder.decode(UInt32.self)
    let target = try LocatedTarget.decode(&decoder)
    return LocateRequestHeader(requestID: id, addressing: target.addressing, objectKey: target.objectKey)
  }
}

/// The answer to a LocateRequest (CORBA 3.3, part 2, 9.4.6).
public enum LocateAnswer: Sendable, Hashable {
  /// The server does not have the object.
  case unknownObject
  /// The server takes requests for the object.
  case objectHere
  /// Requests should go to another object; `permanently` exists in GIOP 1.2 only.
  case forward(IOR, permanently: Bool)
  /// The server failed to find out; GIOP 1.2.
  case systemException(SystemExceptionBody)
  /// The server wants the question again with another form of address; GIOP 1.2.
  case needsAddressingMode(AddressingDisposition)

  var status: UInt32 {
    switch self {
    case .unknownObject: 0
    case .objectHere: 1
    case .forward(_, let permanently): permanently ? 3 : 2
    case .systemException: 4
    case .needsAddressingMode: 5
    }
  }
}

/// A whole LocateReply, as a client reads it.
public struct LocateReplyMessage: Sendable, Hashable {
  public var requestID: UInt32
  public var answer: LocateAnswer

  public static func decode(_ message: RawSpan, _ header: GIOPHeader) throws(CDRError) -> LocateReplyMessage {
    var decoder = CDRDecoder(message, format: header.headerFormat)
    _ = try decoder.take(GIOPHeader.size)
    let id = try decoder.decode(UInt32.self)
    let status = try decoder.decode(UInt32.self)
    let answer: LocateAnswer
    switch status {
    case 0: answer = .unknownObject
    case 1: answer = .objectHere
    case 2: answer = .forward(try IOR(from: &decoder), permanently: false)
    case 3 where header.version >= .giop12: answer = .forward(try IOR(from: &decoder), permanently: true)
    case 4 where header.version >= .giop12: answer = .systemException(try SystemExceptionBody(from: &decoder))
    case 5 where header.version >= .giop12:
      let raw = try decoder.decode(Int16.self)
      guard let addressing = AddressingDisposition(rawValue: raw) else {
        throw .invalidEnumerator(UInt32(truncatingIfNeeded: raw), type: "AddressingDisposition", offset: decoder.position - 2)
      }
      answer = .needsAddressingMode(addressing)
    default: throw .invalidEnumerator(status, type: "LocateStatusType", offset: decoder.position - 4)
    }
    return LocateReplyMessage(requestID: id, answer: answer)
  }
}

extension CDREncoder {
  /// Writes a whole LocateRequest.
  public mutating func encodeLocateRequest(_ requestID: UInt32, _ target: TargetAddress, format: WireFormat) {
    let start = beginGIOP(.locateRequest, format)
    encode(requestID)
    encode(target)
    endGIOP(start)
  }

  /// Writes a whole LocateReply; its body follows the status without padding (CORBA 3.3, part 2, 9.4.6.2).
  ///
  /// Before GIOP 1.2 a permanent forward is written as an ordinary one, and what these versions cannot say as "unknown object".
  public mutating func encodeLocateReply(to requestID: UInt32, _ answer: LocateAnswer, format: WireFormat) {
    let start = beginGIOP(.locateReply, format)
    encode(requestID)
    switch (answer, format.version >= .giop12) {
    case (.forward(let reference, _), false):
      encode(2 as UInt32)
      reference.encode(into: &self)
    case (.systemException, false), (.needsAddressingMode, false): encode(0 as UInt32)
    case (_, _):
      encode(answer.status)
      switch answer {
      case .unknownObject, .objectHere: break
      case .forward(let reference, _): reference.encode(into: &self)
      case .systemException(let exception): exception.encode(into: &self)
      case .needsAddressingMode(let addressing): encode(addressing.rawValue)
      }
    }
    endGIOP(start)
  }
}
