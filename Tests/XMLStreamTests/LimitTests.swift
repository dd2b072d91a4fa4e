import ForeignORB
import Testing

@testable import XMLStream

/// A document stands exactly at a bound and is read; with one more it is refused.
@Suite struct LimitTests {
  struct Bound: Sendable, CustomTestStringConvertible {
    let name: String
    let code: XMLIssue.Code
    /// How many of what is bounded the limit allows.
    let bound: Int
    var limits = XMLLimits()
    /// A document that has this many.
    let document: @Sendable (Int) -> String
    var testDescription: String { name }
  }

  static func repeated(_ count: Int, _ item: (Int) -> String) -> String { (0..<count).map(item).joined() }

  static let bounds: [Bound] = [
    Bound(name: "bytes of a start tag", code: .startTagTooLarge, bound: 65_536) {
      "<r><a b='\(String(repeating: "x", count: $0 - 9))'/></r>"
    },
    Bound(name: "bytes of an end tag", code: .startTagTooLarge, bound: 65_536) { "<a></a\(String(repeating: " ", count: $0 - 4))>" },
    Bound(name: "bytes of a document type declaration", code: .startTagTooLarge, bound: 65_536) {
      "<!DOCTYPE a SYSTEM 'a.dtd'\(String(repeating: " ", count: $0 - 27))><a/>"
    },
    Bound(name: "attributes", code: .tooManyAttributes, bound: 256) { "<a \(repeated($0) { "b\($0)='' " })/>" },
    Bound(name: "namespace declarations", code: .tooManyNamespaces, bound: 64) { "<a \(repeated($0) { "xmlns:b\($0)='u' " })/>" },
    Bound(name: "depth", code: .tooDeep, bound: 64) { repeated($0) { _ in "<a>" } + repeated($0) { _ in "</a>" } },
    Bound(name: "depth of empty elements", code: .tooDeep, bound: 64) {
      repeated($0 - 1) { _ in "<a>" } + "<a/>" + repeated($0 - 1) { _ in "</a>" }
    },
    Bound(name: "names of elements", code: .tooManyNames, bound: 10_000) { "<a>\(repeated($0 - 1) { "<n\($0)/>" })</a>" },
    Bound(name: "names of attributes", code: .tooManyNames, bound: 10_000) { "<a>\(repeated($0 - 1) { "<a n\($0)='1'/>" })</a>" },
    Bound(name: "namespace names", code: .tooManyNames, bound: 10_000) { "<a>\(repeated($0 - 1) { "<a xmlns='n\($0)'/>" })</a>" },
    Bound(name: "processing-instruction targets", code: .tooManyNames, bound: 10_000) { "<a>\(repeated($0 - 1) { "<?n\($0)?>" })</a>" },
    Bound(name: "bytes of text", code: .textTooLarge, bound: 1 << 20) { "<a>\(String(repeating: "x", count: $0))</a>" },
    Bound(name: "bytes of text over CDATA, comments and references", code: .textTooLarge, bound: 1 << 20) {
      "<a>\(String(repeating: "x", count: $0 - 600_005))<!-- c --><![CDATA[\(String(repeating: "y", count: 600_000))]]>&amp;</a>"
    },
    Bound(name: "bytes of a comment", code: .commentTooLarge, bound: 1 << 20) { "<a><!--\(String(repeating: "x", count: $0 - 7))--></a>" },
    Bound(name: "bytes of a processing instruction", code: .commentTooLarge, bound: 1 << 20) {
      "<a><?t \(String(repeating: "x", count: $0 - 6))?></a>"
    },
    Bound(name: "bytes of the document", code: .documentTooLarge, bound: 1 << 20, limits: XMLLimits(documentBytes: 1 << 20)) {
      "<a>\(String(repeating: "<b>x</b>", count: ($0 - 7) / 8))\(String(repeating: " ", count: ($0 - 7) % 8))</a>"
    },
  ]

  @Test(arguments: bounds) func theBoundItselfIsAccepted(bound: Bound) {
    #expect(refusal(bound.document(bound.bound), limits: bound.limits) == nil)
  }

  @Test(arguments: bounds) func oneMoreIsRefused(bound: Bound) {
    #expect(refusal(bound.document(bound.bound + 1), limits: bound.limits)?.code == bound.code)
  }

  /// Text between tags starts anew with each tag, so a large document of small texts is no large text.
  @Test func textIsCountedBetweenTags() {
    let item = "<b>\(String(repeating: "x", count: 1_000))</b>"
    #expect(refusal("<a>\(String(repeating: item, count: 2_000))</a>") == nil)
  }

  @Test func aTagIsRefusedBeforeItsEndIsSeen() {
    let issue = refusal("<r>\n <a b='\(String(repeating: "x", count: 10_000_000))")
    #expect(issue?.code == .startTagTooLarge)
    #expect(issue?.position == XMLPosition(line: 2, column: 2))
    #expect(issue?.elementPath == "/r")
  }

  @Test func depthHasAGreatestValue() {
    let count = XMLLimits.greatestDepth + 1
    let document = String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
    #expect(refusal(document, limits: XMLLimits(depth: 1_000_000))?.code == .tooDeep)
  }

  @Test func aFileIsMeasuredBeforeItIsRead() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("<a>0123456789</a>", to: "doc.xml")
    #expect(throws: Never.self) { _ = try XMLDocument(path: path, limits: XMLLimits(documentBytes: 17)) }
    #expect { try XMLReader(path: path, limits: XMLLimits(documentBytes: 16)) } throws: {
      ($0 as? XMLIssue)?.code == .documentTooLarge
    }
    #expect { try XMLReader(path: folder.path) } throws: { ($0 as? XMLIssue)?.code == .fileUnreadable }
    #expect { try XMLReader(path: path + ".absent") } throws: { "\($0)".contains("No such file") }
  }

  /// What libxml2 takes quadratic time for is refused at a place that does not depend on the size of the flood.
  @Test(arguments: ["attributes", "namespaces", "names", "depth"]) func floodsAreRefusedEarly(flood: String) throws {
    func document(_ count: Int) -> String {
      switch flood {
      case "attributes": "<a \(Self.repeated(count) { "a\($0)='' " })/>"
      case "namespaces": "<a \(Self.repeated(count) { "xmlns:a\($0)='u' " })/>"
      case "names": "<a>\(Self.repeated(count) { "<n\($0)/>" })</a>"
      default: Self.repeated(count) { _ in "<a>" }
      }
    }
    let (small, large) = (try #require(refusal(document(20_000))), try #require(refusal(document(300_000))))
    #expect(large.code == small.code)
    #expect(large.position == small.position)
    #expect(large.code != .notWellFormed)
  }
}
