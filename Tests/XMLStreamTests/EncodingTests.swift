import Testing

@testable import XMLStream

@Suite struct EncodingTests {
  static let text = "<a b='ä'>汉字😀\(String(repeating: "ü", count: 40_000))</a>"

  static let accepted: [(String, [UInt8])] = [
    ("UTF-8", Array(text.utf8)),
    ("UTF-8 declared", Array("<?xml version=\"1.0\" encoding=\"utf-8\"?>\(text)".utf8)),
    ("UTF-8 with a byte order mark", Array("\u{FEFF}<?xml version='1.0' encoding = 'UTF-8' standalone='yes'?>\(text)".utf8)),
    ("UTF-16LE", utf16(text, bigEndian: false)),
    ("UTF-16BE", utf16(text, bigEndian: true)),
    ("UTF-16LE declared", utf16("<?xml version='1.0' encoding='UTF-16'?>\(text)", bigEndian: false)),
    ("UTF-16BE declared", utf16("<?xml version='1.0' encoding='UTF-16BE'?>\(text)", bigEndian: true)),
    ("UTF-16LE without a mark", Array(utf16("<?xml version='1.0' encoding='UTF-16LE'?>\(text)", bigEndian: false).dropFirst(2))),
  ]

  @Test(arguments: accepted.indices) func everyEncodingGivesTheSameText(index: Int) throws {
    let root = try XMLDocument(parsing: Self.accepted[index].1, file: Self.accepted[index].0).root
    #expect(root["b"] == "ä")
    #expect(root.text == "汉字😀\(String(repeating: "ü", count: 40_000))")
  }

  static let refused: [(String, [UInt8], XMLIssue.Code)] = [
    ("declared ISO-8859-1", Array("<?xml version='1.0' encoding='ISO-8859-1'?><a/>".utf8), .encodingUnsupported),
    ("declared UTF-16 and is not", Array("<?xml version='1.0' encoding='UTF-16'?><a/>".utf8), .encodingUnsupported),
    ("declared UTF-8 and is UTF-16", utf16("<?xml version='1.0' encoding='UTF-8'?><a/>", bigEndian: true), .encodingUnsupported),
    ("UTF-32", [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x3C], .encodingUnsupported),
    ("a mark of UTF-16 after one of UTF-8", [0xEF, 0xBB, 0xBF, 0xFF, 0xFE, 0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E, 0], .encodingInvalid),
    ("Latin-1 in what should be UTF-8", Array("<a>".utf8) + [0xE4] + Array("</a>".utf8), .encodingInvalid),
    ("an overlong form", Array("<a>".utf8) + [0xC0, 0xBC] + Array("</a>".utf8), .encodingInvalid),
    ("a surrogate in UTF-8", Array("<a>".utf8) + [0xED, 0xA0, 0x80] + Array("</a>".utf8), .encodingInvalid),
    ("a character cut at the end", Array("<a></a>".utf8) + [0xE6, 0xB1], .encodingInvalid),
    ("a lone surrogate in UTF-16", utf16("<a>", bigEndian: true) + [0xD8, 0] + [0, 0x3C], .encodingInvalid),
    ("half a unit at the end of UTF-16", utf16("<a/>", bigEndian: true) + [0], .encodingInvalid),
  ]

  @Test(arguments: refused.indices) func otherEncodingsAreRefused(index: Int) {
    #expect(refusal(Self.refused[index].1)?.code == Self.refused[index].2, "\(Self.refused[index].0)")
  }

  @Test func aBadByteHasItsPlace() {
    let issue = refusal(Array("<a>\n <b x='ü".utf8) + [0xFF] + Array("'/></a>".utf8))
    #expect(issue?.position == XMLPosition(line: 2, column: 9))
    #expect(issue?.message == "The byte 0xFF is not valid UTF-8.")
    #expect(issue?.elementPath == "/a")
  }
}
