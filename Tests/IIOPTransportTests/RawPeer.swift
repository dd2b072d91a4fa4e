import CDR
import CPosix
import Glibc
import ORBCore

/// A socket below the ORB, to send what no ORB sends.
final class RawPeer {
  private let descriptor: Int32
  private var received: [UInt8] = []

  /// Connects to an endpoint.
  init(_ endpoint: Endpoint) async throws {
    var addresses = [cposix_address](repeating: cposix_address(), count: 4)
    guard cposix_resolve(endpoint.host, endpoint.port, 0, 1, &addresses, 4) > 0 else { throw Failure.noAddress }
    descriptor = cposix_connect(&addresses[0])
    guard descriptor >= 0, await ready(descriptor, POLLOUT), cposix_socket_error(descriptor) == 0 else { throw Failure.notConnected }
  }

  fileprivate init(descriptor: Int32) { self.descriptor = descriptor }

  deinit { if descriptor >= 0 { cposix_close(descriptor) } }

  enum Failure: Error { case noAddress, notConnected, nothingCame, notTaken }

  func send(_ octets: [UInt8]) async throws {
    var sent = 0
    while sent < octets.count {
      guard await ready(descriptor, POLLOUT) else { throw Failure.notTaken }
      let count = octets.withUnsafeBytes { cposix_send(descriptor, $0.baseAddress! + sent, octets.count - sent) }
      if count == -Int(EAGAIN) { continue }
      guard count > 0 else { throw Failure.notTaken }
      sent += count
    }
  }

  /// What the system takes of the octets without waiting.
  func sendWhatFits(_ octets: [UInt8]) -> Int { octets.withUnsafeBytes { max(0, cposix_send(descriptor, $0.baseAddress!, $0.count)) } }

  /// The next whole message, header included; nil where the peer has closed instead.
  func message() async throws -> (header: GIOPHeader, octets: [UInt8])? {
    while true {
      let octets = received
      if let header = try GIOPHeader.parse(octets.span.bytes, limit: 1 << 30), received.count >= header.messageSize {
        let message = Array(received[..<header.messageSize])
        received.removeFirst(header.messageSize)
        return (header, message)
      }
      guard try await more() else { return nil }
    }
  }

  /// Ends both directions at once.
  func hangUp() { _ = shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Reads until the peer closes.
  func closed() async throws -> Bool {
    while try await more() {}
    return true
  }

  private func more() async throws -> Bool {
    guard await ready(descriptor, POLLIN) else { throw Failure.nothingCame }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = cposix_receive(descriptor, &buffer, buffer.count)
    if count <= 0 { return false }
    received += buffer[..<count]
    return true
  }
}

/// Waits until a descriptor is ready, without keeping a thread from the calls under test.
private func ready(_ descriptor: Int32, _ event: Int32) async -> Bool {
  let end = ContinuousClock.now + .seconds(20)
  while ContinuousClock.now < end {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    if poll(&entry, 1, 0) == 1 { return true }
    try? await Task.sleep(for: .milliseconds(1))
  }
  return false
}

/// A listening socket below the ORB.
final class RawListener {
  let endpoint: Endpoint
  private let descriptor: Int32

  init() throws {
    var address = [cposix_address](repeating: cposix_address(), count: 1)
    guard cposix_resolve("127.0.0.1", 0, 1, 1, &address, 1) == 1 else { throw RawPeer.Failure.noAddress }
    descriptor = cposix_listen(&address[0], 16)
    endpoint = Endpoint(host: "127.0.0.1", port: UInt16(cposix_bound_port(descriptor)))
  }

  deinit { cposix_close(descriptor) }

  func accept() async throws -> RawPeer {
    guard await ready(descriptor, POLLIN) else { throw RawPeer.Failure.nothingCame }
    var address = cposix_address()
    return RawPeer(descriptor: cposix_accept(descriptor, &address))
  }
}

func connect(_ count: Int, _ endpoint: Endpoint) async throws -> [RawPeer] {
  var peers: [RawPeer] = []
  for _ in 0..<count { peers.append(try await RawPeer(endpoint)) }
  return peers
}

/// The octets of one message.
func message(_ write: (inout CDREncoder) -> Void) -> [UInt8] {
  var encoder = CDREncoder()
  write(&encoder)
  return encoder.array
}

/// A request without arguments.
func request(_ id: UInt32, _ key: ObjectKey, _ operation: String = "nop", expectsReply: Bool = true) -> [UInt8] {
  message { encoder in
    let open = encoder.beginRequest(
      id, .key(key.octets), operation: operation, responseFlags: expectsReply ? .syncWithTarget : .none, format: WireFormat())
    encoder.endMessage(open)
  }
}
