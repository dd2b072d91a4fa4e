import Testing

/// What came back for a request, read octet by octet.
enum Answer: Hashable, Sendable {
  /// The octets of the result, from the start of the body.
  case result([UInt8])
  case userException(String)
  /// Name, minor code, completion status: 0 yes, 1 no, 2 maybe.
  case systemException(String, UInt32, UInt32)
  /// LOCATION_FORWARD to a reference with this type id.
  case forward(String)
  case needsAddressingMode(UInt16)
  /// The status of a LocateReply.
  case located(UInt32)

  /// The error of a request that the servant never saw.
  static func refused(_ name: String, _ minor: UInt32 = 0) -> Answer { .systemException(name, minor, 1) }
  static let nothing = Answer.result([])
}

/// The standard's minor codes start with this.
let omg: UInt32 = 0x4F4D_0000

/// A message as the server wrote it.
struct Message: Hashable, Sendable, CustomStringConvertible {
  let form: Form
  let flags: UInt8
  let type: UInt8
  /// From the GIOP header on.
  let octets: [UInt8]

  /// - Parameter octets: a whole message.
  init(_ octets: [UInt8]) throws {
    guard octets.count >= 12, Array(octets[..<4]) == Array("GIOP".utf8), octets[4] == 1, octets[5] <= 2 else {
      throw Unreadable(what: "no GIOP 1.x header", octets: octets)
    }
    form = Form(minor: octets[5], isLittle: octets[6] & 1 == 1)
    flags = octets[6]
    type = octets[7]
    self.octets = octets
  }

  var description: String { "type \(type), \(form), \(octets.count) octets" }

  struct Unreadable: Error {
    let what: String
    let octets: [UInt8]
  }

  /// The request id and what it is answered with, of a Reply or LocateReply.
  func answer() throws -> (id: UInt32, answer: Answer) {
    var reader = Reader(octets: octets, index: 12, isLittle: form.isLittle)
    if type == 4 {
      let (id, status) = (try reader.long(), try reader.long())
      if status == 2 { return (id, .forward(try reader.string())) }
      return (id, status == 5 ? .needsAddressingMode(try reader.short()) : .located(status))
    }
    guard type == 1 else { throw Unreadable(what: "message type \(type) is no reply", octets: octets) }
    if form.minor < 2 { try reader.skipContexts() }
    let id = try reader.long()
    let status = try reader.long()
    if form.minor == 2 { try reader.skipContexts() }
    if form.minor == 2 && reader.index < octets.count { reader.align(8) }
    switch status {
    case 0: return (id, .result(Array(octets[reader.index...])))
    case 1: return (id, .userException(try reader.string()))
    case 2:
      let name = try reader.string()
      guard name.hasPrefix("IDL:omg.org/CORBA/"), name.hasSuffix(":1.0") else {
        throw Unreadable(what: "\(name) is no system exception", octets: octets)
      }
      let answer = Answer.systemException(String(name.dropFirst(18).dropLast(4)), try reader.long(), try reader.long())
      guard reader.index == octets.count else { throw Unreadable(what: "octets behind an exception", octets: octets) }
      return (id, answer)
    case 3: return (id, .forward(try reader.string()))
    case 5: return (id, .needsAddressingMode(try reader.short()))
    default: throw Unreadable(what: "reply status \(status)", octets: octets)
    }
  }
}

/// Reads values of a message, aligned from its first octet on.
struct Reader {
  let octets: [UInt8]
  var index: Int
  let isLittle: Bool

  mutating func align(_ size: Int) { index = (index + size - 1) / size * size }

  private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    guard count >= 0, index + count <= octets.count else { throw Message.Unreadable(what: "ends at \(index)", octets: octets) }
    defer { index += count }
    return octets[index..<index + count]
  }

  private mutating func number(_ size: Int) throws -> UInt32 {
    align(size)
    let wire = try take(size)
    return (isLittle ? Array(wire.reversed()) : Array(wire)).reduce(0) { $0 << 8 | UInt32($1) }
  }

  mutating func short() throws -> UInt16 { UInt16(try number(2)) }
  mutating func long() throws -> UInt32 { try number(4) }

  mutating func string() throws -> String {
    let octets = try take(Int(try long()))
    guard octets.last == 0 else { throw Message.Unreadable(what: "a string without its zero", octets: self.octets) }
    return String(decoding: octets.dropLast(), as: UTF8.self)
  }

  mutating func skipContexts() throws {
    for _ in 0..<(try long()) {
      _ = try long()
      _ = try take(Int(try long()))
    }
  }
}
