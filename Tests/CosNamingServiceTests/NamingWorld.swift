import CosNamingService
import ORBCore
import Synchronization
import Testing

/// A naming service inside of this process, its root context, and an object to be bound.
struct NamingWorld {
  let orb = ORB()
  let store: any NamingStore
  let service: NamingService
  let clock = TestClock()
  var root: CosNaming.NamingContextExt { service.root }

  init(_ store: any NamingStore = MemoryNamingStore(), limits: NamingLimits = NamingLimits(), access: NamingAccess = NamingAccess()) throws
  {
    self.store = store
    let clock = clock
    service = try NamingService(orb: orb, store: store, access: access, limits: limits, published: "Tessera", now: { clock.now })
  }

  /// A reference to some object; names keep references, and do not ask who is behind them.
  func object(_ key: String) -> ObjectRef { orb.reference(key: ObjectKey(key), typeID: "IDL:acme.example/Thing:1.0") }
}

/// A clock that a test turns.
final class TestClock: Sendable {
  private let time = Mutex(ContinuousClock.now)
  var now: ContinuousClock.Instant { time.withLock { $0 } }
  func advance(by duration: Duration) { time.withLock { $0 += duration } }
}

/// The name of a text such as `a/b.kind`.
func name(_ text: String) -> CosNaming.Name {
  do { return try NameText.name(of: text) } catch { preconditionFailure("\(text): \(error)") }
}

/// Expects `NotFound` with exactly this reason and rest of the name.
func expectNotFound(
  _ why: CosNaming.NamingContext.NotFoundReason, _ rest: String, _ location: SourceLocation = #_sourceLocation,
  of body: () async throws -> Void
) async {
  let error = await #expect(throws: CosNaming.NamingContext.NotFound.self, sourceLocation: location) { try await body() }
  #expect(error == .init(why: why, restOfName: name(rest)), sourceLocation: location)
}

/// Expects a system exception.
func expectRefused(
  _ kind: SystemException.Kind, _ location: SourceLocation = #_sourceLocation, of body: () async throws -> Void
) async {
  let error = await #expect(throws: SystemException.self, sourceLocation: location) { try await body() }
  #expect(error?.kind == kind, sourceLocation: location)
}
