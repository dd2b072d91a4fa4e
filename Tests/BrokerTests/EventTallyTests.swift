import Logging
import Testing

@testable import BrokerRuntime

@Suite struct EventTallyTests {
  private func told(_ events: [Logger.Metadata]) -> [String: String] {
    var tally = EventTally()
    for event in events { tally.add(event) }
    return tally.metadata.mapValues(\.description)
  }

  @Test func whatAllHaveInCommonIsToldAsItIs() {
    #expect(told([["system": "erp", "code": "A"], ["system": "erp", "code": "B"]]) == ["system": "erp", "code": "A (1), B (1)"])
  }

  @Test func eventsOfSeveralAddUp() {
    let systems = ["a", "b", "a", "c", "d", "e", "a"].map { ["system": "\($0)"] as Logger.Metadata }
    #expect(told(systems + [[:], [:]]) == ["system": "a (3), b (1), c (1), none (2), others (2)"])
  }

  @Test("What one event alone says is not told of all")
  func oneOfMany() { #expect(told([[:], ["partner": "shop"], [:]]) == ["partner": "shop (1), none (2)"]) }

  @Test("A name from outside makes no sum of its own, and takes no more room than a line")
  func forged() {
    #expect(told([["system": "erp (40), crm (2)"]]) == ["system": "'erp (40), crm (2)'"])
    #expect(told([["system": "x (4)"], ["system": "y"]]) == ["system": "'x (4)' (1), y (1)"])
    #expect(told([["system": "\(String(repeating: "x", count: 100_000))"]])["system"]!.count < 300)
  }
}
