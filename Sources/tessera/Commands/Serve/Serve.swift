import ArgumentParser
import BrokerRuntime
import ConfigurationFile
import CosNamingService
import EAIGateway
import IIOPTransport
import Logging
import ORBCore
import StoreAPI

/// `tessera serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the broker: takes what systems send, reads what they offer, sends orders.",
    discussion: """
      Needs no configuration: without options it serves this machine alone, from ./tessera-data. It prints where it listens, writes its \
      reference into the file tessera.ior of the data folder, and logs to the standard error. SIGTERM and SIGINT end it gracefully, a \
      second one at once. One process serves a data folder; all other commands work beside it.
      """)
  @OptionGroup var common: CommonOptions

  @Option(help: ArgumentHelp("Where to listen; port 0 takes one that is free.", valueName: "host:port"))
  var listen = Serve.defaultListen
  @Option(help: ArgumentHelp("Where the gateway takes XML over HTTP; port 0 takes one that is free.", valueName: "host:port"))
  var http = Serve.defaultHTTP
  @Option(help: ArgumentHelp("The host that references name instead.", valueName: "host"))
  var publish: String?
  @Flag(help: "Listens on an address that other machines reach, though nothing is encrypted yet.")
  var insecure = false
  @Option(help: ArgumentHelp("A session without calls ends after this time.", valueName: "time"))
  var sessionIdle = DurationArgument(.seconds(1800))
  @Option(help: "How many sessions may be open.")
  var sessions = 1_000
  @Option(help: ArgumentHelp("How long to wait between reads of a system.", valueName: "time"))
  var readEvery = DurationArgument(.seconds(5))
  @Option(help: ArgumentHelp("How long the check of one XML document may take.", valueName: "time"))
  var documentTime = DurationArgument(.seconds(60))
  @Option(
    help: ArgumentHelp(
      "Who may change names of the naming service: loopback (callers on this machine), addresses of others, or none; a list with commas.",
      valueName: "who"))
  var namingWriters = NamingWritersArgument(NamingAccess())
  @Option(help: "How many event loops carry the network.")
  var loops = 1
  @Option(help: "What is logged: trace, debug, info, notice, warning, error, critical.")
  var log = Choice(Logger.Level.info)

  /// Where it listens where nothing else is said.
  static let defaultListen = EndpointArgument(host: "127.0.0.1", port: 2809)
  static let defaultHTTP = EndpointArgument(host: "127.0.0.1", port: 0)

  func validate() throws {
    if !(1...1_000_000).contains(sessions) { throw ValidationError("--sessions takes a number from 1 to 1000000, not \(sessions).") }
    if !(1...64).contains(loops) { throw ValidationError("--loops takes a number from 1 to 64, not \(loops).") }
  }

  func run() async throws {
    for address in [listen, http] where !address.isLoopback && !insecure {
      throw Refusal(
        "NOT_LOOPBACK", "\(address.host) can be reached by other machines, and nothing is encrypted yet",
        hint: "listen on 127.0.0.1, or say --insecure where the network itself is safe")
    }
    let folder = try DataFolder(creating: common.data)
    let lock = try ServeLock(folder)
    defer { lock.release() }
    try Files.remove(folder.referenceFile)
    let configured = try ServedConfiguration.octets(common.data, besideServe: false)
    let configuration = try Composition.configuration(configured, common)
    let files = try FilesInUse(common, configuration, besideServe: false)
    let (catalogue, dialectFaults) = try Composition.catalogue(files)
    let types = try Composition.types(files, catalogue)
    let mappings = try Composition.mappings(files, types)
    let logger = Composition.logger(log.value)
    let limits = configuration[LimitsSection.self].within(descriptors: Descriptors.raise())
    for fault in dialectFaults + mappings.faults { logger.error("a file is not used, since it is wrong", metadata: ["why": "\(fault)"]) }
    try files.keep(in: folder)
    try ServedConfiguration.keep(configured, in: folder)
    defer { for file in [folder.filesInUseFile, folder.servedConfigurationFile] { try? Files.remove(file) } }
    let signals = StopSignals()
    for change in FolderModes(path: folder.path).close() {
      logger.warning("others could use a part of the data folder, and cannot any more", metadata: ["change": "\(change)"])
    }
    let store = try await Composition.openStore(folder, for: .serving)
    do {
      let policies = try await Composition.policies(configuration, store, settling: true)
      let engine = BrokerEngine(store: store, mappings: mappings, policies: policies, log: logger)
      let service = try await BrokerService(engine: engine, folder: folder.path, options: options(limits), adapters: Composition.adapter)
      var gatewayOptions = EAIGateway.Options()
      gatewayOptions.host = http.host
      gatewayOptions.port = Int(http.port)
      gatewayOptions.documentTime = documentTime.duration
      gatewayOptions.limits = limits
      let gateway = try EAIGateway(engine: engine, folder: folder.path, catalogue: catalogue, options: gatewayOptions, log: logger)
      try await engine.reviewHeld()
      await gateway.takeLeftOver()
      try await run(service, gateway, over: store, until: signals, logger) { port in
        try Files.replace(folder.referenceFile, with: service.login.stringified + "\n")
        let url = "http://\(http.host.contains(":") ? "[\(http.host)]" : http.host):\(port)/eai"
        announce(service, url, folder)
        logger.notice("serving", metadata: ["corbaloc": "\(service.corbaloc)", "http": "\(url)", "data": "\(folder.path)"])
      }
      try Files.remove(folder.referenceFile)
    } catch let error as SystemError {
      await store.close()
      throw InfrastructureFailure("LISTEN_FAILED", error.description, hint: "another program may listen there; choose with --listen")
    } catch {
      await store.close()
      throw error
    }
    await store.close()
    logger.notice("stopped")
  }

  private func options(_ limits: PeerLimits) -> BrokerService.Options {
    var options = BrokerService.Options()
    options.limits = limits
    options.host = listen.host
    options.port = listen.port
    options.publishedHost = publish
    options.sessionIdleLimit = sessionIdle.duration
    options.greatestSessionCount = sessions
    options.feedInterval = readEvery.duration
    options.loops = loops
    options.namingAccess = namingWriters.access
    return options
  }

  private func announce(_ service: BrokerService, _ url: String, _ folder: DataFolder) {
    let answer = Answer(
      json: [
        "corbaloc": .string(service.corbaloc), "host": .string(service.endpoint.host), "port": JSON(service.endpoint.port),
        "naming": .string(service.nameService), "ior": .string(service.login.stringified), "iorFile": .string(folder.referenceFile),
        "http": .string(url),
        "data": .string(folder.path),
      ],
      text: """
        Tessera serves \(folder.path) at
        \(service.corbaloc)
        The reference stands in \(folder.referenceFile).
        XML is taken at \(url)

        """)
    Console.print(common.json ? answer.json.description + "\n" : answer.text)
  }

  /// Works until the first signal, then stops gracefully.
  ///
  /// - Parameter ready: is told the gateway's port once everything listens.
  private func run(
    _ service: BrokerService, _ gateway: EAIGateway, over store: any Store, until signals: StopSignals, _ logger: Logger,
    ready: (Int) throws -> Void
  ) async throws {
    let (ports, listening) = AsyncStream<Int>.makeStream()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        defer { listening.finish() }
        try await gateway.run { _, port in listening.yield(port) }
      }
      var port: Int?
      for await first in ports {
        port = first
        break
      }
      guard let port else {
        do { try await group.next() } catch {
          throw InfrastructureFailure(
            "LISTEN_FAILED", "the gateway cannot listen at \(http.host):\(http.port): \(error)", hint: "choose another place with --http")
        }
        return
      }
      try ready(port)
      group.addTask { try await service.run() }
      group.addTask {
        let name = await signals.first()
        logger.notice("stopping", metadata: ["signal": "\(name)"])
      }
      group.addTask { try await Self.watch(store, logger) }
      // Whichever ends first ends the others.
      try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
  }

  /// Looks at the store's files every second until the task is cancelled.
  ///
  /// - Throws: `StoreError` where they were taken away: nothing can be acknowledged any more.
  private static func watch(_ store: any Store, _ logger: Logger) async throws {
    while (try? await Task.sleep(for: .seconds(1))) != nil {
      do { try await store.verify() } catch {
        logger.critical("the database was taken away, so nothing more is acknowledged", metadata: ["error": "\(error)"])
        throw error
      }
    }
  }
}
