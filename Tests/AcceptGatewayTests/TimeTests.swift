import ForeignORB
import TesseraProcess
import Testing

/// The time of a document bounds its check. What passed its check is taken to its end: nothing is half done.
@Suite(.serialized) struct TimeTests {
  private static func document(_ count: Int) -> String {
    Gateway.document("customer", (1...count).map { Gateway.customer("\(count)-\($0)") }.joined(), docid: "\(count)")
  }

  @Test func aDocumentThatTakesLongerToCheckIsRefusedAsAWhole() async throws {
    let gateway = try await Gateway(serving: ["--document-time", "1ms"])
    let answer = try await gateway.post(Self.document(20_000))
    #expect(answer.status == 413)
    #expect(try answer.reasons.map { $0.prefix { $0 != ":" } } == ["DOCUMENT_TOO_SLOW"])
    #expect(try await gateway.names("parties").isEmpty)
    let kept = try await gateway.server.json("receipts", "show", "\(try #require(answer.receipt))")
    #expect(kept["outcome"]?.string == "refused")
  }

  /// Documents of more and more parts, until taking one takes longer than its time: each has all of its items taken, or none.
  @Test func aDocumentThatPassedItsCheckIsTakenToItsEnd() async throws {
    let time = Duration.seconds(2)
    let gateway = try await Gateway(serving: ["--document-time", "2s"])
    var taken = 0
    var longest = Duration.zero
    for count in [1_500, 3_000, 6_000, 12_000, 24_000, 48_000] where longest <= time {
      let answer = try await gateway.post(Self.document(count))
      if answer.status == 200 {
        taken += count
        longest = answer.time
        let items = try answer.items
        #expect(items.count == count)
        #expect(items.last == "\(count)-\(count) 0 C-\(String("000000\(taken)".suffix(6)))")
      } else {
        #expect(try answer.status == 413 && answer.reasons[0].hasPrefix("DOCUMENT_TOO_SLOW"), "\(answer.body.prefix(300))")
      }
      let stored = try await gateway.count("linked_customers")
      #expect(stored == taken)
    }
    #expect(longest > time)
  }
}
