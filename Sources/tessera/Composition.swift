import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import Logging
import Mapping
import ORBCore
import SQLiteStore
import SampleERPAdapter
import SampleERPIDL
import StoreAPI

/// Puts the parts together: which store, which dialects, which mapping files, which adapters.
enum Composition {
  /// The store of a data folder.
  ///
  /// - Throws: `StoreError`.
  static func openStore(_ folder: DataFolder) async throws -> any Store { try SQLiteStore(path: folder.storeFile) }

  /// The types that mapping files may name: the canonical model and the dialect of every adapter.
  static func types() -> DialectRegistry {
    var types = DialectRegistry()
    types.register(CanonicalDialect.types.values.sorted { $0.name < $1.name })
    types.register(
      [
        SampleERP.UnitOfMeasure.recordType, SampleERP.ItemGroup.recordType, SampleERP.Item.recordType, SampleERP.Debtor.recordType,
        SampleERP.SalesOrder.recordType, SampleERP.OrderConfirmation.recordType, SampleERP.CreditAccount.recordType,
        SampleERP.OpenItem.recordType, SampleERP.CreditEnquiry.recordType, SampleERP.CreditReply.recordType,
      ], dialect: SampleERPDialect.name)
    types.declare(entities: EntityKind.all.map(\.name))
    return types
  }

  /// The type in which records of a mapping's source type are kept: rows of CSV files have one for all.
  static func type(named name: String, _ types: DialectRegistry) -> RecordType? {
    CSVRow.isTypeName(name) ? CSVRow.type : types.type(named: name)
  }

  /// The mapping files in use.
  ///
  /// - Throws: ``Refusal`` where one is wrong, ``InfrastructureFailure`` where there are none.
  static func mappings(_ options: CommonOptions, _ types: DialectRegistry) throws -> any MappingSource {
    try FileMappings(folders: try options.mappings.map { [$0] } ?? Installation.mappingFolders(), types: types)
  }

  /// The adapter of a system; nil where we call nothing.
  @Sendable static func adapter(_ system: SystemRow, _ orb: ORB) throws -> (any Adapter)? {
    switch AdapterKind(rawValue: system.adapter) {
    case .inbound: nil
    case .orderDesk: OrderDeskAdapter(reference: try ObjectRef(stringified: system.reference, orb: orb))
    case .sampleERP: try SampleERPAdapter(books: try ObjectRef(stringified: system.reference, orb: orb))
    case nil:
      throw InfrastructureFailure("ADAPTER_UNKNOWN", "this release has no adapter \"\(system.adapter)\", which \(system.name) needs")
    }
  }

  /// Logs to the standard error; commands log warnings alone.
  static func logger(_ level: Logger.Level = .warning) -> Logger {
    var logger = Logger(label: "tessera") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    return logger
  }
}
