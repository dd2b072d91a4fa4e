/// Finds lines and columns of octets.
///
/// It keeps the lines of some offsets alone: a file may have as many lines as octets, and few of them are ever told of.
struct CSVPlaces: Sendable {
  private static let stride = 1 << 16

  private let octets: [UInt8]
  private let lineEnd: UInt8
  /// For every ``stride`` octets: which line stands there, and where it begins.
  private var marks: [(line: Int, start: Int)] = []

  init(_ octets: [UInt8], _ lineEnd: UInt8) {
    self.octets = octets
    self.lineEnd = lineEnd
    var (line, start) = (1, octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    for (offset, octet) in octets.enumerated() {
      if offset % Self.stride == 0 { marks.append((line, start)) }
      if octet == lineEnd { (line, start) = (line + 1, offset + 1) }
    }
  }

  func fault(_ message: String, at offset: Int) -> CSVFault {
    var (line, start) = marks.isEmpty ? (1, 0) : marks[min(offset / Self.stride, marks.count - 1)]
    let mark = min(offset / Self.stride, max(0, marks.count - 1)) * Self.stride
    for index in mark..<max(mark, min(offset, octets.count)) where octets[index] == lineEnd { (line, start) = (line + 1, index + 1) }
    let before = octets[min(start, offset)..<min(max(offset, start), octets.count)]
    // Octets that continue a character are none of their own.
    return CSVFault(line: line, column: before.count { $0 & 0xC0 != 0x80 } + 1, message: message)
  }
}
