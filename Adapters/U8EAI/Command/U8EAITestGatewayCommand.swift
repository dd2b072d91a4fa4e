public import ArgumentParser
import Dispatch
import Glibc
public import U8EAITestGateway

extension Fault: ExpressibleByArgument {}
extension AnswerEncoding: ExpressibleByArgument {}

@main
struct U8EAITestGatewayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "u8-eai-test-gateway",
    abstract: "A stand-in for the EAI interface of a U8: takes sale orders and answers as real ones do, mistakes included.",
    discussion: """
      Faults, to prove that partners neither lose nor double an order:
        commit-then-drop    enters the order, then closes the connection without an answer
        late-commit         closes the connection and enters the order after --delay seconds
        refuse              refuses the order in words
        busy                says that its database does not answer, and enters nothing
        succeed0-empty-key  answers success without a key and enters nothing
        html-error          enters the order, then answers 500 with a page of words
        html-page           answers 200 with a page for people, and enters nothing
        cut-off             enters the order, then sends half of the answer
        endless             enters the order, then answers without an end
        wrong-encoding      enters the order; the answer says UTF-8 and is GB 18030
        other-message       enters the order and gives the answer to another message
        redirect            points at another address and enters nothing
        slow                enters the order and answers after --delay seconds
        down                takes no connections
      """)

  @Option(help: "The folder of the books; made at the first start.")
  var data = "./u8-eai-data"
  @Option(help: "Address and port; port 0 means the one of the last start, if it is free, else any.")
  var listen = "127.0.0.1:0"
  @Option(help: "A file with the server's certificate, in PEM: it speaks https then.")
  var certificate: String?
  @Option(help: "A file with the certificate's key, in PEM.")
  var key: String?
  @Option(help: "The codes of registered partners, with commas between them.")
  var senders = "001"
  @Option(help: "The codes of known customers, with commas between them; all are known without it.")
  var customers = ""
  @Option(help: "The codes of known items, with commas between them; all are known without it.")
  var items = ""
  @Flag(help: "Numbers orders itself, whatever documents say, so that a document sent twice makes two orders.")
  var ownNumbers = false
  @Flag(help: "Answers no query.")
  var noQueries = false
  @Option(help: "The encoding of answers.")
  var encoding = AnswerEncoding.utf8
  @Flag(help: "Answers with roottag voucheraddreturn.")
  var voucherReturn = false
  @Option(help: "What goes wrong.")
  var fault: Fault?
  @Option(help: "How many orders the fault strikes, the first ones. (default: the first of every key)")
  var faultCount: Int?
  @Option(help: "Seconds for slow and late-commit.")
  var delay = 2.0
  @Option(help: "A file that gets a line for every order and query that comes in, before anything else is done.")
  var callLog: String?

  func validate() throws {
    if (certificate == nil) != (key == nil) { throw ValidationError("--certificate and --key go together") }
  }

  func run() async throws {
    var options = TestGateway.Options(folder: data)
    guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else {
      throw ValidationError("--listen \(listen): write HOST:PORT, such as 127.0.0.1:0")
    }
    (options.host, options.port) = (String(listen[..<colon]), Int(port))
    if let certificate, let key { options.certificate = (certificate, key) }
    options.senders = Self.list(senders)
    options.customers = Self.list(customers)
    options.items = Self.list(items)
    options.numbersItself = ownNumbers
    options.answersQueries = !noQueries
    options.encoding = encoding
    options.roottag = voucherReturn ? "voucheraddreturn" : "return"
    options.faults = FaultPlan(fault: fault, count: faultCount, delay: .milliseconds(Int(delay * 1000)))
    options.callLog = callLog
    let gateway = try await TestGateway(options)
    print("ready \(gateway.url)")
    fflush(nil)
    let work = Task { try await gateway.run() }
    await EndSignals.wait()
    work.cancel()
    _ = try? await work.value
  }

  private static func list(_ text: String) -> Set<String> { Set(text.split(separator: ",").map(String.init)) }
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
