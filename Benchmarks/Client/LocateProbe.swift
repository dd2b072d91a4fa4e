import CDR
import CPosix
import Glibc
import ORBCore

/// A connection of its own, below the ORB: asks with a GIOP 1.0 LocateRequest whether an object is there.
final class LocateProbe {
  private let descriptor: Int32

  /// Connects; nil if that fails.
  init?(_ profile: IIOPProfile) {
    var addresses = [cposix_address](repeating: cposix_address(), count: 4)
    guard cposix_resolve(profile.address.host, profile.address.port, 0, 0, &addresses, 4) > 0 else { return nil }
    descriptor = cposix_connect(&addresses[0])
    guard descriptor >= 0 else { return nil }
    guard ready(POLLOUT), cposix_socket_error(descriptor) == 0 else { return nil }
  }

  deinit { if descriptor >= 0 { cposix_close(descriptor) } }

  /// True if the server answers that it has the object.
  func finds(_ key: [UInt8], requestID: UInt32) -> Bool {
    var encoder = CDREncoder()
    encoder.encodeLocateRequest(requestID, .key(key), format: WireFormat(version: .giop10))
    let octets = encoder.array
    guard ready(POLLOUT), cposix_send(descriptor, octets, octets.count) == octets.count else { return false }
    var received: [UInt8] = []
    while true {
      if let header = try? GIOPHeader.parse(received.span.bytes, limit: 1 << 16), received.count >= header.messageSize {
        guard header.type == .locateReply, let reply = try? LocateReplyMessage.decode(received.span.bytes, header) else { return false }
        return reply.requestID == requestID && reply.answer == .objectHere
      }
      var buffer = [UInt8](repeating: 0, count: 1024)
      guard ready(POLLIN) else { return false }
      let count = cposix_receive(descriptor, &buffer, buffer.count)
      guard count > 0 else { return false }
      received += buffer[..<count]
    }
  }

  private func ready(_ event: Int32) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(event), revents: 0)
    return poll(&entry, 1, 10_000) == 1
  }
}
