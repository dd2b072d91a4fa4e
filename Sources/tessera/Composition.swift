import Broker
import BrokerRuntime
import CDR
import CRMCore
import ConfigurationFile
import EAIGateway
import Identity
import InterchangeIDL
import Logging
import Mapping
import ORBCore
import SQLiteStore
import SampleERPAdapter
import SampleERPIDL
import StoreAPI
import U8EAIAdapter
import U8EAIChannel
import XMLStream

/// Puts the parts together: which store, which dialects, which mapping files, which adapters.
enum Composition {
  /// What a store is opened for.
  enum StoreUse {
    /// By the process that serves: a store of an earlier release is brought up to date, and what can be made anew is.
    case serving
    /// By a command: a store of an earlier release is brought up to date unless a process serves it.
    case command
    /// To look at it: nothing is changed.
    case looking
  }

  /// The store of a data folder; what was changed to open it is logged.
  ///
  /// - Throws: `StoreError`, ``InfrastructureFailure`` where the folder is full and its database empty.
  static func openStore(_ folder: DataFolder, for use: StoreUse = .command) async throws -> any Store {
    try folder.refuseEmptyDatabase()
    var options = SQLiteStore.Options()
    options.changesSchema = use == .serving
    options.create = use != .looking
    let store: SQLiteStore
    do { store = try SQLiteStore(path: folder.storeFile, options: options) } catch let error as StoreError where error.code == .olderSchema
    {
      if use != .command || ServeLock.isHeld(folder) { throw error }
      options.changesSchema = true
      store = try SQLiteStore(path: folder.storeFile, options: options)
    }
    let log = logger()
    for note in store.openingNotes { log.warning("the database was changed", metadata: ["what": "\(note)"]) }
    return store
  }

  /// What broker.xml in the data folder says, or said when the `serve` that runs has read it; all defaults where there is none.
  ///
  /// - Throws: ``Refusal`` with everything that is wrong with it.
  static func configuration(_ options: CommonOptions) throws -> BrokerConfiguration {
    try configuration(try ServedConfiguration.octets(options.data, besideServe: true), options)
  }

  /// - Parameter octets: those of broker.xml; nil where there is none.
  static func configuration(_ octets: [UInt8]?, _ options: CommonOptions) throws -> BrokerConfiguration {
    guard let octets else { return BrokerConfiguration() }
    do throws(ConfigurationFaults) {
      return try BrokerConfiguration(octets, file: ServedConfiguration.file(in: options.data))
    } catch { throw Refusal(error) }
  }

  /// What steps obey: what broker.xml says, and the forms in which ids are stored.
  ///
  /// - Parameter settling: brings what is stored to the forms that broker.xml declares, as far as that changes no id; the rest is logged.
  static func policies(_ configuration: BrokerConfiguration, _ store: any Store, settling: Bool) async throws -> StepPolicies {
    let declared = configuration[IdentitySection.self].rows
    if settling, try await !store.read({ try IdentityForms.pending(declared, $0).isEmpty }) {
      let (applied, left) = try await store.write { transaction in
        try IdentityForms.apply(
          IdentityForms.pending(declared, transaction), quietly: true, who: "broker", reason: "declared in \(BrokerConfiguration.fileName)",
          at: SystemClock.microseconds(), transaction)
      }
      let log = logger()
      for effect in applied where !effect.changed.isEmpty {
        log.warning("ids are written otherwise", metadata: ["of": "\(effect.row.scope)", "count": "\(effect.changed.count)"])
      }
      for effect in left {
        log.warning(
          "a form does not hold yet, since stored ids would change: `tessera identity forms apply --dry-run` shows them",
          metadata: ["of": "\(effect.row.scope)", "form": "\(effect.row.form.text)", "count": "\(effect.changed.count)"])
      }
    }
    var policies = configuration.stepPolicies
    policies.obey(try await store.read { try $0.forms() })
    return policies
  }

  /// The types that mapping files may name: the canonical model and the dialect of every adapter.
  ///
  /// - Parameter catalogue: the documents that the gateway takes, where they are known already: then their records are of the very types
  ///   that mappings read, and need not be compared with them one by one.
  /// - Throws: ``Refusal`` where the description of a dialect is wrong.
  static func types(_ files: FilesInUse, _ catalogue: DialectCatalogue? = nil) throws -> DialectRegistry {
    var types = DialectRegistry()
    types.register(CanonicalDialect.types.values.sorted { $0.name < $1.name })
    types.register(
      [
        SampleERP.UnitOfMeasure.recordType, SampleERP.ItemGroup.recordType, SampleERP.Item.recordType, SampleERP.Debtor.recordType,
        SampleERP.SalesOrder.recordType, SampleERP.OrderConfirmation.recordType, SampleERP.CreditAccount.recordType,
        SampleERP.OpenItem.recordType, SampleERP.CreditEnquiry.recordType, SampleERP.CreditReply.recordType, SampleERP.OrderNews.recordType,
        SampleERP.PriceGroup.recordType, SampleERP.PriceRow.recordType, SampleERP.StockRow.recordType,
      ], dialect: SampleERPDialect.name)
    types.declare(entities: EntityKind.all.map(\.name))
    for kind in EntityKind.all { types.declare(matchFields: kind.matchFields, of: kind.name) }
    try (catalogue ?? Self.catalogue(files, compilesSchemas: false).catalogue).register(in: &types)
    types.register([U8EAIChannel.returnType], dialect: U8EAIChannel.dialect)
    return types
  }

  /// The documents that the gateway takes: the canonical ones, those of the dialects that ship, and those that an integrator describes.
  ///
  /// - Returns: the catalogue, and what is wrong with the descriptions in folders of broker.xml, which are set aside one by one.
  /// - Throws: ``Refusal`` where the description of another dialect is wrong, ``InfrastructureFailure``.
  static func catalogue(
    _ files: FilesInUse, compilesSchemas: Bool = true
  ) throws -> (catalogue: DialectCatalogue, faults: [String]) {
    var catalogue = DialectCatalogue()
    var (described, faults): ([String: String], [String]) = ([:], [])
    for (path, isAdded) in files.dialects.map({ ($0, false) }) + files.addedDialects.map({ ($0, true) }) {
      do {
        guard let kinds = try dialect(path, files, compilesSchemas, &described) else { continue }
        for (kind, envelope, answering) in kinds { catalogue.add(kind, envelope: envelope, answering: answering) }
      } catch let refusal as Refusal where isAdded { faults.append(refusal.line) }
    }
    let schemas = compilesSchemas ? try canonicalSchemas() : nil
    for (kind, envelope) in CanonicalDocuments.kinds(schemas: schemas) {
      catalogue.add(kind, envelope: envelope, answering: CanonicalProtocol())
    }
    return (catalogue, faults)
  }

  /// The documents of one description; nil where broker.xml leaves the dialect out.
  ///
  /// - Parameter described: the file of each type of document so far.
  private static func dialect(
    _ path: String, _ files: FilesInUse, _ compilesSchemas: Bool, _ described: inout [String: String]
  ) throws -> [(DocumentKind, RecordType, any GatewayProtocol)]? {
    let protocols: [any GatewayProtocol] = [CanonicalProtocol(), UFInterface()]
    let file: DialectFile
    do {
      file = try DialectFile(path: path, compilesSchemas: compilesSchemas, schemaFolders: files.schemas)
    } catch let fault as DialectFault {
      throw Refusal("DIALECT_INVALID", "the dialect that \(path) describes is not usable:", details: "\(fault)")
    }
    if files.leavesOut(dialect: file.name, describedIn: path) { return nil }
    guard let answering = protocols.first(where: { $0.name == file.answering }) else {
      throw Refusal(
        "DIALECT_INVALID", "\(path) names the protocol '\(file.answering)'",
        hint: "there are: \(protocols.map(\.name).joined(separator: ", "))")
    }
    let names = Set(file.documents.map(\.kind.typeName))
    // Two files of one name: whichever were read first would win without a word.
    if let name = names.sorted().first(where: { described[$0] != nil }), let other = described[name] {
      throw Refusal(
        "DIALECT_INVALID", "\(path) describes '\(name)', which \(other) describes already",
        hint: "give the dialect a name of its own, or leave the one that ships out in broker.xml")
    }
    for name in names { described[name] = path }
    return file.documents.map { ($0.kind, $0.envelope, answering) }
  }

  private static func canonicalSchemas() throws -> SchemaSet? {
    let folder = "\(try Installation.home())/Schemas"
    guard Files.names(in: folder).contains("interchange.xsd") else { return nil }
    do { return try SchemaFolder(folder).compile("interchange.xsd") } catch {
      throw InfrastructureFailure("SCHEMA_INVALID", "the schema of canonical documents is not usable: \(error)")
    }
  }

  /// The type in which records of a mapping's source type are kept: rows of CSV files have one for all.
  static func type(named name: String, _ types: DialectRegistry) -> RecordType? {
    CSVRow.isTypeName(name) ? CSVRow.type : types.type(named: name)
  }

  /// Where days begin and end.
  ///
  /// - Throws: ``Refusal`` where broker.xml is wrong.
  static func zone(_ options: CommonOptions) throws -> DayZone { try configuration(options)[DaysSection.self] }

  /// The mapping files in use.
  ///
  /// - Throws: ``Refusal`` where one is wrong, ``InfrastructureFailure`` where there are none.
  static func mappings(_ files: FilesInUse, _ types: DialectRegistry) throws -> FileMappings { try FileMappings(files, types: types) }

  /// The adapter of a system; nil where we call nothing.
  @Sendable static func adapter(_ system: SystemRow, _ orb: ORB) throws -> (any Adapter)? {
    switch AdapterKind(rawValue: system.adapter) {
    case .inbound, .eai: nil
    case .orderDesk: OrderDeskAdapter(reference: try ObjectRef(stringified: system.reference, orb: orb))
    case .u8EAI: try U8EAIChannel(reference: system.reference)
    case .sampleERP: try SampleERPAdapter(books: try ObjectRef(stringified: system.reference, orb: orb))
    case nil:
      throw InfrastructureFailure("ADAPTER_UNKNOWN", "this release has no adapter \"\(system.adapter)\", which \(system.name) needs")
    }
  }

  /// Logs to the standard error; commands log warnings alone.
  static func logger(_ level: Logger.Level = .warning) -> Logger {
    var logger = Logger(label: "tessera") { ServeLog(label: $0) }
    logger.logLevel = level
    return logger
  }
}
