import Broker
import Logging
import Synchronization

/// The adapters of the systems, each made once for a configuration of its system.
final class AdapterTable: Sendable {
  private let make: @Sendable (SystemRow) throws -> (any Adapter)?
  private let log: Logger
  private let made = Mutex<[String: (row: SystemRow, adapter: (any Adapter)?)]>([:])

  init(log: Logger, make: @escaping @Sendable (SystemRow) throws -> (any Adapter)?) {
    self.make = make
    self.log = log
  }

  func adapter(for row: SystemRow) -> (any Adapter)? {
    made.withLock { made in
      if let known = made[row.name], known.row == row { return known.adapter }
      let adapter: (any Adapter)?
      do { adapter = try make(row) } catch {
        log.error("the system's adapter cannot be made", metadata: ["system": "\(row.name)", "error": "\(error)"])
        adapter = nil
      }
      made[row.name] = (row, adapter)
      return adapter
    }
  }
}
