public import CDR
import GIOPCore

// What generated stubs call. The closures do not escape and may run more than once: a call that was sent on is encoded again.

extension ObjectRef {
  /// Calls an operation and reads its result.
  ///
  /// - Parameters:
  ///   - operation: the name in IDL; `_get_x` and `_set_x` for attributes.
  ///   - arguments: writes `in` and `inout` parameters in order.
  ///   - result: reads the result, then `out` and `inout` parameters in order.
  ///   - raises: throws the declared exception with the given repository id, read from the decoder; returns for an unknown one.
  /// - Throws: a declared exception, ``CORBA/SystemException``, or `CancellationError`.
  @inlinable public nonisolated(nonsending) func invoke<Result>(
    _ operation: String,
    _ arguments: (inout CDREncoder) throws(CDRError) -> Void = { (_) throws(CDRError) in },
    result: (inout CDRDecoder) throws(CDRError) -> Result,
    raises: (String, inout CDRDecoder) throws -> Void = { _, _ in }
  ) async throws -> Result {
    let reply = try await exchange(operation, arguments)
    if reply.status == .noException {
      do { return try reply.body.read(context: orb, result) } catch { throw CORBA.SystemException(error, completed: .yes) }
    }
    throw reply.exception(operation, orb, raises)
  }

  /// Calls an operation that has no result.
  @inlinable public nonisolated(nonsending) func invoke(
    _ operation: String,
    _ arguments: (inout CDREncoder) throws(CDRError) -> Void = { (_) throws(CDRError) in },
    raises: (String, inout CDRDecoder) throws -> Void = { _, _ in }
  ) async throws {
    let reply = try await exchange(operation, arguments)
    if reply.status != .noException { throw reply.exception(operation, orb, raises) }
  }

  /// Calls a oneway operation: returns when the request has been handed to the system, and hears of no failure after that.
  public nonisolated(nonsending) func invokeOneway(
    _ operation: String, _ arguments: (inout CDREncoder) throws(CDRError) -> Void = { (_) throws(CDRError) in }
  ) async throws {
    _ = try await carry(operation, responseExpected: false, arguments)
  }

  @usableFromInline nonisolated(nonsending) func exchange(
    _ operation: String, _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply {
    guard let reply = try await carry(operation, responseExpected: true, arguments) else {
      throw CORBA.SystemException(.internalError, completed: .maybe, message: "a call that expects a reply came back without one")
    }
    return reply
  }

  private nonisolated(nonsending) func carry(
    _ operation: String, responseExpected: Bool, _ arguments: (inout CDREncoder) throws(CDRError) -> Void
  ) async throws -> IncomingReply? {
    guard let orb else {
      throw CORBA.SystemException(.badInvocationOrder, message: "the reference belongs to no ORB; use bound(to:) before calling it")
    }
    guard let observer = orb.observer else {
      return try await orb.carry(operation, to: self, responseExpected: responseExpected, arguments)
    }
    let started = ContinuousClock.now
    do {
      let reply = try await orb.carry(operation, to: self, responseExpected: responseExpected, arguments)
      observer.callFinished(operation: operation, target: self, status: reply?.status, duration: ContinuousClock.now - started)
      return reply
    } catch {
      observer.callFinished(operation: operation, target: self, status: .systemException, duration: ContinuousClock.now - started)
      throw error
    }
  }
}

extension IncomingReply {
  /// The error that a reply other than a result means.
  @usableFromInline func exception(
    _ operation: String, _ orb: ORB?, _ raises: (String, inout CDRDecoder) throws -> Void
  ) -> any Error {
    do {
      switch status {
      case .userException: break
      case .systemException:
        return CORBA.SystemException(
          try body.read { (decoder) throws(CDRError) in try SystemExceptionBody(from: &decoder) }, message: "answered to \(operation)")
      default:
        return CORBA.SystemException(.marshal, completed: .maybe, message: "\(operation) was answered with the status \(status)")
      }
      let id = try body.readAny(context: orb) { decoder in
        let id = try decoder.decode(String.self, bound: 4096)
        try raises(id, &decoder)
        return id
      }
      return CORBA.SystemException(
        .unknown, minor: .unlistedUserException, completed: .yes,
        message: "\(operation) was answered with the exception \(id), which it does not declare")
    } catch let error as CDRError { return CORBA.SystemException(error, completed: .yes) } catch { return error }
  }
}
