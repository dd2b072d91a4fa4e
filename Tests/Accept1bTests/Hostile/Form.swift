import Testing

/// A form in which messages travel: the minor version of GIOP 1 and the byte order.
///
/// Whatever the hostile tests send and read is written and read here, octet by octet, so that no error of our own codec is checked by
/// that codec.
struct Form: Hashable, Sendable, CustomStringConvertible {
  var minor: UInt8
  var isLittle: Bool

  static let all: [Form] = [0, 1, 2].flatMap { [Form(minor: $0, isLittle: false), Form(minor: $0, isLittle: true)] }
  static let giop10 = all.filter { $0.minor == 0 }
  static let giop11 = all.filter { $0.minor == 1 }
  static let giop12 = all.filter { $0.minor == 2 }
  /// Those that have code sets and fragments.
  static let recent = all.filter { $0.minor > 0 }

  var description: String { "GIOP 1.\(minor) \(isLittle ? "little" : "big")-endian" }
}

/// Octets of a message under way; values are aligned from the first one on.
struct Octets {
  private(set) var all: [UInt8] = []
  let isLittle: Bool

  init(isLittle: Bool) { self.isLittle = isLittle }

  mutating func raw(_ octets: [UInt8]) { all += octets }
  mutating func octet(_ value: UInt8) { all.append(value) }
  mutating func align(_ size: Int) { while all.count % size != 0 { all.append(0) } }
  mutating func truncate(to count: Int) { all.removeLast(all.count - count) }

  mutating func short(_ value: UInt16) {
    align(2)
    let wire = isLittle ? value.littleEndian : value.bigEndian
    withUnsafeBytes(of: wire) { all += $0 }
  }

  mutating func long(_ value: UInt32) {
    align(4)
    let wire = isLittle ? value.littleEndian : value.bigEndian
    withUnsafeBytes(of: wire) { all += $0 }
  }

  /// A string: its length with the zero at its end, unless `length` lies; its octets; `end`.
  mutating func string(_ octets: [UInt8], length: UInt32? = nil, end: [UInt8] = [0]) {
    long(length ?? UInt32(octets.count + end.count))
    all += octets + end
  }

  mutating func string(_ text: String, length: UInt32? = nil, end: [UInt8] = [0]) { string(Array(text.utf8), length: length, end: end) }

  /// A sequence of octets, whose count may lie.
  mutating func blob(_ octets: [UInt8], count: UInt32? = nil) {
    long(count ?? UInt32(octets.count))
    all += octets
  }
}

/// A service context as it goes on the wire.
struct Context: Sendable {
  var id: UInt32
  var data: [UInt8]

  /// The code sets of a connection, in an encapsulation.
  static func codeSets(char: UInt32, wide: UInt32, isLittle: Bool = true) -> Context {
    var octets = Octets(isLittle: isLittle)
    octets.octet(isLittle ? 1 : 0)
    octets.long(char)
    octets.long(wide)
    return Context(id: 1, data: octets.all)
  }

  static let latin1: UInt32 = 0x0001_0001
  static let utf8: UInt32 = 0x0501_0001
  static let utf16: UInt32 = 0x0001_0109
  static let unicode = codeSets(char: utf8, wide: utf16)
}

typealias Writing = @Sendable (inout Octets) -> Void

/// Another way to name an object than by its key.
struct Target: Sendable {
  let write: Writing
  init(_ write: @escaping Writing) { self.write = write }
}

extension Form {
  /// A whole message; the size in its header may lie.
  func message(_ type: UInt8, more: Bool = false, flags: UInt8? = nil, size: UInt32? = nil, _ body: Writing = { _ in }) -> [UInt8] {
    var octets = Octets(isLittle: isLittle)
    octets.raw(Array("GIOP".utf8) + [1, minor, flags ?? (isLittle ? 1 : 0) | (more ? 2 : 0), type, 0, 0, 0, 0])
    body(&octets)
    return sized(octets.all, size)
  }

  /// The same octets with a size in their header: that of what is there, unless it shall lie.
  func sized(_ message: [UInt8], _ size: UInt32? = nil) -> [UInt8] {
    let size = size ?? UInt32(message.count - 12)
    return message[..<8] + withUnsafeBytes(of: isLittle ? size.littleEndian : size.bigEndian) { Array($0) } + message[12...]
  }

  /// A Request; `target` writes another address than the object key.
  func request(
    _ operation: String, id: UInt32 = 1, key: String = "Gate", response: UInt8 = 3, contexts: [Context] = [],
    target: Target? = nil, _ arguments: Writing = { _ in }
  ) -> [UInt8] {
    message(0) { octets in
      func writeContexts(_ octets: inout Octets) {
        octets.long(UInt32(contexts.count))
        for context in contexts {
          octets.long(context.id)
          octets.blob(context.data)
        }
      }
      if minor < 2 { writeContexts(&octets) }
      octets.long(id)
      octets.octet(minor < 2 ? response & 1 : response)
      if minor > 0 { octets.raw([0, 0, 0]) }
      if let target {
        target.write(&octets)
      } else {
        if minor == 2 { octets.short(0) }
        octets.blob(Array(key.utf8))
      }
      octets.string(operation)
      if minor == 2 { writeContexts(&octets) } else { octets.long(0) }
      let header = octets.all.count
      if minor == 2 { octets.align(8) }
      let body = octets.all.count
      arguments(&octets)
      if octets.all.count == body { octets.truncate(to: header) }
    }
  }

  func locateRequest(id: UInt32 = 1, key: String = "Gate", target: Target? = nil) -> [UInt8] {
    message(3) { octets in
      octets.long(id)
      if let target { return target.write(&octets) }
      if minor == 2 { octets.short(0) }
      octets.blob(Array(key.utf8))
    }
  }

  func cancelRequest(_ id: UInt32) -> [UInt8] { message(2) { $0.long(id) } }

  /// A Fragment: GIOP 1.2 puts the request id before its octets.
  func fragment(_ id: UInt32, more: Bool, _ octets: [UInt8]) -> [UInt8] {
    message(7, more: more) {
      if minor == 2 { $0.long(id) }
      $0.raw(octets)
    }
  }

  /// A message cut into its first part and fragments; `first` and `each` are multiples of 8.
  func fragments(of message: [UInt8], id: UInt32 = 1, first: Int = 32, each: Int = 24) -> [[UInt8]] {
    var start = sized(Array(message[..<first]))
    start[6] |= 2
    var parts = [start]
    for index in stride(from: first, to: message.count, by: each) {
      let end = min(index + each, message.count)
      parts.append(fragment(id, more: end < message.count, Array(message[index..<end])))
    }
    return parts
  }
}
