public import ArgumentParser
import Dispatch
import Glibc
import ORBCore
public import SampleERPServer

extension Fault: ExpressibleByArgument {}

/// `sample-erp serve`
struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes calls on the books until it is ended by SIGTERM or SIGINT.",
    discussion: """
      Faults, to prove that partners neither lose nor double an order:
        commit-then-drop  books the order, then closes the connection without an answer
        late-commit       closes the connection without an answer and books the order after --delay seconds
        refuse-line       refuses the last position of an order
        slow              answers every call after --delay seconds
        down              writes its reference and takes no connections
      """)

  @OptionGroup var books: BookOptions
  @OptionGroup var size: SizeOptions
  @Option(help: "Address and port; port 0 means the one of the last start, if it is free, else any.")
  var listen = "127.0.0.1:0"
  @Option(help: "Where the reference of the books is written. (default: sample-erp.ior in the data folder)")
  var iorFile: String?
  @Option(help: "What goes wrong.")
  var fault: Fault?
  @Option(
    help: """
      How many calls the fault strikes, the first ones. (default: the first create of every key for commit-then-drop and late-commit, \
      every call for the others)
      """)
  var faultCount: Int?
  @Option(help: "Seconds for slow and late-commit.")
  var delay = 2.0
  @Flag(help: "Ignores the keys of orders: every create makes an order.")
  var noKeys = false
  @Flag(help: "Asking for a key that is not booked stops the creates under this key that are still on their way.")
  var strongProbe = false
  @Option(help: "A file that gets a line for every create that comes in, before anything else is done.")
  var callLog: String?

  func run() async throws {
    var options = ERPServer.Options(folder: books.data)
    options.itemCount = size.items
    (options.host, options.port) = try Self.address(listen)
    options.referenceFile = iorFile
    options.keys = KeyPolicy(keepsKeys: !noKeys, fencesKeys: strongProbe)
    options.faults = FaultPlan(fault: fault, count: faultCount, delay: .milliseconds(Int(delay * 1000)))
    options.callLog = callLog
    let server = try ERPServer(options)
    print("ready \(server.reference.stringified)")
    fflush(nil)
    let work = Task { await server.run() }
    await EndSignals.wait()
    work.cancel()
    await work.value
  }

  private static func address(_ text: String) throws -> (String, UInt16) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw ValidationError("--listen \(text): write HOST:PORT, such as 127.0.0.1:0")
    }
    return (String(text[..<colon]), port)
  }
}

/// SIGTERM and SIGINT as an event.
enum EndSignals {
  /// Returns when the process is asked to end.
  static func wait() async {
    let (asked, ask) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { ask.yield() }
      source.resume()
      return source
    }
    for await _ in asked { break }
    for source in sources { source.cancel() }
  }
}
