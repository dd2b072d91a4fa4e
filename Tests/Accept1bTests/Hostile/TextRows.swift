extension Row {
  private static func say(_ octets: [UInt8]) -> @Sendable (Form) -> [UInt8] {
    { $0.request("say", contexts: [.unicode]) { $0.string(octets) } }
  }

  /// A wide string in the form of its version: UTF-16 by octets in GIOP 1.2, by units with a zero at the end in GIOP 1.1.
  private static func wide(_ operation: String, _ units: [UInt16], contexts: [Context] = [.unicode]) -> @Sendable (Form) -> [UInt8] {
    { form in
      form.request(operation, contexts: contexts) { octets in
        if form.minor == 2 {
          octets.blob(units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        } else {
          octets.long(UInt32(units.count + 1))
          for unit in units + [0] { octets.short(unit) }
        }
      }
    }
  }

  private static let noText = Answer.refused("DATA_CONVERSION", noCharacters)
  private static let noWideText = Answer.refused("BAD_PARAM", omg | 23)
  private static let unknownSet = Answer.refused("CODESET_INCOMPATIBLE", omg | 2)

  static let texts: [Row] = [
    // Octets that are no UTF-8, on connections that agreed on it.
    Row("an octet that UTF-8 does not have", Form.recent, noText, say([0xFF])),
    Row("a character without its second octet", Form.recent, noText, say([0xC3, 0x28])),
    Row("a character cut short by the end", Form.recent, noText, say([0x61, 0xE6, 0xB1])),
    Row("a zero in two octets", Form.recent, noText, say([0xC0, 0x80])),
    Row("a surrogate", Form.recent, noText, say([0xED, 0xA0, 0x80])),
    Row("a character beyond the last", Form.recent, noText, say([0xF4, 0x90, 0x80, 0x80])),
    Row("ISO 8859-1 instead of UTF-8", Form.recent, noText, say([0x67, 0x72, 0xFC, 0x6E])),
    // Where nothing was agreed on, every octet is a character of ISO 8859-1.
    Row("any octet in GIOP 1.0", Form.giop10.filter(\.isLittle), .result([2, 0, 0, 0, 0xFF, 0])) {
      $0.request("say") { $0.string([0xFF]) }
    },
    Row("any octet without code sets", Form.recent.filter(\.isLittle), .result([2, 0, 0, 0, 0xFF, 0])) {
      $0.request("say") { $0.string([0xFF]) }
    },
    // Carried out, but the answer cannot be told.
    Row("what must be answered in Chinese, in ISO 8859-1", .systemException("DATA_CONVERSION", omg | 1, 0)) { $0.request("speakChinese") },
    Row(
      "what must be answered in Chinese, in UTF-8", Form.recent.filter(\.isLittle),
      .result([7, 0, 0, 0, 0xE6, 0xB1, 0x89, 0xE5, 0xAD, 0x97, 0])
    ) { $0.request("speakChinese", contexts: [.unicode]) },

    // Wide text.
    Row("wide text in GIOP 1.0", Form.giop10, .refused("MARSHAL", omg | 5), wide("sayWide", [0x61])),
    Row("wide text without code sets", Form.recent, noWideText, wide("sayWide", [0x61], contexts: [])),
    Row(
      "wide text with a code set for other text only", Form.recent, noWideText,
      wide("sayWide", [0x61], contexts: [.codeSets(char: Context.utf8, wide: 0)])),
    Row("half a surrogate pair", Form.recent, noText, wide("sayWide", [0xD83D, 0x61])),
    Row("a surrogate pair the wrong way round", Form.recent, noText, wide("sayWide", [0xDE00, 0xD83D])),
    Row("half a surrogate pair at the end", Form.recent, noText, wide("sayWide", [0x61, 0xD83D])),
    Row("wide text with a zero inside", Form.recent, .refused("MARSHAL", noString), wide("sayWide", [0x61, 0, 0x62])),
    Row("a wstring<8> of 9", Form.recent, .refused("MARSHAL", outOfBounds), wide("sayBriefly", [UInt16](repeating: 0x61, count: 9))),
    Row("wide text of 4 GiB", Form.recent, .refused("MARSHAL", countTooLarge)) {
      $0.request("sayWide", contexts: [.unicode]) { $0.long(.max) }
    },
    Row("wide text of three octets", Form.giop12, .refused("MARSHAL", noString)) {
      $0.request("sayWide", contexts: [.unicode]) { $0.blob([0, 0x61, 0]) }
    },
    Row("wide text without its zero", Form.giop11, .refused("MARSHAL", noString)) {
      $0.request("sayWide", contexts: [.unicode]) {
        $0.long(1)
        $0.short(0x61)
      }
    },
    Row("wide text of length 0", Form.giop11, .refused("MARSHAL", noString)) { $0.request("sayWide", contexts: [.unicode]) { $0.long(0) } },

    // Code sets.
    Row("a code set that we do not have", Form.recent, unknownSet) {
      $0.request("nop", contexts: [.codeSets(char: 0x1002_0025, wide: Context.utf16, isLittle: $0.isLittle)])
    },
    Row("a wide code set that we do not have", Form.recent, unknownSet) {
      $0.request("nop", contexts: [.codeSets(char: Context.utf8, wide: 0x0001_0106, isLittle: $0.isLittle)])
    },
    Row("UTF-8 as wide code set", Form.recent, unknownSet) {
      $0.request("nop", contexts: [.codeSets(char: Context.utf8, wide: Context.utf8)])
    },
    .silent("a code set that we do not have, oneway", Form.recent) {
      $0.request("nop", response: 0, contexts: [.codeSets(char: 4711, wide: 0)])
    },
    Row("code sets without octets", Form.recent, .refused("MARSHAL", truncated)) {
      $0.request("nop", contexts: [Context(id: 1, data: [])])
    },
    Row("code sets cut short", Form.recent, .refused("MARSHAL", truncated)) {
      $0.request("nop", contexts: [Context(id: 1, data: [1, 0, 0, 0, 1, 0, 1, 5])])
    },
    Row("code sets in the byte order 7", Form.recent, .refused("MARSHAL", noBoolean)) {
      $0.request("nop", contexts: [Context(id: 1, data: [7, 0, 0, 0, 1, 0, 1, 0, 9, 1, 1, 0])])
    },
    Row("code sets in GIOP 1.0, which has none", Form.giop10, .nothing) { $0.request("nop", contexts: [Context(id: 1, data: [7])]) },

    // Service contexts.
    Row("contexts that nobody knows", .nothing) {
      $0.request("nop", contexts: [Context(id: 0xDEAD_BEEF, data: [9, 9, 9]), Context(id: 1_000_000, data: [])])
    },
    Row("64 contexts", .nothing) { $0.request("nop", contexts: .init(repeating: Context(id: 77, data: [1]), count: 64)) },
    .unreadable("65 contexts") { $0.request("nop", contexts: .init(repeating: Context(id: 77, data: [1]), count: 65)) },
    .unreadable("a context of 100,000 octets") {
      $0.request("nop", contexts: [Context(id: 77, data: .init(repeating: 1, count: 100_000))])
    },
    .unreadable("contexts of 100,000 octets together") {
      $0.request("nop", contexts: .init(repeating: Context(id: 77, data: .init(repeating: 1, count: 2000)), count: 50))
    },
    .unreadable("4 Gi contexts", Form.all.filter { $0.minor < 2 }) { $0.message(0) { $0.raw([UInt8](repeating: 0xFF, count: 200)) } },
    .unreadable("4 Gi contexts behind an operation", Form.giop12) { form in
      form.message(0) { octets in
        octets.long(1)
        octets.raw([3, 0, 0, 0])
        octets.short(0)
        octets.blob(Array("Gate".utf8))
        octets.string("nop")
        octets.raw([UInt8](repeating: 0xFF, count: 200))
      }
    },
  ]
}
