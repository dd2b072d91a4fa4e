import Dispatch
public import Logging
import Synchronization

/// Logs what strangers can cause as often as they like: the first time at once, then as a sum for each while.
///
/// So nothing of it goes unseen, and nobody can fill a disk with it.
public final class TalliedLog: Sendable {
  private struct Kind: Hashable {
    var event: String
    var host: String
  }

  /// How long an event of one kind is summed up before it is logged again.
  private static let window = DispatchTimeInterval.seconds(10)
  /// Addresses that are told apart; what comes from more is summed up together.
  private static let greatestCount = 256

  private let log: Logger
  private let tallies = Mutex<[Kind: EventTally]>([:])

  public init(_ log: Logger) { self.log = log }

  /// Logs an event as a warning, or counts it where one of its kind was logged just now.
  ///
  /// - Parameters:
  ///   - event: what happened; one of few texts.
  ///   - host: the address of whoever caused it.
  ///   - metadata: more about this one.
  public func note(_ event: String, from host: String, _ metadata: Logger.Metadata = [:]) {
    let (kind, isFirst) = tallies.withLock { tallies -> (Kind, Bool) in
      var kind = Kind(event: event, host: host)
      if tallies[kind] == nil, tallies.count >= Self.greatestCount { kind.host = "other addresses" }
      guard tallies[kind] != nil else {
        tallies[kind] = EventTally()
        return (kind, true)
      }
      tallies[kind]!.add(metadata)
      return (kind, false)
    }
    guard isFirst else { return }
    log.warning("\(event)", metadata: ["from": "\(host)"].merging(metadata) { $1 })
    DispatchQueue.global().asyncAfter(deadline: .now() + Self.window) { [weak self] in self?.sum(kind) }
  }

  /// Logs what was counted meanwhile, and goes on counting where there was something.
  private func sum(_ kind: Kind) {
    let tally = tallies.withLock { tallies -> EventTally? in
      guard let tally = tallies[kind], tally.count > 0 else {
        tallies[kind] = nil
        return nil
      }
      tallies[kind] = EventTally()
      return tally
    }
    guard let tally else { return }
    tell(kind, tally)
    DispatchQueue.global().asyncAfter(deadline: .now() + Self.window) { [weak self] in self?.sum(kind) }
  }

  /// Logs what is counted and not told yet: at the end.
  public func flush() {
    let rest = tallies.withLock { tallies in
      defer { tallies = [:] }
      return tallies
    }
    for (kind, tally) in rest where tally.count > 0 { tell(kind, tally) }
  }

  private func tell(_ kind: Kind, _ tally: EventTally) {
    log.warning(
      "\(kind.event)", metadata: ["from": "\(kind.host)", "times": "\(tally.count)"].merging(tally.metadata) { told, _ in told })
  }
}
