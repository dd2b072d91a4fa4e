import ForeignORB
import TesseraProcess
import Testing

/// What others could read of a data folder, or have put there.
@Suite("34 The data folder is for its owner") struct F34FolderForItsOwner {
  private func shell(_ command: String, _ server: TesseraServer) async throws -> String {
    try await ChildProcess.check("sh", ["-c", command], folder: server.folder)
  }

  @Test("An open folder and its files are closed by serve, and doctor tells before")
  func anOpenFolderIsClosed() async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    _ = try await shell("chmod 755 tessera-data && chmod 644 tessera-data/tessera.sqlite", server)
    let told = try await server.run("doctor", "--listen", "127.0.0.1:0")
    #expect(told.exit == .code(1) && told.output.contains("has the mode 755") && told.output.contains("has the mode 644"), "\(told.output)")
    let running = try await server.serve()
    let modes = try await shell("stat -c '%a %n' tessera-data tessera-data/tessera.sqlite* tessera-data/serve.lock", server)
    #expect(modes.split(separator: "\n").allSatisfy { $0.hasPrefix("700 ") || $0.hasPrefix("600 ") }, "\(modes)")
    #expect(running.process.errorText.contains("had the mode 755"))
    try await running.process.kill()
  }

  @Test("Links inside are not followed, by another name neither", arguments: ["ln -s", "ln"])
  func linksAreRefused(command: String) async throws {
    let server = try TesseraServer()
    _ = try await server.addSystem("erp")
    _ = try await shell("echo precious > other && \(command) \"$PWD/other\" tessera-data/serve.lock", server)
    let refused = try await server.run("serve", "--listen", "127.0.0.1:0")
    #expect(refused.exit == .code(1) && refused.errors.contains("LINK_REFUSED"), "\(refused.errors)")
    #expect(try await shell("cat other", server) == "precious\n")
  }

  @Test("A new folder and a new database are closed, whatever the mask is")
  func newOnesAreClosed() async throws {
    let server = try TesseraServer()
    let tessera = builtExecutable("tessera")
    _ = try await shell("umask 0; '\(tessera)' systems add erp --adapter inbound", server)
    let modes = try await shell("stat -c '%a' tessera-data tessera-data/tessera.sqlite", server)
    #expect(modes == "700\n600\n")
  }
}
