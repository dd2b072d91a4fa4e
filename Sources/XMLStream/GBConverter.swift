import Glibc

/// Converts text of the GB family, which Chinese systems still write, to UTF-8, chunk by chunk, by glibc's `iconv`.
///
/// GB 2312 is part of GBK and GBK of GB 18030, so that the last one reads all three. Every byte sequence that is none of its
/// characters is a fault: nothing is replaced or left out.
@safe
final class GBConverter {
  /// What a document may declare, in capitals.
  static let names: Set<String> = ["GB2312", "GB_2312-80", "EUC-CN", "GBK", "CP936", "MS936", "WINDOWS-936", "GB18030"]

  private let descriptor: iconv_t

  /// Nil where this machine's C library cannot convert.
  init?() {
    let opened = unsafe iconv_open("UTF-8", "GB18030")
    guard let opened = unsafe opened, Int(bitPattern: opened) != -1 else { return nil }
    unsafe descriptor = opened
  }

  deinit { unsafe iconv_close(descriptor) }

  /// Converts as far as characters are whole.
  ///
  /// - Returns: UTF-8, how many bytes were read, and whether a byte follows that begins no character.
  func convert(_ input: [UInt8]) -> (text: [UInt8], taken: Int, isInvalid: Bool) {
    var taken = 0
    var isInvalid = false
    // Four bytes give at most four, two at most three.
    let capacity = 2 * input.count + 16
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
