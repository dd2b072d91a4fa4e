import CDR
internal import CPosix
import GIOPCore
import ORBCore
import Synchronization

/// What both ends of a GIOP connection have in common: receiving into buffers, sending in batches, waiting times.
///
/// Octets are received into the loop's shared buffer; only a message that has not arrived in full moves to a buffer of its own,
/// which grows as octets arrive, whatever size the message states.
class SocketConnection: Channel, @unchecked Sendable {
  // Sound because a connection is touched on its loop's thread only, except for the constants and atomics.

  /// What the handling of received octets ended with.
  enum Progress {
    /// Octets are missing; the message at hand has `total`.
    case needsMore(total: Int)
    /// The rest must wait, since too much is under way.
    case paused
    /// The connection is closed or about to be: the rest is of no interest.
    case ended
  }

  let loop: EventLoop
  let options: IIOPOptions
  let held: HeldOctets
  let peer: Endpoint
  /// Who is known goes first where room is scarce; a peer that we called ourselves is.
  let standing: PeerStanding
  private(set) var descriptor: Int32

  /// What is to be sent, from `sent` on.
  var output = CDREncoder(capacity: 4096)
  private var sent = 0
  private var isDirty = false
  private var watched: UInt32
  /// When sending stalled; 0 while it does not.
  private var stalledSince: UInt64 = 0

  /// A message that has not arrived in full, or octets behind a pause.
  private var partial: OctetBuffer?
  private var partialCount = 0
  private var partialTotal = 0
  /// What has been counted of messages in either direction.
  private var heldArriving = 0
  private var heldLeaving = 0
  /// When the first octet of the unfinished message arrived; 0 while there is none.
  private var partialSince: UInt64 = 0
  private var fragments = FragmentWatch()

  private var isPaused = false
  /// True once the peer has been seen to send no more, behind what is still unread.
  private(set) var peerHasFinished = false
  private enum Closing { case open, flushing, lingering, closed }
  private var closing = Closing.open
  private var lingerUntil: UInt64 = 0
  /// When the last message arrived, or the last reply left.
  var activeAt: UInt64

  init(loop: EventLoop, options: IIOPOptions, held: HeldOctets, descriptor: Int32, peer: Endpoint, events: UInt32, standing: PeerStanding) {
    self.loop = loop
    self.options = options
    self.held = held
    self.descriptor = descriptor
    self.peer = peer
    self.standing = standing
    watched = events
    activeAt = loop.now
    if let idle = idleTimeout { loop.wake(at: activeAt + idle.nanoseconds) }
  }

  // MARK: - For the two ends

  /// Handles octets that start with a message.
  ///
  /// - Parameters:
  ///   - buffer: where the octets stand, from `start` to `end`.
  ///   - start: moved behind what has been handled.
  func handle(_ buffer: OctetBuffer, _ start: inout Int, end: Int) -> Progress { preconditionFailure("for subclasses") }
  /// The connection is gone; called once.
  func ended(_ reason: GIOPError) {}
  /// Octets of messages in fragments.
  var fragmentOctets: Int { 0 }
  /// The number of the oldest message in fragments.
  var oldestFragments: Int? { nil }
  /// Whether it is the peer who makes us send, so that what it does not take counts as held for it.
  var sendsForPeer: Bool { false }
  /// Whether a request is under way, so that the connection is not idle.
  var isBusy: Bool { false }
  /// What the end wants to watch beside the rest; when to look again.
  func tickMore(_ now: UInt64) -> UInt64 { .max }
  /// A socket that was being connected has become writable.
  func connected() {}
  /// An idle connection is to be closed in an orderly way.
  func closeIdle() { close(GIOPError(.connectionLost, "the connection was idle")) }

  var isClosed: Bool { closing == .closed }
  /// True until the connection is closed or about to be.
  var isUsable: Bool { closing == .open }
  /// Octets that wait to be sent.
  var pendingOutput: Int { output.count - sent }

  // MARK: - Receiving

  func becameReady(_ events: UInt32) {
    if events & EventLoop.writable != 0 {
      connected()
      flush()
    }
    if closing == .closed { return }
    if events & (EventLoop.readable | EventLoop.broken) != 0 {
      if isPaused && events & EventLoop.broken != 0 { return close(GIOPError(.connectionLost, "\(peer) has gone")) }
      receive()
    } else if events & EventLoop.peerFinished != 0 {
      peerHasFinished = true
      resumeReceiving()
    }
  }

  private func receive() {
    // A peer that sends without pause must not keep the other connections waiting, while a long message should come in quickly.
    for _ in 0..<16 {
      if isPaused || closing == .closed { break }
      if closing != .open { return discard() }
      let buffer: OctetBuffer
      let start: Int
      if let own = roomForPartial() {
        buffer = own
        start = partialCount
      } else {
        buffer = loop.receiveBuffer()
        start = 0
      }
      let room = buffer.capacity - start
      let count = unsafe cposix_receive(descriptor, buffer.base + start, room)
      if count == 0 { return close(GIOPError(.connectionLost, "\(peer) closed the connection")) }
      if count < 0 {
        if count == -Int(EAGAIN) || count == -Int(EINTR) { break }
        return close(GIOPError(.connectionLost, "\(peer): \(SystemError(code: Int32(-count), action: "receive"))"))
      }
      activeAt = loop.now
      received(buffer, start + count)
      if count < room { break }
    }
    flush()
  }

  /// Handles the octets of a buffer and keeps what is left of them.
  private func received(_ buffer: OctetBuffer, _ end: Int) {
    var position = 0
    let progress = handle(buffer, &position, end: end)
    if closing != .open { return dropPartial() }
    var total = 0
    switch progress {
    case .ended: return dropPartial()
    case .paused: pause()
    case .needsMore(let size): total = size
    }
    keep(buffer, position, end, total: max(total, end - position))
  }

  /// The buffer of the unfinished message with room for more, or nil if there is none.
  private func roomForPartial() -> OctetBuffer? {
    guard let buffer = partial, partialCount > 0 else { return nil }
    if partialCount < buffer.capacity { return buffer }
    // Full: the message is longer than what has been taken for it so far. Memory follows the octets, not the announcement.
    let larger = OctetBuffer(capacity: min(max(partialTotal, partialCount + 512), max(2 * buffer.capacity, Self.smallestBuffer)))
    unsafe larger.base.copyMemory(from: buffer.base, byteCount: partialCount)
    partial = larger
    return larger
  }

  private func keep(_ buffer: OctetBuffer, _ start: Int, _ end: Int, total: Int) {
    let count = end - start
    if count == 0 {
      dropPartial()
    } else if buffer === partial && start == 0 {
      partialCount = count
      partialTotal = total
    } else {
      let own = OctetBuffer(capacity: min(total, max(2 * count, Self.smallestBuffer)))
      unsafe own.base.copyMemory(from: buffer.base + start, byteCount: count)
      partial = own
      partialCount = count
      partialTotal = total
      partialSince = loop.now
    }
    accountPartial()
  }

  private func dropPartial() {
    partial = nil
    partialCount = 0
    partialTotal = 0
    partialSince = 0
    accountPartial()
  }

  private static let smallestBuffer = HeldOctets.much

  private func accountPartial() {
    if partialSince == 0 && partialCount > 0 { partialSince = loop.now }
    if partialSince != 0 { loop.wake(at: partialSince + options.messageTimeout.nanoseconds) }
    let octets = fragmentOctets
    if octets > 0 || fragments.since != 0 {
      fragments.look(oldestFragments, loop.now)
      if fragments.since != 0 { loop.wake(at: fragments.since + options.messageTimeout.nanoseconds) }
    }
    account(arriving: (partial?.capacity ?? 0) + octets, leaving: heldLeaving)
  }

  /// Counts what this connection holds together with what all others do.
  private func account(arriving: Int, leaving: Int) {
    let before = heldArriving + heldLeaving
    (heldArriving, heldLeaving) = (arriving, leaving)
    if arriving + leaving == before { return }
    relieve(held.change(self, from: before, to: arriving + leaving))
  }

  // MARK: - Back pressure

  private func pause() {
    isPaused = true
    watch()
  }

  /// Goes on with what was left behind a pause, then with receiving.
  func resumeReceiving() {
    guard isPaused, closing == .open else { return }
    isPaused = false
    watch()
    // The peer does not answer for the time in which nobody read.
    if partialSince != 0 { partialSince = loop.now }
    fragments.goOn(loop.now)
    if let buffer = partial, partialCount > 0 { received(buffer, partialCount) }
    flush()
  }

  /// A socket that has been connected is watched for octets only.
  func watchReadable() { watch() }

  private func watch() {
    // Who is not read from still has to be seen going.
    var events: UInt32 = isPaused ? EventLoop.peerFinished : EventLoop.readable
    if pendingOutput > 0 && stalledSince != 0 { events |= EventLoop.writable }
    if events == watched || closing == .closed { return }
    watched = events
    loop.change(descriptor, events: events)
  }

  // MARK: - Sending

  /// Sends what is waiting at the end of the loop's turn, together with what is added until then.
  func sendLater() {
    if isDirty { return }
    isDirty = true
    loop.flushLater(self)
  }

  func flush() {
    isDirty = false
    if closing == .closed || closing == .lingering { return }
    while sent < output.count {
      let count = unsafe output.bytes.withUnsafeBytes { octets in
        unsafe cposix_send(descriptor, octets.baseAddress! + sent, octets.count - sent)
      }
      if count < 0 {
        if count == -Int(EAGAIN) || count == -Int(EINTR) {
          if stalledSince == 0 {
            stalledSince = loop.now
            loop.wake(at: stalledSince + options.messageTimeout.nanoseconds)
          }
          compactOutput()
          account(arriving: heldArriving, leaving: sendsForPeer ? output.count : 0)
          return watch()
        }
        return close(GIOPError(.connectionLost, "\(peer): \(SystemError(code: Int32(-count), action: "send"))"))
      }
      sent += count
      if stalledSince != 0 { stalledSince = loop.now }
    }
    sent = 0
    // One huge reply must not leave its memory with the connection for ever.
    if output.count > 256 << 10 { output = CDREncoder(capacity: 4096) } else { output.removeAll() }
    let stalled = stalledSince != 0
    stalledSince = 0
    if stalled { account(arriving: heldArriving, leaving: 0) }
    if closing == .flushing { return linger() }
    if stalled { watch() }
    if isPaused && mayResume { resumeReceiving() }
    outputDrained()
  }

  /// Everything has been sent.
  func outputDrained() {}

  /// Whether a pause is over.
  var mayResume: Bool { pendingOutput < options.pausingOutput / 2 }

  /// Gives back the memory of what has been sent, while much is still waiting.
  private func compactOutput() {
    guard sent > 1 << 20, sent > output.count / 2 else { return }
    var rest = CDREncoder(capacity: output.count - sent + 4096)
    rest.append(raw: output.bytes.extracting(droppingFirst: sent))
    output = rest
    sent = 0
  }

  // MARK: - Ending

  /// Closes once everything has been sent, and so that the peer can read it.
  func closeAfterFlush(_ reason: GIOPError) {
    guard closing == .open else { return }
    closing = .flushing
    dropPartial()
    ended(reason)
    accountPartial()  // the fragments are gone only now
    isPaused = false
    watch()
    sendLater()
  }

  /// Closing at once while octets of the peer are unread would reset the connection and could destroy our last message on its
  /// way: so say that nothing more comes, and wait a little for the peer's end.
  private func linger() {
    closing = .lingering
    cposix_shut_down_sending(descriptor)
    lingerUntil = loop.now + 2_000_000_000
    loop.wake(at: lingerUntil)
    discard()
  }

  private func discard() {
    let buffer = loop.receiveBuffer()
    for _ in 0..<16 {
      let count = unsafe cposix_receive(descriptor, buffer.base, buffer.capacity)
      if count == -Int(EAGAIN) { return }
      if count <= 0 { return close(GIOPError(.connectionLost, "closed")) }
    }
  }

  /// Closes at once.
  func close(_ reason: GIOPError) {
    if closing == .closed { return }
    let tells = closing == .open
    closing = .closed
    dropPartial()
    loop.remove(descriptor)
    cposix_close(descriptor)
    descriptor = -1
    output = CDREncoder(capacity: 16)
    sent = 0
    account(arriving: heldArriving, leaving: 0)
    if tells { ended(reason) }
    accountPartial()
    finallyClosed()
  }

  /// The descriptor is gone; called once, after ``ended(_:)``.
  func finallyClosed() {}

  func loopStops() { close(GIOPError(.connectionLost, "the transport has been shut down")) }

  // MARK: - Waiting times

  func tick(_ now: UInt64) -> UInt64 {
    var next = UInt64.max
    func look(_ deadline: UInt64, _ action: () -> Void) {
      if closing == .closed { return }
      if now >= deadline { action() } else { next = min(next, deadline) }
    }
    let patience = options.messageTimeout.nanoseconds
    if closing == .lingering {
      look(lingerUntil) { close(GIOPError(.connectionLost, "closed")) }
      return next
    }
    if partialSince != 0 && !isPaused {
      look(partialSince + patience) {
        close(GIOPError(.connectionLost, "\(peer) took longer than \(options.messageTimeout) for a message"))
      }
    }
    if fragments.since != 0 && !isPaused {
      look(fragments.since + patience) {
        close(GIOPError(.connectionLost, "\(peer) took longer than \(options.messageTimeout) for a message in fragments"))
      }
    }
    if stalledSince != 0 {
      look(stalledSince + patience) { close(GIOPError(.connectionLost, "\(peer) took nothing off the wire for \(options.messageTimeout)")) }
    }
    if let idle = idleTimeout {
      if isBusy { activeAt = now }
      look(activeAt + idle.nanoseconds) { closeIdle() }
    }
    if closing != .closed { next = min(next, tickMore(now)) }
    return closing == .closed ? .max : next
  }
}
