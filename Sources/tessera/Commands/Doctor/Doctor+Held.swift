import Broker
import BrokerRuntime
import Identity
import StoreAPI

extension Doctor {
  /// Held items that are looked at.
  private static let greatestHeldCount = 10_000

  /// Whether what waits could be run, with the dialects and mappings of now: a link that is made later would otherwise release nothing.
  func held() async -> [Finding] {
    guard Files.isFolder(common.data), let files = try? FilesInUse(common), let types = try? Composition.types(files),
      let mappings = try? Composition.mappings(files, types)
    else { return [] }
    let found = try? await Workspace.reading(common, for: .looking) { reader -> (waiting: Int, stuck: [(id: Int64, fault: HeldFault)]) in
      var stuck: [(id: Int64, fault: HeldFault)] = []
      var systems: [String: SystemRow] = [:]
      let rows = try reader.held(state: .waiting, entity: nil, system: nil, after: 0, limit: Self.greatestHeldCount)
      for row in rows {
        if systems[row.key.system] == nil { systems[row.key.system] = try reader.system(named: row.key.system) }
        do throws(HeldFault) { _ = try row.reading(mappings, systemType: systems[row.key.system]?.type ?? "") } catch {
          stuck.append((row.id, error))
        }
      }
      return (rows.count, stuck)
    }
    guard let found, found.waiting > 0 else { return [] }
    guard let first = found.stuck.first else {
      return [Finding(subject: "held", state: .good, text: "\(found.waiting) items wait and can be run", remedy: "`tessera held list`")]
    }
    return [
      Finding(
        subject: "held", state: .bad,
        text: "\(found.stuck.count) of \(found.waiting) held items cannot be run, the first is \(first.id): \(first.fault)",
        remedy: "mend that, then `tessera held release`, or start `tessera serve` anew")
    ]
  }
}
