import ForeignORB
import TesseraProcess
import Testing

/// The broker is killed at every place between the arrival of a document and its answer: nothing is lost, nothing is doubled.
@Suite struct CrashTests {
  @Test(
    arguments: ["after-spool", "after-store", "before-reply"], [0, 100_000]
  ) func nothingIsLostAndNothingIsDoubled(place: String, comment: Int) async throws {
    let server = try TesseraServer()
    // A document of more than 64 KiB has a file, a smaller one is stored with its items.
    let filling = "<!--\(String(repeating: "x", count: comment))-->"
    let document = Gateway.document("customer", (1...3).map { Gateway.customer("C-\($0)") }.joined() + filling)
    let dying = try await Gateway(on: server, crashAt: place)
    _ = try? await dying.post(document)
    #expect(try await dying.running.process.wait() == .signal(9))
    let risen = try await Gateway(on: server)
    // What was on disk is taken before anybody asks again. Of a small document nothing is, before its items are.
    #expect(try await risen.names("parties").count == (place == "after-spool" && comment == 0 ? 0 : 3))
    let answer = try await risen.post(document)
    #expect(answer.status == 200)
    #expect(try answer.items == ["C-1 0 C-000001", "C-2 0 C-000002", "C-3 0 C-000003"])
    #expect(try await risen.server.json("receipts", "list")["receipts"]?.array?.count == 1)
    #expect(try await ChildProcess.check("sh", ["-c", "ls \(server.folder)/tessera-data/spool | wc -l"]) == "0\n")
  }
}
