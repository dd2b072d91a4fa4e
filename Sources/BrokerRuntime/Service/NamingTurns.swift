import CosNamingService
import ORBCore

/// Lets callers at the store of names in turn, where nobody knows them: who has logged in over the same connection does not wait.
struct NamingTurns: NamingAdmission {
  private let admission: Admission

  private init(atOnce: Int) {
    // One connection never has more under way than its transport reads, so that it waits and is not refused.
    admission = Admission(atOnce: atOnce, waiting: FairQueue.Limits(all: 1_024, perHost: 512, perConnection: 256))
  }

  /// Reads leave a thread of the store to those who are known; writes share their transactions, so that many at once are no burden; calls
  /// of other servers mostly wait.
  static func admissions() -> NamingAdmissions {
    NamingAdmissions(reads: Self(atOnce: 1), writes: Self(atOnce: 64), foreignCalls: Self(atOnce: 16))
  }

  func run<Result: Sendable>(for caller: ServerContext, _ body: () async throws -> Result) async throws -> Result {
    guard let standing = caller.standing, !standing.isKnown else { return try await body() }
    do { return try await admission.run(for: caller, body) } catch is Admission.Full {
      throw SystemException(
        .transient, minor: .requestDiscarded, completed: .no, message: "too many callers wait for names; try again in a moment")
    }
  }
}
