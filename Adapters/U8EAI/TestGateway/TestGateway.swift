import Glibc

/// A stand-in for the EAI interface of a U8: takes sale orders as `ufinterface` documents and answers as public descriptions say.
public final class TestGateway: Sendable {
  /// How it is set up.
  public struct Options: Sendable {
    public var folder: String
    public var host = "127.0.0.1"
    /// 0 for the port of the last start, if it is free, else for any.
    public var port = 0
    /// Files of a certificate and of its key, in PEM; nil for `http`.
    public var certificate: (chain: String, key: String)?
    public var senders: Set<String> = ["001"]
    /// Known customers and items; empty for all.
    public var customers: Set<String> = []
    public var items: Set<String> = []
    /// Whether it numbers orders itself, whatever documents say.
    public var numbersItself = false
    public var answersQueries = true
    public var encoding = AnswerEncoding.utf8
    public var roottag = "return"
    public var faults = FaultPlan()
    public var callLog: String?

    public init(folder: String) { self.folder = folder }
  }

  /// The path at which U8 has its interface.
  public static let path = "/u8eai/import.asp"

  /// Where documents are posted.
  public let url: String
  private let server: HTTPServer?
  private let closedPort: ClosedPort?

  /// Opens the books and listens; under the fault `down` the port is only taken.
  public init(_ options: Options) async throws {
    let books = try Books(folder: options.folder, numbering: options.numbersItself ? .own : .given)
    let desk = Desk(
      books: books,
      rules: Desk.Rules(
        senders: options.senders, customers: options.customers, items: options.items, answersQueries: options.answersQueries),
      writer: ReturnWriter(encoding: options.encoding, roottag: options.roottag), faults: FaultCounter(options.faults),
      log: try options.callLog.map(CallLog.init))
    let portFile = "\(options.folder)/u8-eai.port"
    let last = options.port == 0 ? Self.port(in: portFile) : nil
    let port: Int
    if options.faults.fault == .down {
      let closed = try last.flatMap { try? ClosedPort($0) } ?? ClosedPort(options.port)
      (server, closedPort, port) = (nil, closed, closed.port)
    } else {
      func listen(_ port: Int) async throws -> HTTPServer {
        try await HTTPServer(host: options.host, port: port, certificate: options.certificate) { await desk.answer($0) }
      }
      var listening: HTTPServer?
      if let last { listening = try? await listen(last) }
      if listening == nil { listening = try await listen(options.port) }
      (server, closedPort, port) = (listening, nil, listening?.port ?? 0)
    }
    try Self.write("\(port)\n", to: portFile)
    url = "\(options.certificate == nil ? "http" : "https")://\(options.host):\(port)\(Self.path)"
  }

  /// Works until the task is cancelled.
  public func run() async throws {
    guard let server else {
      for await _ in AsyncStream<Never>.makeStream().stream {}
      return
    }
    try await server.run()
  }

  private static func port(in file: String) -> Int? {
    guard let stream = fopen(file, "r") else { return nil }
    defer { fclose(stream) }
    var line = [CChar](repeating: 0, count: 16)
    guard fgets(&line, Int32(line.count), stream) != nil else { return nil }
    return Int(String(decoding: line.prefix { (48...57).contains($0) }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  private static func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "w") else { throw FileFailure(path: path, error: errno) }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten else { throw FileFailure(path: path, error: errno) }
  }
}
