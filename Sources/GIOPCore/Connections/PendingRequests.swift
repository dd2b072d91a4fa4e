/// The requests that wait for an answer on one connection, by slot.
///
/// A request id is a slot number with a generation above it, so that a reply finds its slot by an index and a late one is told apart from the
/// next user of the slot.
struct PendingRequests {
  /// What the request in a slot waits for.
  enum Expectation: UInt8 { case nothing, reply, locateReply, abandoned }

  private struct Slot {
    var requestID: UInt32
    var expectation: Expectation
    /// The next free slot while this one is free.
    var nextFree: Int32
  }

  /// The slot number of oneway calls, which wait for nothing.
  private static let onewaySlot: UInt32 = 0xFFFF

  private let limit: Int
  private var slots: [Slot] = []
  private var firstFree: Int32 = -1
  private var onewayGeneration: UInt32 = 0
  /// Requests that somebody waits for.
  private(set) var count = 0

  init(limit: Int) { self.limit = min(limit, Int(Self.onewaySlot)) }

  mutating func nextOnewayID() -> UInt32 {
    onewayGeneration &+= 1
    return onewayGeneration << 16 | Self.onewaySlot
  }

  /// Takes a slot for a request.
  ///
  /// - Returns: its request id; nil if all slots wait for answers.
  mutating func take(_ expectation: Expectation) -> UInt32? {
    if firstFree < 0 {
      if slots.count < limit {
        slots.append(Slot(requestID: UInt32(slots.count), expectation: .nothing, nextFree: -1))
        firstFree = Int32(slots.count - 1)
      } else if let abandoned = slots.firstIndex(where: { $0.expectation == .abandoned }) {
        // A peer that honours CancelRequest never answers: its slots come back when they are needed.
        free(abandoned)
      } else {
        return nil
      }
    }
    let index = Int(firstFree)
    firstFree = slots[index].nextFree
    slots[index].expectation = expectation
    count += 1
    return slots[index].requestID
  }

  /// What the request waits for; nil for an id that is in no slot.
  func expectation(of requestID: UInt32) -> Expectation? { index(of: requestID).map { slots[$0].expectation } }

  /// Frees the slot of a request that has its answer.
  ///
  /// - Returns: the slot; nil for an id that is in none.
  @discardableResult mutating func release(_ requestID: UInt32) -> Int? {
    guard let index = index(of: requestID) else { return nil }
    if slots[index].expectation != .abandoned { count -= 1 }
    free(index)
    return index
  }

  /// Marks that nobody waits for the answer any more. The slot is kept: its answer may still come.
  ///
  /// - Returns: true if somebody waited.
  mutating func abandon(_ requestID: UInt32) -> Bool {
    guard let index = index(of: requestID), slots[index].expectation != .abandoned else { return false }
    slots[index].expectation = .abandoned
    count -= 1
    return true
  }

  /// Frees every slot.
  ///
  /// - Returns: those that somebody waited for.
  mutating func removeAll() -> [Int] {
    let waiting = slots.indices.filter { slots[$0].expectation == .reply || slots[$0].expectation == .locateReply }
    for index in slots.indices where slots[index].expectation != .nothing { free(index) }
    count = 0
    return waiting
  }

  private func index(of requestID: UInt32) -> Int? {
    let index = Int(requestID & 0xFFFF)
    guard index < slots.count, slots[index].requestID == requestID, slots[index].expectation != .nothing else { return nil }
    return index
  }

  private mutating func free(_ index: Int) {
    slots[index].requestID &+= 1 << 16
    slots[index].expectation = .nothing
    slots[index].nextFree = firstFree
    firstFree = Int32(index)
  }
}
