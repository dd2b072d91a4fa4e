import ForeignORB
import Foundation
import Testing

@testable import tessera

@Suite("How CSV files are written")
struct CSVFormTests {
  @Test("What the options of push take, a mapping may say, and nothing else")
  func oneList() throws {
    let schema = try String(contentsOfFile: repositoryPath("Schemas/mapping.xsd"), encoding: .utf8)
    func values(_ type: String) -> [String] {
      let definition = schema.split(separator: "<xs:simpleType name=\"\(type)\">").last?.split(separator: "</xs:simpleType>").first ?? ""
      return definition.split(separator: "<xs:enumeration value=\"").dropFirst().compactMap {
        $0.split(separator: "\"").first.map(String.init)
      }
    }
    #expect(values("encoding") == TextEncoding.allCases.map(\.rawValue))
    #expect(values("separator") == CSVSeparator.allCases.map(\.rawValue))
  }

  @Test(
    "The separator that a first line has, where another was named",
    arguments: [
      ("a;b;c", ",", CSVSeparator.semicolon), ("a,b", ";", .comma), ("a\tb, c\td", ",", .tab), ("\"a;b;c\",d", ",", nil),
      ("a,b;c", ",", nil),
      ("sku", ",", nil), ("a|b", ",", .bar), ("\"a\";\"b\"", ",", .semicolon),
    ])
  func likely(line: String, named: String, expected: CSVSeparator?) {
    let octet = Array(named.utf8)[0]
    var columns = 1
    var isQuoted = false
    for character in line.utf8 {
      if character == UInt8(ascii: "\"") { isQuoted.toggle() }
      if character == octet, !isQuoted { columns += 1 }
    }
    #expect(CSVSeparator.likely(in: line.utf8, insteadOf: octet, columns: columns) == expected)
  }
}
