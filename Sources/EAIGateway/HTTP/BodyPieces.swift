import NIOCore

/// A body of which too much are ends of pieces, and too little is what stands in them.
struct BodyInPieces: Error {}

/// Joins the pieces in which a body comes: each that is handed on costs its reader a turn, however small it is, and a sender makes
/// 170,000 of a MiB by chunks of one octet. It counts them, too.
struct BodyPieces {
  /// Octets that are gathered, and of a piece that is handed on as it is, since to copy it would cost more than a turn.
  private static let greatestGathered = 64 << 10
  private static let largePiece = 16 << 10
  /// Pieces that a body may have whatever their size, and what those of one with more must exceed on average. A piece is a chunk, or a part
  /// of one where what comes at once ends within it.
  static let greatestFree = 4_096
  static let greatestTiny = 16
  /// From how many pieces on, and below which average, a body is read in small portions. To read 100,000 pieces at once would keep
  /// everybody else waiting who is served by the same thread.
  private static let portionedFrom = 512
  private static let greatestPortioned = 512
  static let portion = 4_096
  /// Octets that may stand around those of a body whatever their number (its head, ends of chunks and their extensions), and how many
  /// times those of the body they may be beyond.
  private static let freeRest = 1 << 20
  private static let greatestRest = 16

  private var gathered: ByteBuffer?
  private var count = 0
  private var octets = 0
  private var received = 0

  /// Counts octets as they come from the network.
  mutating func receive(_ octets: Int) { received += octets }

  /// Takes a piece.
  ///
  /// - Returns: what is to be handed on now, in this order.
  mutating func add(_ piece: ByteBuffer) -> [ByteBuffer] {
    count += 1
    octets += piece.readableBytes
    if piece.readableBytes >= Self.largePiece { return [take(), piece].compactMap { $0 } }
    if gathered == nil { gathered = piece } else { gathered!.writeImmutableBuffer(piece) }
    return gathered!.readableBytes < Self.greatestGathered ? [] : [take()].compactMap { $0 }
  }

  /// What is gathered and not handed on.
  mutating func take() -> ByteBuffer? {
    defer { gathered = nil }
    return gathered
  }

  /// Whether the body is to be read in portions.
  var isPortioned: Bool { count > Self.portionedFrom && octets < count * Self.greatestPortioned }

  /// Whether the body is to be refused.
  var isTooSmall: Bool {
    count > Self.greatestFree && octets <= count * Self.greatestTiny
      || received > Self.freeRest + octets * (1 + Self.greatestRest)
  }
}

/// Stands before the decoder: what does not count any more is not even read as HTTP.
final class ReceivedOctets: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let watch: RequestWatch

  init(_ watch: RequestWatch) { self.watch = watch }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if watch.receives(unwrapInboundIn(data).readableBytes) { context.fireChannelRead(data) }
  }
}
