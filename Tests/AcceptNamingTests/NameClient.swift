import ForeignORB
import TesseraProcess

/// omniORB's `nameclt`, pointed at a naming service by the reference that an installation would configure.
struct NameClient: Sendable {
  let service: String

  init(service: String) { self.service = service }

  init(_ running: TesseraServer.Running) { service = "corbaloc::127.0.0.1:\(running.port)/NameService" }

  /// What it says, without line ends; its exit code is 0.
  @discardableResult func says(_ arguments: String...) async throws -> String {
    try await ChildProcess.check("nameclt", options + arguments).split(whereSeparator: \.isNewline).joined(separator: "\n")
  }

  /// What it complains about; its exit code is not 0.
  func complains(_ arguments: String...) async throws -> String {
    let result = try await ChildProcess.run("nameclt", options + arguments)
    guard result.exit != .code(0) else { throw ForeignORBError.unexpectedAnswer("it worked: \(result.output)") }
    return result.errors.split(whereSeparator: \.isNewline).joined(separator: "\n")
  }

  /// The lines of `list`, in their order.
  func list(_ name: String...) async throws -> [String] {
    try await ChildProcess.check("nameclt", options + ["list"] + name).split(whereSeparator: \.isNewline).map(String.init)
  }

  private var options: [String] { ["-ORBInitRef", "NameService=\(service)", "-advanced"] }
}

/// omniORB's own naming service, on a port that is free.
struct OmniNames: Sendable {
  let process: ChildProcess
  let service: String
  /// The reference of its root context.
  let root: String
  private let folder: TemporaryFolder

  init() async throws {
    folder = try TemporaryFolder()
    // Port 0 is no port for omniNames, so one is tried until it is free.
    var random = SystemRandomNumberGenerator()
    while true {
      let port = Int.random(in: 20_000..<30_000, using: &random)
      let log = "\(folder.path)/\(port)"
      try await ChildProcess.check("mkdir", [log])
      let process = try ChildProcess(
        "omniNames", ["-start", "\(port)", "-logdir", log, "-errlog", "/dev/stdout", "-ORBendPoint", "giop:tcp:127.0.0.1:\(port)"])
      guard let line = try? await process.readLine(within: .seconds(30), where: { $0.contains("Root context is IOR:") }),
        let root = line.split(separator: " ").last
      else { continue }
      self.process = process
      service = "corbaloc::127.0.0.1:\(port)/NameService"
      self.root = String(root)
      return
    }
  }
}
