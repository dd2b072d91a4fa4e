import NIOCore
import Testing

@testable import EAIGateway

@Suite struct BodyPiecesTests {
  private func piece(_ count: Int) -> ByteBuffer { ByteBuffer(repeating: 0x20, count: count) }

  @Test func tinyPiecesAreHandedOnTogether() {
    var pieces = BodyPieces()
    var handedOn: [Int] = []
    for _ in 0..<70_000 { handedOn += pieces.add(piece(1)).map(\.readableBytes) }
    #expect(handedOn == [65_536])
    #expect(pieces.take()?.readableBytes == 70_000 - 65_536)
    #expect(pieces.take() == nil)
  }

  @Test func aLargePieceIsHandedOnBehindWhatCameBefore() {
    var pieces = BodyPieces()
    #expect(pieces.add(piece(3)).isEmpty)
    #expect(pieces.add(piece(20_000)).map(\.readableBytes) == [3, 20_000])
  }

  @Test("A body of more than 4,096 pieces that have 16 octets or less on average is refused; larger and fewer ones are not")
  func tinyPiecesAreRefused() {
    for (size, count, isRefused) in [(1, 4_096, false), (1, 4_097, true), (16, 4_097, true), (17, 50_000, false)] {
      var pieces = BodyPieces()
      for _ in 0..<count { _ = pieces.add(piece(size)) }
      #expect(pieces.isTooSmall == isRefused, "\(count) pieces of \(size)")
    }
  }

  @Test("What stands around a body counts, too, such as chunks' extensions, which are no pieces of it")
  func whatStandsAroundCounts() {
    var pieces = BodyPieces()
    pieces.receive(1_000_000)
    #expect(!pieces.isTooSmall)
    pieces.receive(1_000_000)
    #expect(pieces.isTooSmall)
    _ = pieces.add(piece(100_000))
    #expect(!pieces.isTooSmall)
  }
}
