import Broker
import BrokerRuntime
import Identity
import StoreAPI

extension Doctor {
  /// Whether a broker serves the folder.
  func broker() -> Finding {
    guard let folder = try? DataFolder(existing: common.data), ServeLock.isHeld(folder) else {
      return Finding(
        subject: "broker", state: .warning, text: "no broker serves \(common.data) now: nothing is taken and nothing is sent",
        remedy: "`tessera serve` starts it")
    }
    let process = ServeLock.holder(folder).map { ", process \($0)" } ?? ""
    return Finding(subject: "broker", state: .good, text: "a broker serves \(common.data) now\(process)")
  }

  /// Whether the systems that take orders answered when they were asked last. They are not called: what their deliveries met says so.
  ///
  /// - Parameter ready: the deliveries that are to be sent.
  static func systems(_ reader: any StoreReader, ready: [DeliveryRow]) throws -> [Finding] {
    let failing = Dictionary(grouping: ready.filter { $0.failingSince != nil }, by: \.destination)
    return try reader.systems().filter { $0.takesOrders && $0.state == .active }.map { system in
      guard let rows = failing[system.name], let last = rows.max(by: { $0.changedAt < $1.changedAt }) else {
        return Finding(subject: "systems", state: .good, text: "\(system.name) takes orders; none that is to be sent failed last")
      }
      let since = rows.compactMap(\.failingSince).min().map { " since \(Instant.text($0))" } ?? ""
      let orders = rows.count == 1 ? "1 order fails" : "\(rows.count) orders fail"
      let said = VisibleText.beginning(last.explanation, scalars: 200)
      return Finding(
        subject: "systems", state: .warning, text: "\(system.name): \(orders)\(since), delivery \(last.id) last with \(last.code): \(said)",
        remedy: "is \(system.name) up, and its reference right? `tessera systems list`, `tessera deliveries show \(last.id)`")
    }
  }
}
