import ArgumentParser
import BrokerRuntime
import CosNamingService
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
  var listen = EndpointArgument(host: "127.0.0.1", port: 2809)
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
  @Option(
    help: ArgumentHelp(
      "Who may change names of the naming service: loopback (callers on this machine), addresses of others, or none; a list with commas.",
      valueName: "who"))
  var namingWriters = NamingWritersArgument(NamingAccess())
  @Option(help: "How many event loops carry the network.")
  var loops = 1
  @Option(help: "What is logged: trace, debug, info, notice, warning, error, critical.")
  var log = Choice(Logger.Level.info)

  func validate() throws {
    if !(1...1_000_000).contains(sessions) { throw ValidationError("--sessions takes a number from 1 to 1000000, not \(sessions).") }
    if !(1...64).contains(loops) { throw ValidationError("--loops takes a number from 1 to 64, not \(loops).") }
  }

  func run() async throws {
    if !listen.isLoopback, !insecure {
      throw Refusal(
        "NOT_LOOPBACK", "\(listen.host) can be reached by other machines, and nothing is encrypted yet",
        hint: "listen on 127.0.0.1, or say --insecure where the network itself is safe")
    }
    let folder = try DataFolder(creating: common.data)
    let lock = try ServeLock(folder)
    defer { lock.release() }
    try Files.remove(folder.referenceFile)
    let types = Composition.types()
    let mappings = try Composition.mappings(common, types)
    let logger = Composition.logger(log.value)
    let signals = StopSignals()
    let store = try await Composition.openStore(folder)
    let engine = BrokerEngine(store: store, mappings: mappings, log: logger)
    do {
      let service = try await BrokerService(engine: engine, folder: folder.path, options: options, adapters: Composition.adapter)
      try Files.replace(folder.referenceFile, with: service.login.stringified + "\n")
      announce(service, folder)
      logger.notice("serving", metadata: ["corbaloc": "\(service.corbaloc)", "data": "\(folder.path)"])
      try await run(service, until: signals, logger)
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

  private var options: BrokerService.Options {
    var options = BrokerService.Options()
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

  private func announce(_ service: BrokerService, _ folder: DataFolder) {
    let answer = Answer(
      json: [
        "corbaloc": .string(service.corbaloc), "host": .string(service.endpoint.host), "port": JSON(service.endpoint.port),
        "naming": .string(service.nameService), "ior": .string(service.login.stringified), "iorFile": .string(folder.referenceFile),
        "data": .string(folder.path),
      ],
      text: """
        Tessera serves \(folder.path) at
        \(service.corbaloc)
        The reference stands in \(folder.referenceFile).

        """)
    Console.print(common.json ? answer.json.description + "\n" : answer.text)
  }

  /// Works until the first signal, then stops gracefully.
  private func run(_ service: BrokerService, until signals: StopSignals, _ logger: Logger) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await service.run() }
      group.addTask {
        let name = await signals.first()
        logger.notice("stopping", metadata: ["signal": "\(name)"])
      }
      // Whichever ends first ends the other.
      try await group.next()
      group.cancelAll()
      try await group.waitForAll()
    }
  }
}
