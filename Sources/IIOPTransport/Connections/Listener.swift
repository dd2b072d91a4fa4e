internal import CPosix
import GIOPCore
import ORBCore
import Synchronization

/// A listening socket and the connections that came over it.
final class Listener: Channel, @unchecked Sendable {
  // Sound because the descriptor is touched on the listener's loop only; what other threads ask for is behind the lock.

  private struct State {
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    var crowd = Crowd()
    var isStopped = false
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  let port: UInt16
  private let transport: IIOPTransport
  private let orb: ORB
  private let loop: EventLoop
  private let held: HeldOctets
  private let state = Mutex(State())
  private var descriptor: Int32
  /// Given up for a moment when descriptors run out, so that the waiting connection can be accepted and closed instead of
  /// waking the loop for ever.
  private var reserve: Int32
  private var pausedUntil: UInt64 = 0

  init(transport: IIOPTransport, orb: ORB, address: cposix_address, port: UInt16, held: HeldOctets) throws {
    self.transport = transport
    self.orb = orb
    self.held = held
    loop = transport.loops[0]
    var address = address
    unsafe cposix_set_port(&address, port)
    descriptor = try SystemError.check(
      unsafe cposix_listen(&address, 1024), "listen on \(AddressResolver.describe(address))")
    self.port = UInt16(try SystemError.check(cposix_bound_port(descriptor), "find out a port"))
    reserve = cposix_eventfd_create()
  }

  func start() {
    loop.execute { [self] in
      do { try loop.add(self, descriptor, events: EventLoop.readable) } catch { stop() }
    }
  }

  var connectionCount: Int { state.withLock { $0.connections.count } }

  // MARK: - Accepting

  func becameReady(_ events: UInt32) {
    for _ in 0..<64 {
      if descriptor < 0 { return }
      var address = cposix_address()
      let socket = unsafe cposix_accept(descriptor, &address)
      if socket >= 0 {
        accepted(socket, AddressResolver.describe(address))
        continue
      }
      switch -socket {
      case EMFILE, ENFILE: refuseOne()
      case ENOBUFS, ENOMEM: return pause()
      case ECONNABORTED, EINTR, EPROTO: continue
      default: return
      }
    }
  }

  private func accepted(_ socket: Int32, _ peer: Endpoint) {
    guard makeRoom(for: peer) else {
      transport.options.didTurnAway?(peer, "all places are taken by those who are known")
      return cposix_close(socket)
    }
    _ = cposix_set_no_delay(socket)
    transport.loopForConnection().execute { [self] in
      do {
        let connection = try ServerConnection(
          orb: orb, loop: EventLoop.current(of: transport.loops), options: transport.options, held: held,
          descriptor: socket, peer: peer, didClose: { [weak self] in self?.closed($0) })
        let isLate = state.withLock { state in
          state.connections[ObjectIdentifier(connection)] = connection
          state.crowd.add(connection)
          return state.isStopped
        }
        if isLate { connection.drain() }
      } catch { cposix_close(socket) }
    }
  }

  /// Makes room for one more, in the place of a stranger.
  ///
  /// - Returns: false where there is none.
  private func makeRoom(for peer: Endpoint) -> Bool {
    let options = transport.options
    let (leaver, isRefused) = state.withLock { state -> (ServerConnection?, Bool) in
      let isFull = state.connections.count >= options.maximumConnections
      guard isFull || state.crowd.count(of: peer.host) >= options.maximumConnectionsPerAddress else { return (nil, false) }
      let leaver = options.strangersGiveWay ? state.crowd.takeStranger(of: isFull ? nil : peer.host) : nil
      // It counts no more, though its loop may take a moment to close it.
      if let leaver { state.connections[ObjectIdentifier(leaver)] = nil }
      return (leaver, leaver == nil)
    }
    if let leaver { leaver.loop.execute { leaver.turnAway("they gave way to other connections before they had logged in") } }
    return !isRefused
  }

  private func closed(_ connection: ServerConnection) {
    let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>] in
      state.connections[ObjectIdentifier(connection)] = nil
      state.crowd.remove(connection)
      guard state.isStopped, state.connections.isEmpty else { return [] }
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  /// Out of descriptors: the peer is told so by a closed connection.
  private func refuseOne() {
    if reserve < 0 { return pause() }
    cposix_close(reserve)
    var address = cposix_address()
    let socket = unsafe cposix_accept(descriptor, &address)
    if socket >= 0 { cposix_close(socket) }
    reserve = cposix_eventfd_create()
  }

  private func pause() {
    pausedUntil = loop.now + 100_000_000
    loop.change(descriptor, events: 0)
    loop.wake(at: pausedUntil)
  }

  func tick(_ now: UInt64) -> UInt64 {
    guard pausedUntil != 0 else { return .max }
    if now < pausedUntil { return pausedUntil }
    pausedUntil = 0
    if reserve < 0 { reserve = cposix_eventfd_create() }
    loop.change(descriptor, events: EventLoop.readable)
    return .max
  }

  // MARK: - Ending

  /// Accepts no more, and lets every connection end after the requests under way.
  func stop() {
    let open = state.withLock { state in
      state.isStopped = true
      return Array(state.connections.values)
    }
    loop.execute { [self] in loopStops() }
    for connection in open { connection.loop.execute { connection.drain() } }
  }

  /// Waits until all connections are closed.
  func drained() async {
    await withCheckedContinuation { continuation in
      let done = state.withLock { state in
        if state.isStopped && state.connections.isEmpty { return true }
        state.waiters.append(continuation)
        return false
      }
      if done { continuation.resume() }
    }
  }

  func closeAll() {
    for connection in state.withLock({ Array($0.connections.values) }) {
      connection.loop.execute { connection.close(GIOPError(.connectionLost, "the transport has been shut down")) }
    }
  }

  func loopStops() {
    if descriptor < 0 { return }
    loop.remove(descriptor)
    cposix_close(descriptor)
    if reserve >= 0 { cposix_close(reserve) }
    descriptor = -1
    reserve = -1
  }
}
