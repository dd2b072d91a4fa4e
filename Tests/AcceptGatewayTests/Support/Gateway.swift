import ForeignORB
import Glibc
import TesseraProcess
import XMLStream

/// A broker that serves, with a partner that speaks `ufinterface`, and curl to speak for it.
final class Gateway: Sendable {
  let server: TesseraServer
  let running: TesseraServer.Running
  /// The token of the partner `u8`, whose sender is 001.
  let token: String

  /// What curl got.
  struct Answer: Sendable {
    var status: Int
    var body: String
    /// The number in the header Location.
    var receipt: Int?
    /// The seconds in the header Retry-After.
    var retryAfter: Int?
    /// From the first byte sent to the last received.
    var time: Duration
    /// The root element of the body.
    var root: XMLElement { get throws { try XMLDocument(parsing: Array(body.utf8), file: "the answer").root } }
    /// `key succeed u8key` of each item of a return.
    var items: [String] {
      get throws { try root.elements("item").map { "\($0["key"] ?? "") \($0["succeed"] ?? "") \($0["u8key"] ?? "")" } }
    }
    /// `key succeed` of each item, which samples of answers have in common with ours.
    var verdicts: [String] { get throws { Gateway.verdicts(try root) } }
    var reasons: [String] { get throws { try root.elements("item").map { $0["dsc"] ?? "" } } }
  }

  /// - Parameters:
  ///   - agreed: options of `partners add`.
  ///   - options: options of `serve`.
  ///   - crashAt: where the broker kills itself.
  init(agreed: [String] = [], on server: TesseraServer? = nil, serving options: [String] = [], crashAt: String? = nil) async throws {
    self.server = try server ?? TesseraServer()
    token = try await Self.addPartner("u8", on: self.server, ["--type", "ufinterface", "--sender", "001"] + agreed)
    running = try await self.server.serve(options: options, wrapper: crashAt.map { ["env", "TESSERA_CRASH_AT=\($0)"] } ?? [])
  }

  static func verdicts(_ root: XMLElement) -> [String] {
    root.elements("item").map { "\($0["key"] ?? "") \($0["succeed"] ?? "")" }
  }

  /// Agrees with a partner and gives its token.
  static func addPartner(_ name: String, on server: TesseraServer, _ options: [String]) async throws -> String {
    let added = try JSON(
      parsing: try await ChildProcess.check(
        builtExecutable("tessera"), ["partners", "add", name, "--json"] + options, folder: server.folder))
    guard let token = added["token"]?.string else { throw ForeignORBError.unexpectedAnswer("partners add gave no token") }
    return token
  }

  /// POSTs a file with curl.
  func post(file: String, token: String? = nil, _ options: [String] = []) async throws -> Answer {
    try await curl(["--data-binary", "@\(file)", "-H", "Content-Type: application/x-www-form-urlencoded"] + options, token: token)
  }

  /// POSTs a text with curl.
  func post(_ text: String, token: String? = nil, _ options: [String] = []) async throws -> Answer {
    try await post(file: server.write(text, to: "request.xml"), token: token, options)
  }

  /// GETs below the gateway's address.
  func get(_ path: String, token: String? = nil) async throws -> Answer { try await curl([], path: path, token: token) }

  func curl(_ options: [String], path: String = "", token: String? = nil) async throws -> Answer {
    let authorization = (token ?? self.token).isEmpty ? [] : ["-H", "Authorization: Bearer \(token ?? self.token)"]
    let told = "\n%{http_code} %{time_total} %header{retry-after} %header{location}"
    let result = try await ChildProcess.run(
      "curl",
      ["--silent", "--show-error", "--max-time", "120", "-w", told] + authorization + options
        + [running.http + path],
      folder: server.folder)
    // A line end is added to what has none.
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let words = (lines.last ?? "").split(separator: " ", omittingEmptySubsequences: false)
    guard words.count >= 2, let status = Int(words[0]), let seconds = Double(words[1]) else {
      throw ForeignORBError.unexpectedAnswer("curl said \(result.output) \(result.errors)")
    }
    return Answer(
      status: status, body: lines.dropLast().joined(separator: "\n"),
      receipt: words.last?.split(separator: "/").last.flatMap { words.count > 3 ? Int($0) : nil },
      retryAfter: words.count > 2 ? Int(words[2]) : nil, time: .seconds(seconds))
  }

  /// The most memory that the broker had since ``forgetPeakMemory()``, in octets.
  var peakMemory: Int { get throws { try memory("VmHWM") } }

  /// Begins the peak anew, and gives the memory that the broker has now.
  func forgetPeakMemory() throws -> Int {
    try write(Array("5".utf8), to: "/proc/\(running.process.pid)/clear_refs")
    return try memory("VmRSS")
  }

  /// What the broker has used of the processors, in steps of 10 ms.
  var processorTime: Duration {
    get throws {
      // The name in parentheses may hold blanks; the fields behind it are counted from the third.
      let fields = try text(ofFile: "/proc/\(running.process.pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
        throw ForeignORBError.unexpectedAnswer("no times of process \(running.process.pid)")
      }
      return .milliseconds((user + system) * 1_000 / sysconf(Int32(_SC_CLK_TCK)))
    }
  }

  private func memory(_ name: String) throws -> Int {
    let status = try text(ofFile: "/proc/\(running.process.pid)/status")
    guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("\(name):") }),
      let kilobytes = line.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) })
    else { throw ForeignORBError.unexpectedAnswer("no \(name) in \(status)") }
    return kilobytes << 10
  }

  /// Pushes the units and classes that the corpus names, as the same partner would in our own documents.
  func pushMasterData(token: String? = nil) async throws -> Answer {
    let unit = """
      <item><id>01</id><changedAt>1000000</changedAt><status>active</status><code>PC</code><name>piece</name>\
      <factorNumerator>1</factorNumerator><factorDenominator>1</factorDenominator></item>
      """
    let units = try await post(Self.canonical("pushUnits", "units-1", unit), token: token)
    if units.status != 200 { return units }
    let category = "<item><id>01</id><changedAt>1000000</changedAt><status>active</status><code>V</code><name>valves</name></item>"
    return try await post(Self.canonical("pushCategories", "categories-1", category), token: token)
  }

  /// A document of the canonical model.
  static func canonical(_ operation: String, _ message: String, _ items: String) -> String {
    "<\(operation) xmlns=\"urn:tessera:interchange:1\"><message>\(message)</message><batch>\(items)</batch></\(operation)>"
  }

  /// A `ufinterface` document.
  static func document(
    _ roottag: String, _ items: String, proc: String = "Add", docid: String = "1", sender: String = "001", declaration: String = ""
  ) -> String {
    "\(declaration)<ufinterface roottag=\"\(roottag)\" docid=\"\(docid)\" receiver=\"u8\" sender=\"\(sender)\" proc=\"\(proc)\">\(items)</ufinterface>"
  }

  static func customer(_ code: String, _ more: String = "") -> String {
    "<customer><code>\(code)</code><name>company \(code)</name>\(more)</customer>"
  }

  /// What the CRM core calls the only object of a name.
  func names(_ command: String) async throws -> [String] {
    try await server.json(command, "list")[command]?.array?.compactMap { $0["name"]?.string } ?? []
  }

  /// How many rows a view of the store has, counted by somebody else.
  func count(_ view: String) async throws -> Int? { Int(try await server.rows("SELECT count(*) FROM \(view)")) }
}

/// The text of a file.
func text(ofFile path: String) throws -> String { String(decoding: try octets(ofFile: path), as: UTF8.self) }

/// The octets of a file, also of one whose size the system does not tell.
func octets(ofFile path: String) throws -> [UInt8] {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { throw ForeignORBError.unexpectedAnswer("\(path) cannot be read") }
  defer { close(descriptor) }
  var octets: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 65_536)
  while true {
    let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count <= 0 { return octets }
    octets += buffer[..<count]
  }
}

/// Writes octets to a file.
func write(_ octets: [UInt8], to path: String) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  guard descriptor >= 0 else { throw ForeignORBError.unexpectedAnswer("\(path) cannot be written") }
  defer { close(descriptor) }
  var rest = octets[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if count <= 0 { throw ForeignORBError.unexpectedAnswer("\(path) cannot be written") }
    rest = rest.dropFirst(count)
  }
}
