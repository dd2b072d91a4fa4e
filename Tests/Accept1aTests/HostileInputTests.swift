import CDR
import Foundation
import Testing
import WireValues

/// Truncated and lying input is refused, and costs no memory beyond its own size.
@Suite struct HostileInputTests {
  @Test(arguments: subjects) func everyTruncationIsRefused(_ subject: Subject) throws {
    var random = RandomValues(seed: 7)
    for _ in 0..<6 {
      let whole = try subject.encode(random.value(subject.typeCode), WireFormat())
      for count in 0..<min(whole.count, 600) {
        let part = Array(whole[..<count])
        #expect(throws: CDRError.self, "\(count) of \(whole.count) octets") { try subject.decode(part, WireFormat()) }
        #expect(throws: CDRError.self, "\(count) of \(whole.count) octets") { try subject.decodeDynamically(part, WireFormat()) }
      }
    }
  }

  /// Any word of a message may be a length, and may lie. Most lies are refused; some words are numbers, for which any value is right.
  @Test(arguments: subjects) func lyingLengthsTakeNoMemory(_ subject: Subject) throws {
    var random = RandomValues(seed: 11)
    let before = try peakOfVirtualMemory()
    for _ in 0..<6 {
      let whole = try subject.encode(random.value(subject.typeCode), WireFormat(byteOrder: .bigEndian))
      for offset in stride(from: 0, to: min(whole.count, 400) - 3, by: 4) {
        for lie in [[0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0x00, 0x00, 0xFF, 0xFF]] as [[UInt8]] {
          var lying = whole
          lying.replaceSubrange(offset..<offset + 4, with: lie)
          _ = try? subject.decode(lying, WireFormat(byteOrder: .bigEndian))
          _ = try? subject.decodeDynamically(lying, WireFormat(byteOrder: .bigEndian))
        }
      }
    }
    // One lie believed would reserve as much as it claims, or more: half of it is far beyond what the other tests of this process take.
    let growth = try peakOfVirtualMemory() - before
    #expect(growth < Int(Int32.max / 2), "the address space grew by \(growth) octets")
  }

  /// A length that claims as many elements as there can be is refused at once, for every element type.
  @Test(arguments: [0xFFFF_FFFF, 0x8000_0000, 0x7FFF_FFFF, 0x0100_0000] as [UInt32]) func hugeSequencesAreRefused(_ count: UInt32) throws {
    var encoder = CDREncoder()
    encoder.encode(count)
    encoder.encode(0 as UInt64)
    let octets = encoder.array
    for type in [TypeCode.octet, .double, .string(bound: 0), .wstring(bound: 0), Accept.Outer.typeCode, Accept.Tree.typeCode, .boolean] {
      var decoder = CDRDecoder(octets.span.bytes)
      var refusal: CDRError?
      do { _ = try decoder.decodeValue(.sequence(element: type, bound: 0)) } catch { refusal = error }
      #expect(refusal == .countExceedsMessage(count: Int(count), available: octets.count - 4, offset: 0), "\(type)")
    }
    var decoder = CDRDecoder(octets.span.bytes)
    var refusal: CDRError?
    do { _ = try decoder.decode([Accept.Everything].self) } catch { refusal = error }
    #expect(refusal == .countExceedsMessage(count: Int(count), available: octets.count - 4, offset: 0))
  }

  @Test func boundsHoldBothWays() throws {
    let long = String(repeating: "x", count: 21)
    let texts = Accept.Texts(free: "", bounded: long, anonymous: "", broad: "", briefly: "", last: 0)
    var encoder = CDREncoder()
    #expect(throws: CDRError.boundExceeded(bound: 20, actual: 21, offset: 5)) { try texts.encode(into: &encoder) }

    var forged = CDREncoder()
    try forged.encode("")
    try forged.encode(long)
    try forged.encode("")
    #expect(throws: CDRError.boundExceeded(bound: 20, actual: 21, offset: 8)) {
      var decoder = CDRDecoder(forged.bytes)
      _ = try Accept.Texts(from: &decoder)
    }
  }

  @Test func unknownEnumeratorsAreRefused() throws {
    var encoder = CDREncoder()
    encoder.encode(3 as UInt32)
    #expect(throws: CDRError.invalidEnumerator(3, type: "Colour", offset: 0)) {
      var decoder = CDRDecoder(encoder.bytes)
      _ = try Accept.Colour(from: &decoder)
    }
  }

  /// A tree of a hundred thousand levels in a small message must not overflow the stack.
  @Test func deepNestingIsRefused() throws {
    var encoder = CDREncoder()
    for _ in 0..<100_000 {
      try encoder.encode("")
      encoder.encode(1 as UInt32)
    }
    let octets = encoder.array
    #expect(throws: CDRError.nestingTooDeep(limit: CDRDecoder.maximumDepth)) {
      var decoder = CDRDecoder(octets.span.bytes)
      _ = try Accept.Tree(from: &decoder)
    }
    #expect(throws: CDRError.nestingTooDeep(limit: CDRDecoder.maximumDepth)) {
      var decoder = CDRDecoder(octets.span.bytes)
      _ = try decoder.decodeValue(Accept.Tree.typeCode)
    }
  }

  /// The most address space that this process ever had, in octets, untouched reservations included.
  private func peakOfVirtualMemory() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmPeak:") })
    return try #require(line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap { Int($0) }) << 10
  }
}
