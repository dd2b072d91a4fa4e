import Broker
import COpenSSL
import ORBCore
import StoreAPI
import Synchronization

/// Finds out who logs in, without anything else having to wait for that.
///
/// Hashing a secret is slow on purpose, and a stranger may ask for it as often as he likes. So it has a thread of its own, few wait for
/// it, and addresses take turns, as ``FairQueue`` says. A secret that was right once is known again without hashing: who has logged in
/// before does not stand in line behind strangers.
final class LoginDesk: Sendable {
  /// How much at once: hashing keeps one processor busy and takes 16 MiB.
  struct Limits: Sendable {
    /// Log-ins that wait for the thread: about 50 ms each.
    var waiting = FairQueue.Limits(all: 64, perHost: 32, perConnection: 2)
    /// Octets of a name and of a secret; longer ones are wrong.
    var nameOctets = 255
    var secretOctets = 1_024
  }

  private let store: any Store
  private let limits: Limits
  private let admission: Admission
  private let thread = OwnThread()
  /// By system: what its secret was hashed to when it was right, and a digest of it with a key that only this process knows.
  private let known = Mutex<[String: (hash: String, digest: [UInt8])]>([:])
  private let key = Secrets.random(32)

  /// Spent on unknown systems too, so that the time of an answer does not tell which names exist.
  private static let unknownHash = Secrets.hash(Secrets.make())

  init(store: any Store, limits: Limits = Limits()) {
    self.store = store
    self.limits = limits
    admission = Admission(atOnce: 1, waiting: limits.waiting)
  }

  /// The active system whose secret this is; nil for any other.
  ///
  /// - Throws: ``Admission/Full``, `CancellationError` where nobody waits any more, `StoreError`.
  func system(named name: String, secret: String, _ context: ServerContext) async throws -> SystemRow? {
    guard name.utf8.count <= limits.nameOctets, secret.utf8.count <= limits.secretOctets else { return nil }
    let digest = Secrets.sha256(key + Array(secret.utf8))
    if let earlier = known.withLock({ $0[name] }), CRYPTO_memcmp(earlier.digest, digest, digest.count) == 0 {
      let row = try await store.read { try $0.system(named: name) }
      if let row, row.state == .active, row.secretHash == earlier.hash { return row }
    }
    return try await admission.run(for: context) {
      let row = try await store.read { try $0.system(named: name) }
      let hash = row?.secretHash ?? Self.unknownHash
      guard await thread.run({ Secrets.verify(secret, against: hash) }), let row, row.state == .active else { return nil }
      known.withLock { $0[name] = (hash, digest) }
      return row
    }
  }
}
