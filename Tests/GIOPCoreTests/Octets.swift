import CDR
import GIOPCore

/// The octets of hexadecimal text; blanks and line ends between digits count for nothing.
func octets(_ hexadecimal: String) -> [UInt8] {
  let digits = hexadecimal.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}

func hex(_ octets: [UInt8]) -> String {
  octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}

func copy(_ span: RawSpan) -> [UInt8] { span.withUnsafeBytes { [UInt8]($0) } }

/// What `body` writes into an empty encoder.
func written(_ body: (inout CDREncoder) -> Void) -> [UInt8] {
  var encoder = CDREncoder()
  body(&encoder)
  return encoder.array
}

/// Every form in which a message can travel.
let everyFormat: [WireFormat] = WireFormat.Version.allCases.flatMap { version in
  [ByteOrder.bigEndian, .littleEndian].map { WireFormat(byteOrder: $0, version: version) }
}

/// A Request with the given argument octets.
func request(
  _ id: UInt32, _ operation: String = "nop", key: [UInt8] = [1, 2, 3], arguments: [UInt8] = [], flags: ResponseFlags = .syncWithTarget,
  contexts: [ServiceContext] = [], format: WireFormat = WireFormat()
) -> [UInt8] {
  written { encoder in
    let message = encoder.beginRequest(
      id, .key(key), operation: operation, responseFlags: flags, serviceContexts: contexts, format: format)
    for octet in arguments { encoder.encode(octet) }
    encoder.endMessage(message)
  }
}

/// A Reply without exception whose result are the given octets.
func reply(_ id: UInt32, result: [UInt8] = [], format: WireFormat = WireFormat()) -> [UInt8] {
  written { encoder in
    let message = encoder.beginReply(to: id, format: format)
    for octet in result { encoder.encode(octet) }
    encoder.endMessage(message)
  }
}

/// A message cut into a first part and GIOP 1.2 (or 1.1) fragments; the first part ends at octet `first`, a multiple of 8.
func fragments(of message: [UInt8], first: Int, each: Int) -> [[UInt8]] {
  let little = message[6] & 1 == 1
  func sized(_ octets: [UInt8], more: Bool, type: UInt8? = nil) -> [UInt8] {
    var result = octets
    result[6] = (little ? 1 : 0) | (more ? 2 : 0)
    if let type { result[7] = type }
    let size = UInt32(octets.count - 12)
    let wire = little ? size : size.byteSwapped
    for index in 0..<4 { result[8 + index] = UInt8(truncatingIfNeeded: wire >> (8 * UInt32(index))) }
    return result
  }
  let head = Array(message[..<12]) + (message[5] >= 2 ? message[12..<16] : [])
  var parts = [sized(Array(message[..<first]), more: true)]
  var index = first
  while index < message.count {
    let end = min(index + each, message.count)
    parts.append(sized(head + message[index..<end], more: end < message.count, type: 7))
    index = end
  }
  return parts
}

/// A reproducible source of random numbers (SplitMix64).
struct Randomness: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}
