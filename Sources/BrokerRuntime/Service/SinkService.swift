import Broker
import GIOPCore
import ORBCore
import Synchronization

/// Lets systems tell us of changes: each gets a sink of its own, under a key that nobody can guess.
final class SinkService: Sendable {
  private struct Sink {
    let system: SystemRow
    let reference: ObjectRef
    var isAnnounced = false
  }

  private let engine: BrokerEngine
  private let objects: ObjectAdapter
  private let sinks = Mutex<[String: Sink]>([:])

  init(engine: BrokerEngine, objects: ObjectAdapter) {
    self.engine = engine
    self.objects = objects
  }

  /// Announces the system's sink if its adapter has one and the system has not taken it yet.
  ///
  /// - Throws: ``AdapterFailure``.
  func announce(_ system: SystemRow, _ adapter: any Adapter) async throws {
    guard let adapter = adapter as? any PushingAdapter else { return }
    let sink = try sinks.withLock { sinks in
      if let known = sinks[system.name] {
        if known.system == system { return known }
        // The system was configured anew; who knows the old sink must not use it any more.
        if let key = known.reference.objectKey { objects.deactivate(key) }
      }
      let servant = adapter.changeSink { [engine] in try await Self.receive($0, system, engine) }
      let sink = Sink(system: system, reference: try objects.activate(servant))
      sinks[system.name] = sink
      return sink
    }
    if sink.isAnnounced { return }
    try await adapter.announce(sink.reference)
    sinks.withLock { sinks in
      if sinks[system.name]?.reference === sink.reference { sinks[system.name]?.isAnnounced = true }
    }
  }

  private static func receive(_ changes: ToldChanges, _ system: SystemRow, _ engine: BrokerEngine) async throws {
    let answer = try await engine.receive(
      system: system, messageID: "told \(changes.notice)", operation: changes.operation, digest: Secrets.sha256(changes.comparable),
      body: changes.body.octets, format: changes.body.format, alignedAt: changes.body.alignment, sourceType: changes.sourceType,
      records: changes.records)
    if case .conflict = answer {
      throw SystemException(.badParameter, completed: .no, message: "the notice \(changes.notice) was used before for other changes")
    }
  }
}
