import Broker
import Identity
import StoreAPI

/// The rows as one connection sees them in the transaction that is open there; writes are in `RowWrites`, reads in `RowReads` and
/// `RowLoad`.
final class SQLiteTransaction: StoreTransaction {
  let connection: Connection
  let names: Names
  let shapes: Shapes
  /// The first change of the running body that could not be applied.
  private var failure: (any Error)?
  /// Numbers of sequences that are written at the end of a list of changes, since each item of a batch takes some.
  private var counters: [String: Int64] = [:]
  var new = NewRows()
  /// The message whose body was written last, ahead of its row.
  var writtenBody: Int64?

  init(_ connection: Connection) {
    self.connection = connection
    names = Names(connection)
    shapes = Shapes(connection)
  }

  /// Runs a body, and takes care that a change that failed is not forgotten by it.
  func run(_ job: WriteJob) throws -> @Sendable () -> Void {
    failure = nil
    counters = [:]
    new = NewRows()
    writtenBody = nil
    let answer = try job.run(self)
    if let failure { throw failure }
    return answer
  }

  /// After a rollback: names that were added are gone.
  func forgetNames() {
    names.forget()
    shapes.forget()
  }

  func apply(_ changes: [RowChange]) throws {
    if let failure { throw failure }
    do {
      for change in changes { try apply(change) }
      try insertNewRows()
      for (name, next) in counters {
        try connection.statement("INSERT INTO counter VALUES (?, ?) ON CONFLICT DO UPDATE SET next = excluded.next")
          .bind(name).bind(next).run()
      }
      counters = [:]
    } catch {
      failure = error
      throw error
    }
  }

  private func apply(_ change: RowChange) throws {
    switch change {
    case .insertMessage(let message): try insert(message)
    case .insertBody(let message, let body): try insertBody(body, ofMessage: message)
    case .insertItem(let item): new.items.append(item)
    case .insertLink(let link, let state):
      if link.validTo == nil { return new.links.append((link, state)) }
      try insertNewLinks()
      try insertEnded(link, state)
    case .endLink(let key, let time, let who, let why):
      try insertNewLinks()
      try endLink(key, at: time, who: who, why: why)
    case .putObject(let object): new.objects.append(object)
    case .putSourceState(let key, let state):
      try insertNewLinks()
      try put(state, of: key)
    case .putMatchValues(let change): try put(change)
    case .insertHeld(let held): try insert(held)
    case .updateHeld(let held): try update(held)
    case .updateItem(let item):
      try insertNewItems()
      try update(item)
    case .putCounter(let name, let next): counters[name] = next
    case .putDelivery(let delivery): try put(delivery)
    case .putLane(let lane):
      try connection.statement("INSERT INTO lane VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET holder = excluded.holder")
        .bind(names.assignedNumber(of: lane.destination)).bind(lane.party).bind(lane.holder).run()
    case .removeLane(let destination, let party):
      try connection.statement("DELETE FROM lane WHERE destination = ? AND party = ?")
        .bind(names.number(of: destination)).bind(party).run()
    case .putSystem(let system): try put(system)
    case .putPartner(let partner): try put(partner)
    case .putWatermark(let system, let feed, let position):
      try connection.statement("INSERT INTO watermark VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET position = excluded.position")
        .bind(system).bind(feed).bind(position).run()
    case .insertAudit(let row):
      try connection.statement("INSERT INTO audit (at, who, action, subject, reason) VALUES (?, ?, ?, ?, ?)")
        .bind(row.at).bind(row.who).bind(row.action).bind(row.subject).bind(row.reason).run()
    case .credit(let change): try apply(change)
    case .putBelonging(let row): try put(row)
    case .insertLeftOut(let row): try insert(row)
    case .countRepeat(let row): try count(row)
    case .renameKey(let key, let new):
      try insertNewLinks()
      try rename(key, to: new)
    case .putForm(let row): try put(row)
    }
  }
}
