import ForeignORB
import Testing

@testable import XMLStream

/// James Clark's stand-alone cases of the W3C XML conformance suite (xmlconf 20130923).
@Suite(.needsCorpus) struct ConformanceTests {
  /// All are refused. Many declare something in an internal subset, which we refuse whatever it says.
  @Test func whatIsNotWellFormedIsRefused() throws {
    let files = try xmlFiles(in: Corpus.path("xmlconf-xmltest/not-wf/sa"))
    var codes: [XMLIssue.Code: Int] = [:]
    for file in files {
      let code = refusal(try bytes(of: file))?.code
      #expect(code != nil, "\(file)")
      if let code { codes[code, default: 0] += 1 }
    }
    print("not-wf/sa: \(files.count) refused, \(codes.sorted { $0.key.rawValue < $1.key.rawValue })")
    #expect(files.count == 187)
  }

  /// All 120 declare at least their root element in an internal subset, and are refused for it and for nothing else.
  @Test func whatIsValidIsRefusedForInternalSubsetsOnly() throws {
    var subsets = 0
    for file in try xmlFiles(in: Corpus.path("xmlconf-xmltest/valid/sa")) {
      switch refusal(try bytes(of: file))?.code {
      case .internalSubset: subsets += 1
      case let other: Issue.record("\(file): \(String(describing: other))")
      }
    }
    #expect(subsets == 120)
  }

  /// Without their internal subsets those that declare no entity and no attribute are accepted, with the content that the suite says.
  @Test func contentIsThatOfTheCanonicalForm() throws {
    var compared = 0
    for file in try xmlFiles(in: Corpus.path("xmlconf-xmltest/valid/sa")) {
      let original = try bytes(of: file)
      guard original.first == Byte.less else { continue }
      let text = String(decoding: original, as: UTF8.self)
      guard !text.contains("<!ENTITY"), !text.contains("<!ATTLIST"), !text.contains("<!NOTATION"), !text.contains("<?") else { continue }
      let canonical = file.replacing("/sa/", with: "/sa/out/")
      guard fileExists(canonical) else { continue }
      let root = try XMLDocument(parsing: InternalSubset.removed(from: original), file: file).root
      #expect(Self.canonical(root) == String(decoding: try bytes(of: canonical), as: UTF8.self), "\(file)")
      compared += 1
    }
    print("valid/sa: content of \(compared) documents compared")
    #expect(compared == 39)
  }

  /// The suite's first canonical form.
  static func canonical(_ element: XMLElement) -> String {
    func escape(_ text: String) -> String {
      text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
        .unicodeScalars.map { "\t\n\r".unicodeScalars.contains($0) ? "&#\($0.value);" : String($0) }.joined()
    }
    let attributes = element.attributes.sorted { $0.qualifiedName < $1.qualifiedName }
    let content = element.children.map { child in
      switch child {
      case .element(let element): canonical(element)
      case .text(let text): escape(text.value)
      }
    }
    return "<\(element.qualifiedName)\(attributes.map { " \($0.qualifiedName)=\"\(escape($0.value))\"" }.joined())>\(content.joined())"
      + "</\(element.qualifiedName)>"
  }
}
