import Glibc

/// An encoding that a document may declare beside those of XML itself.
struct DeclaredCharset: Sendable, Hashable {
  /// As people call it.
  let name: String
  /// As glibc's `iconv` calls it.
  let library: String

  /// The charset of a declared name, whatever its letters' case; nil where it is not read.
  static func named(_ declared: String) -> DeclaredCharset? {
    let upper = declared.uppercased()
    return all.first { $0.names.contains(upper) }?.charset
  }

  /// GB 2312 is part of GBK and GBK of GB 18030, so that the last one reads all three. The others are those that CSV files may have, too.
  private static let all: [(charset: DeclaredCharset, names: Set<String>)] = [
    (gb, ["GB2312", "GB_2312-80", "EUC-CN", "GBK", "CP936", "MS936", "WINDOWS-936", "GB18030"]),
    (latin1, ["ISO-8859-1", "ISO_8859-1", "ISO8859-1", "LATIN1", "L1"]),
    (DeclaredCharset(name: "ISO 8859-15", library: "ISO-8859-15"), ["ISO-8859-15", "ISO_8859-15", "ISO8859-15", "LATIN-9", "LATIN9"]),
    (DeclaredCharset(name: "Windows-1250", library: "WINDOWS-1250"), ["WINDOWS-1250", "CP1250"]),
    (DeclaredCharset(name: "Windows-1252", library: "WINDOWS-1252"), ["WINDOWS-1252", "CP1252"]),
    (DeclaredCharset(name: "Big5", library: "BIG5"), ["BIG5"]),
    (DeclaredCharset(name: "Shift_JIS", library: "SHIFT_JIS"), ["SHIFT_JIS", "SHIFT-JIS", "SJIS"]),
  ]

  private static let gb = DeclaredCharset(name: "GB 18030", library: "GB18030")
  static let latin1 = DeclaredCharset(name: "ISO 8859-1", library: "ISO-8859-1")

  /// The place of the first byte that is no character of the charset though `iconv` knows it: of ISO 8859-1 the controls from 0x80 to
  /// 0x9F, which nobody writes. Who sends them writes Windows-1252 and says otherwise: to read on would make other characters of them.
  func firstUnwritten(_ bytes: [UInt8]) -> Int? { self == Self.latin1 ? bytes.firstIndex { (0x80...0x9F).contains($0) } : nil }
}

/// Converts text of a charset that a document declares to UTF-8, chunk by chunk, by glibc's `iconv`.
///
/// Every byte sequence that is none of its characters is a fault: nothing is replaced or left out.
@safe
final class CharsetConverter {
  let charset: DeclaredCharset
  private let descriptor: iconv_t

  /// Nil where this machine's C library cannot convert.
  init?(_ charset: DeclaredCharset) {
    let opened = unsafe iconv_open("UTF-8", charset.library)
    guard let opened = unsafe opened, Int(bitPattern: opened) != -1 else { return nil }
    unsafe descriptor = opened
    self.charset = charset
  }

  deinit { unsafe iconv_close(descriptor) }

  /// Converts as far as characters are whole.
  ///
  /// - Returns: UTF-8, how many bytes were read, and whether a byte follows that begins no character.
  func convert(_ input: [UInt8]) -> (text: [UInt8], taken: Int, isInvalid: Bool) {
    var taken = 0
    var isInvalid = false
    // A byte gives at most three.
    let capacity = 3 * input.count + 16
    let text = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { output, count in
      unsafe input.withUnsafeBytes { bytes in
        var source = unsafe UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: CChar.self))
        var sourceLeft = bytes.count
        var target = unsafe UnsafeMutableRawPointer(output.baseAddress!).assumingMemoryBound(to: CChar.self) as UnsafeMutablePointer<CChar>?
        var targetLeft = capacity
        let result = unsafe iconv(descriptor, &source, &sourceLeft, &target, &targetLeft)
        isInvalid = result == Int(bitPattern: UInt.max) && errno == EILSEQ
        taken = bytes.count - sourceLeft
        count = capacity - targetLeft
      }
    }
    return (text, taken, isInvalid)
  }
}
