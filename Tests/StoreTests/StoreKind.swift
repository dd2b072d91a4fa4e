import Broker
import ForeignORB
import Identity
import SQLiteStore
import StoreAPI
import Testing

/// The stores that the conformance tests run on. A new one is added here, and every test of `…ConformanceTests` holds for it.
enum StoreKind: String, CaseIterable, CustomTestStringConvertible {
  case memory
  case sqlite

  var testDescription: String { rawValue }

  /// Runs the body with a new empty store, and closes it.
  func withStore<Result>(_ body: (any Store) async throws -> Result) async throws -> Result {
    try await withTemporaryFolder { folder in
      let store: any Store =
        switch self {
        case .memory: InMemoryStore()
        case .sqlite: try SQLiteStore(path: "\(folder)/store.db")
        }
      do {
        let result = try await body(store)
        await store.close()
        return result
      } catch {
        await store.close()
        throw error
      }
    }
  }
}

extension Store {
  /// Applies the changes in a transaction of their own.
  func apply(_ changes: RowChange...) async throws { try await write { try $0.apply(changes) } }

  /// Loads what is needed on its own.
  func load(_ change: (inout Needs) -> Void) async throws -> WorkingSet {
    var needs = Needs()
    change(&needs)
    let wanted = needs
    return try await read { try $0.load(wanted) }
  }
}

/// Expects that the store refuses the changes, with the code.
func expectFailure(
  _ code: StoreError.Code, _ location: SourceLocation = #_sourceLocation, of body: () async throws -> Void
) async {
  let error = await #expect(throws: StoreError.self, sourceLocation: location) { try await body() }
  #expect(error?.code == code, sourceLocation: location)
  #expect(error?.hint.isEmpty == false, "an operator is told what to do", sourceLocation: location)
}
