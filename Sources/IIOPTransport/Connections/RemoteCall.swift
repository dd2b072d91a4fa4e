import CDR
import GIOPCore
import ORBCore
import Synchronization

/// A call from a thread other than its connection's: the arguments are encoded on the caller's thread, the rest happens on the loop.
final class RemoteCall: Sendable {
  private let call: OutgoingCall
  private let connection: ClientConnection
  private let arguments: EncodedBody
  private let state = Mutex(State.waiting)

  private enum State {
    case waiting
    case sent((slot: Int, id: UInt32, format: WireFormat))
    case cancelled
  }

  init(_ call: OutgoingCall, _ connection: ClientConnection, _ arguments: (inout CDREncoder) throws(CDRError) -> Void) throws {
    self.call = call
    self.connection = connection
    let format = connection.remoteFormat(call)
    var encoder = CDREncoder(format: format, alignedAt: Self.alignment(call, connection, format))
    do { try arguments(&encoder) } catch { throw CORBA.SystemException(error, completed: .no) }
    self.arguments = EncodedBody(encoder)
  }

  /// Where the arguments will stand, modulo 8: in GIOP 1.2 always at a multiple of 8, else behind a header whose length is known.
  private static func alignment(_ call: OutgoingCall, _ connection: ClientConnection, _ format: WireFormat) -> Int {
    if format.version >= .giop12 { return 0 }
    var header = CDREncoder(format: format)
    _ = header.beginRequest(
      0, call.target, operation: call.operation, serviceContexts: connection.remoteContexts(format.version), format: format)
    return header.count % 8
  }

  nonisolated(nonsending) func exchange() async throws -> IncomingReply? {
    guard call.responseExpected else {
      try await suspend { (waiting: Waiting<Void>) in
        connection.loop.submit { [self] in sendOneway(waiting) }
      }
      return nil
    }
    return try await withTaskCancellationHandler {
      try await suspend { waiting in
        connection.loop.submit { [self] in send(waiting) }
      }
    } onCancel: {
      connection.loop.submit { [self] in cancel() }
    }
  }

  private func sendOneway(_ sender: Waiting<Void>) {
    do {
      _ = try connection.send(call, copying: arguments)
      if connection.acceptsMore() { sender.resume(returning: ()) } else { connection.waitForRoom(sender) }
    } catch { sender.resume(throwing: error) }
  }

  private func send(_ waiting: Waiting<IncomingReply>) {
    if case .cancelled = state.withLock({ $0 }) { return waiting.resume(throwing: CancellationError()) }
    do {
      guard let ticket = try connection.send(call, copying: arguments) else { return }
      state.withLock { $0 = .sent(ticket) }
      connection.wait(ticket, waiting, timeout: call.timeout, isLocal: false)
    } catch { waiting.resume(throwing: error) }
  }

  private func cancel() {
    let ticket = state.withLock { state -> (slot: Int, id: UInt32, format: WireFormat)? in
      if case .sent(let ticket) = state { return ticket }
      state = .cancelled
      return nil
    }
    if let ticket { connection.cancel(ticket) }
  }
}
