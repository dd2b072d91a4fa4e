import Glibc

/// The encodings in which files of other systems may come.
enum TextEncoding: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
  case utf16LE = "utf-16le"
  case utf16BE = "utf-16be"
  case latin1 = "iso-8859-1"
  case latin9 = "iso-8859-15"
  case windows1250 = "windows-1250"
  case windows1252 = "windows-1252"
  case gb18030 = "gb18030"
  case gbk = "gbk"
  case gb2312 = "gb2312"
  case big5 = "big5"
  case shiftJIS = "shift_jis"

  /// As the C library names it; what calls itself GB2312 or GBK mostly holds characters of their superset.
  private var libraryName: String {
    switch self {
    case .gbk, .gb2312: "GB18030"
    case .utf16: "UTF-16LE"
    default: rawValue.uppercased()
    }
  }

  /// The octets as UTF-8. A byte order mark says more than what was named.
  ///
  /// - Throws: ``CSVFaults`` with the line of the first octet that is none of the encoding.
  static func utf8(_ octets: [UInt8], as named: TextEncoding) throws -> [UInt8] {
    if octets.starts(with: [0xEF, 0xBB, 0xBF]) { return try UTF8Text.checked(octets) }
    if octets.starts(with: [0xFF, 0xFE]) { return try utf16LE.converted(Array(octets.dropFirst(2))) }
    if octets.starts(with: [0xFE, 0xFF]) { return try utf16BE.converted(Array(octets.dropFirst(2))) }
    if named == .utf8 { return try UTF8Text.checked(octets) }
    if let place = named.isContradicted(by: octets) {
      let text = UTF8Text.sequence(octets, at: place)
      var fault = UTF8Text.fault(
        octets, at: place,
        "the octets 0x\(Array(text.utf8).hexadecimal) are \"\(text)\" in UTF-8, as all of the file is, and it was said to be \(named.rawValue): nothing was read; declare utf-8 in the mapping's <csv>, or name --encoding utf-8; a file that is \(named.rawValue) in truth is to be saved as UTF-8 first"
      )
      fault.code = "ENCODING_CONTRADICTED"
      throw CSVFaults([fault])
    }
    return try named.converted(octets)
  }

  /// Where the first sequence of several octets stands, of a file that is UTF-8 from its first octet to its last, so that to read it in
  /// this encoding would make other characters of it.
  ///
  /// Text of an encoding of one octet for each character is UTF-8 by chance only if every letter beyond ASCII stands before a sign that
  /// makes it so. Two octets of an encoding of East Asia are so more often: there, four sequences of three octets are needed.
  private func isContradicted(by octets: [UInt8]) -> Int? {
    let (longest, most): (UInt8, Int)
    switch self {
    case .utf8, .utf16, .utf16LE, .utf16BE: return nil
    case .latin1, .latin9, .windows1250, .windows1252: (longest, most) = (0xC2, 1)
    case .gb18030, .gbk, .gb2312, .big5, .shiftJIS: (longest, most) = (0xE0, 4)
    }
    var found = 0
    for octet in octets where octet >= longest {
      found += 1
      if found == most { break }
    }
    guard found == most, (try? UTF8Span(validating: octets.span)) != nil else { return nil }
    return octets.firstIndex { $0 >= 0x80 }
  }

  private func converted(_ octets: [UInt8]) throws -> [UInt8] {
    guard let converter = iconv_open("UTF-8", libraryName), Int(bitPattern: converter) != -1 else {
      throw InfrastructureFailure("ENCODING_UNKNOWN", "the C library of this machine cannot read \(rawValue)")
    }
    defer { iconv_close(converter) }
    var input = octets.map { CChar(bitPattern: $0) }
    var text: [UInt8] = []
    text.reserveCapacity(octets.count * 3 / 2)
    var buffer = [CChar](repeating: 0, count: 65_536)
    let consumed = input.withUnsafeMutableBufferPointer { input -> Int in
      var next = input.baseAddress
      var left = input.count
      while left > 0 {
        let failed = buffer.withUnsafeMutableBufferPointer { buffer -> Int32 in
          var end = buffer.baseAddress
          var room = buffer.count
          let result = iconv(converter, &next, &left, &end, &room)
          let error = errno
          text.append(contentsOf: buffer[..<(buffer.count - room)].map { UInt8(bitPattern: $0) })
          return result == -1 ? error : 0
        }
        if failed != 0, failed != E2BIG { break }
      }
      return input.count - left
    }
    if consumed < octets.count {
      let line = text.count { $0 == 0x0A } + 1
      let column = (text.lastIndex(of: 0x0A).map { text[($0 + 1)...] } ?? text[...]).count { $0 & 0xC0 != 0x80 } + 1
      throw CSVFaults([
        CSVFault(line: line, column: column, message: "the octet 0x\([octets[consumed]].hexadecimal) is no character of \(rawValue)")
      ])
    }
    return text
  }
}

private enum UTF8Text {
  static func checked(_ octets: [UInt8]) throws -> [UInt8] {
    do {
      _ = try UTF8Span(validating: octets.span)
      return octets
    } catch {
      let place = error.byteOffsets.lowerBound
      throw CSVFaults([
        fault(octets, at: place, "the octet 0x\([octets[place]].hexadecimal) is no UTF-8; name what the file is with --encoding")
      ])
    }
  }

  /// A fault at an octet before which everything is UTF-8.
  static func fault(_ octets: [UInt8], at place: Int, _ message: String) -> CSVFault {
    let before = octets[..<place]
    let line = before.count { $0 == 0x0A } + 1
    let column = (before.lastIndex(of: 0x0A).map { before[($0 + 1)...] } ?? before).count { $0 & 0xC0 != 0x80 } + 1
    return CSVFault(line: line, column: column, message: message)
  }

  /// The character that begins at an octet.
  static func sequence(_ octets: [UInt8], at place: Int) -> String {
    String(String(decoding: octets[place...].prefix(4), as: UTF8.self).unicodeScalars.prefix(1))
  }
}
