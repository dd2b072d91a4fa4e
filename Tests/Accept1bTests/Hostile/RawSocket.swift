import Foundation
import Glibc

/// A blocking socket below every ORB; used on threads of its own, never on those of tasks.
final class RawSocket {
  private let descriptor: Int32
  private var received: [UInt8] = []

  struct Failure: Error { let what: String }

  /// Connects to a port of this machine.
  ///
  /// - Parameters:
  ///   - patience: seconds to wait for octets, and for the peer to take some.
  ///   - room: octets that the system keeps for us before it takes no more from the peer; nil for as many as it likes.
  init(port: UInt16, patience: Int = 20, room: Int32? = nil) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(what: "socket: \(errno)") }
    var limit = timeval(tv_sec: patience, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    if var room { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &room, socklen_t(MemoryLayout<Int32>.size)) }
    var yes: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
    }
    if result != 0 {
      let error = errno
      Glibc.close(descriptor)
      throw Failure(what: "connect: \(error)")
    }
  }

  deinit { Glibc.close(descriptor) }

  func send(_ octets: [UInt8]) throws {
    var sent = 0
    while sent < octets.count {
      let count = octets.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress! + sent, octets.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Failure(what: "send: \(errno)") }
      sent += count
    }
  }

  /// What the system takes of the octets without waiting; nil where the peer has closed.
  func sendWhatFits(_ octets: ArraySlice<UInt8>) -> Int? {
    let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
    let count = octets.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, flags) }
    if count < 0 { return errno == EAGAIN ? 0 : nil }
    return count
  }

  /// Says that nothing more comes.
  func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Goes away without reading what has come.
  func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// The next whole message; nil where the peer has closed instead.
  func message() throws -> Message? {
    while true {
      if received.count >= 12 {
        var size = received[8..<12].reduce(0) { $0 << 8 | UInt32($1) }
        if received[6] & 1 == 1 { size = size.byteSwapped }
        let total = 12 + Int(size)
        if received.count >= total {
          let octets = Array(received[..<total])
          received.removeFirst(total)
          return try Message(octets)
        }
      }
      guard try more() else {
        guard received.isEmpty else { throw Failure(what: "closed inside of a message of which \(received.count) octets came") }
        return nil
      }
    }
  }

  /// True where the peer closes without another octet; false where it says something, or stays silent.
  func closes() -> Bool {
    guard received.isEmpty, let more = try? more() else { return false }
    return !more
  }

  private func more() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count < 0 && errno == ECONNRESET { return false }
    if count < 0 { throw Failure(what: errno == EAGAIN ? "nothing came" : "receive: \(errno)") }
    received += buffer[..<count]
    return count > 0
  }
}

/// Runs blocking code in the same task, but on a thread of its own.
func onThread<Result>(_ body: () throws -> Result) async throws -> Result {
  try await withTaskExecutorPreference(OwnThreads.shared) { try body() }
}

/// A thread for each job, so that one that blocks keeps no other waiting.
private final class OwnThreads: TaskExecutor {
  static let shared = OwnThreads()

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    Thread.detachNewThread { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}
