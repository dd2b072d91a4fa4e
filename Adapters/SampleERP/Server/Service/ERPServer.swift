import Glibc
import IIOPTransport
public import ORBCore

/// The ERP as a server: the books, reachable over IIOP.
public final class ERPServer: Sendable {
  public struct Options: Sendable {
    public var folder: String
    public var itemCount = Catalogue.defaultItemCount
    public var host = "127.0.0.1"
    /// 0 for the port of the last start, if it is free, else for any.
    public var port: UInt16 = 0
    /// Where the stringified reference is written; nil for `sample-erp.ior` in the folder.
    public var referenceFile: String?
    public var keys = KeyPolicy()
    public var faults = FaultPlan()
    public var callLog: String?

    public init(folder: String) { self.folder = folder }
  }

  public let store: BookStore
  public let reference: ObjectRef
  private let orb: ORB
  private let transport: IIOPTransport
  private let announcer: Announcer
  /// Instead of a listener under the fault `down`.
  private let closedPort: ClosedPort?

  /// The name under which the books can be reached by `corbaloc:`.
  public static let wellKnownName = "SampleERP/Books"

  /// Opens the books and takes calls from here on; under the fault `down` only the reference is written.
  public init(_ options: Options) throws {
    store = try BookStore(folder: options.folder, itemCount: options.itemCount)
    orb = ORB()
    transport = try IIOPTransport(orb: orb)
    announcer = Announcer(store: store, orb: orb)
    let servant = BooksServant(
      store: store, keys: options.keys, faults: FaultCounter(options.faults), log: try options.callLog.map(CallLog.init),
      announcer: announcer)
    closedPort = options.faults.fault == .down ? try Self.takingPort(options) { try ClosedPort($0) } : nil
    if let closedPort { orb.addEndpoint(Endpoint(host: "127.0.0.1", port: closedPort.port)) }
    let port = try closedPort?.port ?? Self.takingPort(options) { [transport] in try transport.listen(host: options.host, port: $0).port }
    // The key stays, so that references stay valid over restarts at one address.
    reference = try orb.adapter(named: "sample-erp").activate(servant, wellKnownName: Self.wellKnownName)
    try TextFile.write("\(port)\n", to: Self.portFile(options.folder))
    try TextFile.write(reference.stringified + "\n", to: options.referenceFile ?? Self.referenceFile(in: options.folder))
  }

  /// Tells sinks of changes until the task is cancelled, then ends orderly.
  public func run() async {
    await announcer.run()
    await transport.shutDown(patience: .seconds(2))
  }

  /// Where a server writes its reference unless told otherwise.
  public static func referenceFile(in folder: String) -> String { "\(folder)/sample-erp.ior" }
  private static func portFile(_ folder: String) -> String { "\(folder)/sample-erp.port" }

  /// The ports to try, in order.
  private static func ports(_ options: Options) -> [UInt16] {
    guard options.port == 0, let last = TextFile.read(portFile(options.folder)).flatMap({ UInt16($0) }) else { return [options.port] }
    return [last, 0]
  }

  /// - Parameter take: takes a port, 0 for any that is free.
  private static func takingPort<Taken>(_ options: Options, _ take: (UInt16) throws -> Taken) throws -> Taken {
    let ports = ports(options)
    for port in ports.dropLast() { if let taken = try? take(port) { return taken } }
    return try take(ports.last ?? 0)
  }
}

/// Small files of one line.
public enum TextFile {
  /// Replaces a file at once, so that nobody reads half of it.
  ///
  /// - Throws: ``FileFailure``.
  public static func write(_ text: String, to path: String) throws {
    let temporary = "\(path).\(getpid())"
    guard let file = fopen(temporary, "w") else { throw FileFailure(path: path, error: errno) }
    let isWritten = fputs(text, file) >= 0
    guard fclose(file) == 0, isWritten, rename(temporary, path) == 0 else { throw FileFailure(path: path, error: errno) }
  }

  /// The first line; nil where there is none.
  public static func read(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 65_536)
    guard fgets(&line, Int32(line.count), file) != nil else { return nil }
    let octets = line.prefix { $0 != 0 && $0 != CChar(UInt8(ascii: "\n")) }.map { UInt8(bitPattern: $0) }
    return String(decoding: octets, as: UTF8.self)
  }
}
