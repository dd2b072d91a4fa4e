import Glibc

/// In which encoding the interface answers.
public enum AnswerEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  /// With a byte order mark, as U8 itself writes files.
  case utf8Marked = "utf-8-bom"
  case utf16 = "utf-16"
  case gb2312
  case gb18030

  /// The document with its declaration.
  func octets(_ document: String) -> [UInt8] {
    let name = self == .utf8Marked ? "utf-8" : rawValue
    let text = "<?xml version=\"1.0\" encoding=\"\(name)\"?>\r\n" + document
    switch self {
    case .utf8: return Array(text.utf8)
    case .utf8Marked: return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    case .utf16: return [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    case .gb2312, .gb18030: return Self.gb(text)
    }
  }

  /// Text in GB 18030, of which GB 2312 is a part.
  static func gb(_ text: String) -> [UInt8] {
    guard let converter = iconv_open("GB18030", "UTF-8"), Int(bitPattern: converter) != -1 else {
      preconditionFailure("this machine's C library does not write GB 18030")
    }
    defer { iconv_close(converter) }
    var input = Array(text.utf8).map { CChar(bitPattern: $0) }
    return [UInt8](unsafeUninitializedCapacity: 4 * input.count + 16) { output, count in
      input.withUnsafeMutableBufferPointer { bytes in
        var source = bytes.baseAddress
        var sourceLeft = bytes.count
        output.withMemoryRebound(to: CChar.self) { room in
          var target = room.baseAddress
          var targetLeft = room.count
          iconv(converter, &source, &sourceLeft, &target, &targetLeft)
          count = room.count - targetLeft
        }
      }
    }
  }
}
