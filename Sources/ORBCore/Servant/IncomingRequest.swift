public import CDR
public import GIOPCore

/// A request on its way to a servant.
public struct IncomingRequest: Sendable {
  public let context: ServerContext
  @inlinable public var operation: String { context.operation }

  public init(_ context: ServerContext) { self.context = context }

  /// Reads the arguments, which must use up the whole body.
  ///
  /// - Throws: MARSHAL or DATA_CONVERSION, not carried out, since the servant has not been reached.
  @inlinable public func arguments<Arguments>(
    _ read: (inout CDRDecoder) throws(CDRError) -> Arguments
  ) throws(CORBA.SystemException) -> Arguments {
    do {
      return try context.body.read(context: context.orb) { (decoder) throws(CDRError) in
        let arguments = try read(&decoder)
        if decoder.remaining > 0 { throw IncomingRequest.leftOver(decoder.remaining, at: decoder.position) }
        return arguments
      }
    } catch { throw CORBA.SystemException(error, completed: .no) }
  }

  /// Checks that the operation was sent without arguments.
  @inlinable public func noArguments() throws(CORBA.SystemException) {
    if context.body.count > 0 { throw CORBA.SystemException(Self.leftOver(context.body.count, at: 0), completed: .no) }
  }

  /// What a dispatcher throws for an operation that its interface does not have.
  public func unknownOperation(of repositoryID: String) -> CORBA.SystemException {
    CORBA.SystemException(
      .badOperation, minor: .unknownOperation, completed: .no, message: "\(repositoryID) has no operation \"\(operation)\"")
  }

  /// The answer of an operation without result.
  @inlinable public func reply() -> Reply { Reply(.noException) }

  /// The answer of an operation with a result: what `write` encodes, in the byte order and code set of the request.
  ///
  /// - Throws: MARSHAL or DATA_CONVERSION, carried out, where the result cannot be encoded.
  @inlinable public func reply(
    _ write: (inout CDREncoder) throws(CDRError) -> Void
  ) throws(CORBA.SystemException) -> Reply {
    var encoder = CDREncoder(format: context.body.format)
    do { try write(&encoder) } catch { throw CORBA.SystemException(error, completed: .yes) }
    return Reply(.noException, EncodedBody(encoder))
  }

  /// The answer that raises a declared exception.
  @inlinable public func raise<Exception: UserException>(_ exception: Exception) throws(CORBA.SystemException) -> Reply {
    var encoder = CDREncoder(format: context.body.format)
    do {
      try encoder.encode(Exception.repositoryID)
      try exception.encode(into: &encoder)
    } catch { throw CORBA.SystemException(error, completed: .yes) }
    return Reply(.userException, EncodedBody(encoder))
  }

  @usableFromInline static func leftOver(_ count: Int, at offset: Int) -> CDRError {
    .trailingOctets(count: count, offset: offset)
  }
}
