public import ORBCore
import Synchronization

/// Who may use the store of names, and call other servers, when: callers of names show no credentials, so that what they ask for must
/// not keep others waiting.
public protocol NamingAdmission: Sendable {
  /// Runs `body` when it is the caller's turn.
  ///
  /// - Throws: TRANSIENT where too many callers wait, or what `body` throws.
  func run<Result: Sendable>(for caller: ServerContext, _ body: () async throws -> Result) async throws -> Result
}

/// What callers have to wait for.
public struct NamingAdmissions: Sendable {
  var reads: (any NamingAdmission)?
  var writes: (any NamingAdmission)?
  /// Calls of other servers, which may take as long as ``NamingLimits/foreignCall``.
  var foreignCalls: (any NamingAdmission)?

  /// Nobody waits where nothing is given.
  public init(
    reads: (any NamingAdmission)? = nil, writes: (any NamingAdmission)? = nil, foreignCalls: (any NamingAdmission)? = nil
  ) {
    self.reads = reads
    self.writes = writes
    self.foreignCalls = foreignCalls
  }
}

/// The store of names, as callers reach it.
struct AdmittedStore: Sendable {
  let store: any NamingStore
  let admissions: NamingAdmissions

  func read<Result: Sendable>(
    for caller: ServerContext, _ body: @escaping @Sendable (any NamingReader) throws -> Result
  ) async throws -> Result {
    guard let reads = admissions.reads else { return try await store.read(body) }
    return try await reads.run(for: caller) { try await store.read(body) }
  }

  func write<Result: Sendable>(
    for caller: ServerContext, _ body: @escaping @Sendable (any NamingTransaction) throws -> Result
  ) async throws -> Result {
    guard let writes = admissions.writes else { return try await store.write(body) }
    return try await writes.run(for: caller) { try await store.write(body) }
  }
}

/// How many contexts each address has made since the process began, so that one caller does not make all that there may be.
final class ContextMakers: Sendable {
  private struct State {
    var makers: [NamingContextID: String] = [:]
    var counts: [String: Int] = [:]
  }

  private let limit: Int
  private let state = Mutex(State())

  init(limit: Int) { self.limit = limit }

  /// - Throws: IMP_LIMIT where the caller's address has made as many as one may.
  func check(_ caller: ServerContext) throws(SystemException) {
    if caller.standing == nil || state.withLock({ $0.counts[caller.peerHost] ?? 0 }) < limit { return }
    throw SystemException(
      .implementationLimit, completed: .no,
      message: "\(caller.peerHost) has made \(limit) contexts since the broker started; destroy those that are not used")
  }

  func made(_ context: NamingContextID, by caller: ServerContext) {
    state.withLock { state in
      state.makers[context] = caller.peerHost
      state.counts[caller.peerHost, default: 0] += 1
    }
  }

  func destroyed(_ context: NamingContextID) {
    state.withLock { state in
      guard let host = state.makers.removeValue(forKey: context) else { return }
      state.counts[host]! -= 1
      if state.counts[host] == 0 { state.counts[host] = nil }
    }
  }
}
