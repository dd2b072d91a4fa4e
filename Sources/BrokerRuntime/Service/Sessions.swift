import InterchangeIDL
import ORBCore
import Synchronization

/// The sessions of this process: who has logged in, under which unguessable keys, and since when nobody called.
///
/// They live in memory only; after a restart a session's references answer OBJECT_NOT_EXIST, and its owner logs in again.
final class Sessions: Sendable {
  /// One log-in: a system and the objects that it may call.
  final class Session: Sendable {
    let system: String
    let keys = Mutex<[ObjectKey]>([])
    /// When the last call was, by the clock of the sessions: microseconds.
    let lastCall: Atomic<Int64>

    init(system: String, now: Int64) {
      self.system = system
      lastCall = Atomic(now)
    }
  }

  private let adapter: ObjectAdapter
  private let idleLimit: Int64
  private let greatestCount: Int
  private let greatestPerSystem: Int
  /// A session that was used since then is in use, in microseconds.
  private static let inUse: Int64 = 60_000_000
  private let now: @Sendable () -> Int64
  private let open = Mutex<[Session]>([])

  init(adapter: ObjectAdapter, idleLimit: Duration, greatestCount: Int, greatestPerSystem: Int, now: @escaping @Sendable () -> Int64) {
    self.adapter = adapter
    self.idleLimit = idleLimit.components.seconds * 1_000_000 + idleLimit.components.attoseconds / 1_000_000_000_000
    self.greatestCount = greatestCount
    self.greatestPerSystem = greatestPerSystem
    self.now = now
  }

  /// Opens a session; sessions that nobody used for too long make room. Where the system has as many as it may, the one that it did not
  /// use for longest makes room: a client that forgets to close its sessions hurts nobody but itself.
  ///
  /// - Throws: ``Interchange/V1/Refused`` where too many are open, or the system is using as many as it may.
  func open(for system: String) throws -> Session {
    expire()
    let time = now()
    let session = Session(system: system, now: time)
    let leaver = try open.withLock { open -> Session? in
      let own = open.filter { $0.system == system }
      var leaver: Session?
      if own.count >= greatestPerSystem {
        leaver = own.min { $0.lastCall.load(ordering: .relaxed) < $1.lastCall.load(ordering: .relaxed) }
        guard let oldest = leaver, time - oldest.lastCall.load(ordering: .relaxed) > Self.inUse else {
          throw Interchange.V1.Refused(
            code: "TOO_MANY_SESSIONS",
            explanation: "\(system) uses \(greatestPerSystem) sessions already; close those that are not needed with `close`")
        }
        open.removeAll { $0 === oldest }
      }
      if open.count >= greatestCount {
        throw Interchange.V1.Refused(
          code: "TOO_MANY_SESSIONS",
          explanation: "\(greatestCount) sessions are open already; close sessions with `close`, or try again when idle ones have ended")
      }
      open.append(session)
      return leaver
    }
    if let leaver { close(leaver) }
    return session
  }

  /// Makes an object of a session reachable.
  func activate<Reference: ObjectReference>(_ servant: any Servant, in session: Session, as type: Reference.Type) throws -> Reference {
    let key = adapter.newKey()
    session.keys.withLock { $0.append(key) }
    return try adapter.activate(servant, key: key, as: type)
  }

  /// Notes a call.
  ///
  /// - Throws: OBJECT_NOT_EXIST where the session ended for want of calls.
  func use(_ session: Session) throws {
    let time = now()
    if time - session.lastCall.load(ordering: .relaxed) > idleLimit {
      close(session)
      throw SystemException(.objectNotExist, message: "the session ended after it was idle for too long; log in again")
    }
    session.lastCall.store(time, ordering: .relaxed)
  }

  func close(_ session: Session) {
    for key in session.keys.withLock({ $0 }) { adapter.deactivate(key) }
    open.withLock { $0.removeAll { $0 === session } }
  }

  /// Ends the sessions that nobody used for too long.
  func expire() {
    let limit = now() - idleLimit
    for session in open.withLock({ $0.filter { $0.lastCall.load(ordering: .relaxed) < limit } }) { close(session) }
  }
}
