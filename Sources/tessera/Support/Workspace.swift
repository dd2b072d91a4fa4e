import Broker
import BrokerRuntime
import CDR
import ConfigurationFile
import Identity
import Mapping
import StoreAPI

/// What a command works on: the data folder with its store, and where needed the engine over it.
struct Workspace: Sendable {
  let folder: DataFolder
  let store: any Store
  let options: CommonOptions
  let types: DialectRegistry
  /// What broker.xml says.
  let configuration: BrokerConfiguration
  /// Which mapping files and dialects are in use.
  let files: FilesInUse
  /// What steps obey: what broker.xml says, and the forms in which the store keeps ids.
  var policies: StepPolicies

  /// Opens the store, does the work, closes the store.
  ///
  /// - Parameters:
  ///   - creating: makes the data folder where it is not there.
  ///   - use: what the store is opened for.
  static func with<Result: Sendable>(
    _ options: CommonOptions, creating: Bool = false, for use: Composition.StoreUse = .command, _ body: (Workspace) async throws -> Result
  ) async throws -> Result {
    let folder = creating ? try DataFolder(creating: options.data) : try DataFolder(existing: options.data)
    let configuration = try Composition.configuration(options)
    let files = try FilesInUse(options, configuration)
    let types = try Composition.types(files)
    var workspace = Workspace(
      folder: folder, store: try await Composition.openStore(folder, for: use), options: options, types: types,
      configuration: configuration, files: files, policies: configuration.stepPolicies)
    let result: Result
    do {
      // Whoever serves the folder has its own forms, which nobody changes meanwhile.
      let settles = use == .command && !ServeLock.isHeld(folder)
      workspace.policies = try await Composition.policies(configuration, workspace.store, settling: settles)
      result = try await body(workspace)
    } catch {
      await workspace.store.close()
      throw error
    }
    await workspace.store.close()
    return result
  }

  /// Reads one consistent state of an existing data folder.
  static func reading<Result: Sendable>(
    _ options: CommonOptions, for use: Composition.StoreUse = .command, _ body: @escaping @Sendable (any StoreReader) throws -> Result
  ) async throws -> Result {
    try await with(options, for: use) { workspace in try await workspace.store.read(body) }
  }

  /// The engine for a change that no mapping takes part in.
  var engine: BrokerEngine { engine(over: NoMappings(types: types)) }

  /// The engine for a change that may run held items through their mappings again.
  ///
  /// - Throws: ``Refusal`` where a mapping file is wrong.
  func mappingEngine() throws -> BrokerEngine { engine(over: try Composition.mappings(files, types)) }

  /// The engine over given mappings, with what broker.xml says.
  func engine(over mappings: any MappingSource) -> BrokerEngine {
    BrokerEngine(store: store, mappings: mappings, policies: policies, log: Composition.logger())
  }

  /// Tells a running `tessera serve` that there may be work.
  func ringDoorbell() { Doorbell.ring(folder.path) }
}

/// For work that needs the types alone.
struct NoMappings: MappingSource {
  let types: DialectRegistry

  func plan(from sourceType: String, target: String?, system: String, systemType: String) -> MappingPlan? { nil }
  var valueMaps: ValueMapSet { ValueMapSet() }
  func type(named name: String) -> RecordType? { Composition.type(named: name, types) }
}
