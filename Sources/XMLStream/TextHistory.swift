/// The latest text that libxml2 was given, kept to turn a byte offset into a line and column.
///
/// libxml2 names a line only, counted by its own rules; it can be behind what it was given by no more than the construct it reads.
struct TextHistory {
  private struct Piece {
    let offset: Int
    let tracker: PositionTracker
    let bytes: [UInt8]
  }

  private static let keptBytes = 4 * XMLSource.chunkBytes
  private var pieces: [Piece] = []
  private var end = 0

  /// Adds text that begins where the last one ended.
  mutating func append(_ bytes: [UInt8], from tracker: PositionTracker) {
    pieces.append(Piece(offset: end, tracker: tracker, bytes: bytes))
    end += bytes.count
    while pieces.count > 1, end - pieces[1].offset >= Self.keptBytes { pieces.removeFirst() }
  }

  /// The position of a byte, counted from the first; nil if it is no longer kept.
  func position(ofByte offset: Int) -> XMLPosition? {
    guard let piece = pieces.last(where: { $0.offset <= offset }) else { return nil }
    var tracker = piece.tracker
    tracker.advance(over: piece.bytes.span, from: 0, to: min(offset - piece.offset, piece.bytes.count))
    return tracker.position
  }
}
