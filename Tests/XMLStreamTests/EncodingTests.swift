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

  static let declared: [(String, [UInt8], String)] = [
    ("ISO-8859-1", [0xE4, 0xDF, 0xA4], "äß¤"), ("iso-8859-15", [0xE4, 0xA4], "ä€"), ("Windows-1252", [0x80, 0xE4, 0x97], "€ä—"),
    ("cp1250", [0xB9, 0xE8], "ąč"), ("Big5", [0xA4, 0xA4], "中"), ("Shift_JIS", [0x83, 0x4E, 0x83, 0x5C], "クソ"), ("gbk", [0xC3, 0xB3], "贸"),
  ]

  /// Also where a character of two bytes has one of ASCII, and where a piece ends within it.
  @Test(arguments: declared.indices) func declaredCharsetsAreRead(index: Int) throws {
    let (name, bytes, text) = Self.declared[index]
    let many = 40_000
    let document =
      Array("<?xml version='1.0' encoding='\(name)'?><a>x".utf8) + Array(repeatElement(bytes, count: many).joined()) + Array("</a>".utf8)
    #expect(try XMLDocument(parsing: document, file: name).root.text == "x" + String(repeating: text, count: many))
  }

  static let refused: [(String, [UInt8], XMLIssue.Code)] = [
    ("declared KOI8-R", Array("<?xml version='1.0' encoding='KOI8-R'?><a/>".utf8), .encodingUnsupported),
    (
      "Windows-1252 declared ISO-8859-1", Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0x80] + Array("</a>".utf8),
      .encodingInvalid
    ),
    (
      "a byte that Windows-1252 has no character for", Array("<?xml version='1.0' encoding='windows-1252'?><a>".utf8) + [0x81, 0x3C],
      .encodingInvalid
    ),
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
