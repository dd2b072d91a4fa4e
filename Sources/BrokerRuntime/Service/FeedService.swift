public import Broker
import CDR
import Logging
import StoreAPI
import Synchronization

/// Reads what changed in the systems that are read: each feed after its stored position, which moves in the transaction that stores what
/// was read. Whatever fails or stops in between is read again.
public final class FeedService: Sendable {
  private let engine: BrokerEngine
  private let adapters: @Sendable (SystemRow) -> (any Adapter)?
  private let sinks: SinkService?
  private let interval: Duration
  private let limit: Int
  private let failing = Mutex<Set<String>>([])

  /// - Parameters:
  ///   - interval: how long to wait after everything was read.
  ///   - limit: records of one read.
  public convenience init(
    engine: BrokerEngine, interval: Duration = .seconds(5), limit: Int = 500, adapters: @escaping @Sendable (SystemRow) -> (any Adapter)?
  ) {
    self.init(engine: engine, interval: interval, limit: limit, sinks: nil, adapters: adapters)
  }

  init(
    engine: BrokerEngine, interval: Duration, limit: Int = 500, sinks: SinkService?,
    adapters: @escaping @Sendable (SystemRow) -> (any Adapter)?
  ) {
    self.sinks = sinks
    self.engine = engine
    self.adapters = adapters
    self.interval = interval
    self.limit = limit
  }

  /// Reads until the task is cancelled.
  public func run() async throws {
    while !Task.isCancelled {
      await readAll()
      do { try await Task.sleep(for: interval) } catch { return }
    }
  }

  /// Reads everything that is new in every system, once.
  public func readAll() async {
    let systems = (try? await engine.store.read { try $0.systems() }) ?? []
    for system in systems where system.state == .active {
      guard let adapter = adapters(system) else { continue }
      do {
        // Announced before the read, so that no change falls between the two.
        try await sinks?.announce(system, adapter)
        for feed in adapter.feeds { try await read(feed, of: system, adapter) }
        if failing.withLock({ $0.remove(system.name) }) != nil {
          engine.log.notice("the system can be read again", metadata: ["system": "\(system.name)"])
        }
      } catch {
        // Told once when it begins and once when it ends, not at every try.
        if failing.withLock({ $0.insert(system.name).inserted }) {
          engine.log.error("the system cannot be read; trying again", metadata: ["system": "\(system.name)", "error": "\(error)"])
        }
      }
    }
  }

  private func read(_ feed: Feed, of system: SystemRow, _ adapter: any Adapter) async throws {
    var isLast = false
    while !isLast, !Task.isCancelled {
      let position = try await engine.store.read { try $0.watermark(system: system.name, feed: feed.name) }
      let page = try await adapter.read(feed, after: position, limit: limit)
      isLast = page.isLast
      if page.records.isEmpty { return }
      let answer = try await engine.receive(
        system: system, messageID: "read \(feed.name) \(position ?? "start")..\(page.next)", operation: "read \(feed.name)",
        digest: Secrets.sha256(page.body), body: page.body, format: page.format, alignedAt: page.alignedAt, sourceType: feed.sourceType,
        records: page.records, watermark: InboundBatch.Watermark(feed: feed.name, position: page.next))
      if case .conflict = answer {
        // The same stretch read twice with another content, which only a system that was set back can do.
        throw AdapterFailure(
          .notExecuted, code: "FEED_SET_BACK",
          message: "\(feed.name) of \(system.name) answers position \(position ?? "start") with other changes than before",
          hint: "if the system was restored from a backup, its positions start anew; add it as a new system")
      }
    }
  }
}
