/// The bytes of a file with line ends made `\n` and continued lines joined.
struct CleanSource {
  /// The text without byte-order mark, carriage returns and backslash-newline pairs.
  private(set) var bytes: [UInt8] = []

  /// The positions in ``bytes`` in front of which a backslash-newline pair was removed, ascending.
  private(set) var splices: [Int] = []

  init(_ raw: [UInt8]) {
    let (newline, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    bytes.reserveCapacity(raw.count)
    var index = raw.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while index < raw.count {
      let byte = raw[index]
      index += 1
      if byte == carriageReturn {
        if index < raw.count, raw[index] == newline { index += 1 }
        bytes.append(newline)
      } else if byte == UInt8(ascii: "\\"), index < raw.count, raw[index] == newline || raw[index] == carriageReturn {
        index += raw[index] == carriageReturn && index + 1 < raw.count && raw[index + 1] == newline ? 2 : 1
        splices.append(bytes.count)
      } else {
        bytes.append(byte)
      }
    }
  }
}
