import BrokerRuntime
import Testing

/// Every part of every document is kept under an id of its own, from which it can be told again.
@Suite struct PartIDTests {
  static let documents = [
    "", "A", "A#2", "A~2", "A~1#2", "A~1#2~1#1", "A~01#2", "A~1#", "~1#1", "refused~7#0", "7/0fa3", "编号#1", "A~1#2@ubl:Order", "A~1#2@",
  ]

  @Test func noTwoPartsAreWrittenAlike() {
    var found: Set<String> = []
    for document in Self.documents {
      for occurrence in 1...3 {
        for part in 0...3 {
          for type in ["", "ubl:Order", "ubl:Invoice"] {
            let id = PartID(document: document, occurrence: occurrence, part: part, type: type)
            #expect(found.insert(id.text).inserted, "\(id.text)")
            #expect(PartID(text: id.text) == id)
          }
        }
      }
    }
  }

  @Test(arguments: ["A", "A#2", "A~2", "7/0fa3"]) func theFirstPartOfWhatCameOnceBearsItsOwnNumber(document: String) {
    #expect(PartID(document: document).text == document)
  }

  @Test func partsFollowOneAnother() {
    #expect(PartID(text: "A").next?.text == "A~1#2")
    #expect(PartID(text: "A~1#2").next?.text == "A~1#3")
    #expect(PartID(text: "A~2#1").next?.text == "A~2#2")
    #expect(PartID(text: "refused~7#0").next == nil)
  }
}
