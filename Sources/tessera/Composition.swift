import BrokerRuntime
import CRMCore
import Identity
import InterchangeIDL
import Logging
import Mapping
import StoreAPI

/// Puts the parts together: which store, which dialects, which mapping files.
enum Composition {
  /// The store of a data folder.
  ///
  /// - Throws: `StoreError`.
  static func openStore(_ folder: DataFolder) async throws -> any Store { InMemoryStore() }

  /// The types that mapping files may name: the canonical model and the dialect of every adapter.
  static func types() -> DialectRegistry {
    var types = DialectRegistry()
    types.register(EntityKind.all.map(\.type))
    types.register(Interchange.V1.OrderVerdict.recordType)
    types.declare(entities: EntityKind.all.map(\.name))
    return types
  }

  static func mappings(_ options: CommonOptions, _ types: DialectRegistry) throws -> any MappingSource { NoMappings(types: types) }

  /// Logs of commands: warnings on the standard error.
  static func logger() -> Logger {
    var logger = Logger(label: "tessera") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = .warning
    return logger
  }
}
