import CDR
import CRMCore
import Identity
import Mapping

/// Items of one message that are about the same thing.
///
/// A message says of each thing how it stands. Where it says so several times and nothing tells which word counts, none is taken: whichever
/// was, a sender that writes the lines of an order as rows of their own would get orders of one line.
struct ItemTwins: Sendable {
  /// What an item is to the others that are about its thing.
  enum Role: Sendable, Hashable {
    /// The item of that number says the same, before it.
    case repeats(Int)
    /// The item of that number brings a newer state, by the versions that their sender gives.
    case overtaken(by: Int)
    /// The items of these numbers say different things, and nothing tells which of them counts.
    case contradicts([Int])
  }

  /// By the number of the item; mostly empty.
  private(set) var roles: [Int: Role] = [:]

  init(_ items: [InboundItem]) {
    // Nearly every message names each thing once.
    var seen = Set<LinkKey>(minimumCapacity: items.count)
    for item in items {
      if let key = item.subject?.key, !seen.insert(key).inserted {
        compare(items)
        return
      }
    }
  }

  private mutating func compare(_ items: [InboundItem]) {
    var groups: [LinkKey: [InboundItem]] = [:]
    for item in items { if let key = item.subject?.key { groups[key, default: []].append(item) } }
    for group in groups.values where group.count > 1 { compare(twins: group) }
  }

  private mutating func compare(twins: [InboundItem]) {
    let versions = twins.map(\.version)
    guard let newest = versions.map(\.number).max() else { return }
    let first = twins[versions.firstIndex { $0.number == newest } ?? 0]
    let tops = zip(twins, versions).filter { $1.number == newest }
    for (twin, version) in zip(twins, versions) where version.number < newest { roles[twin.number] = .overtaken(by: first.number) }
    if tops.allSatisfy({ $0.0.saysTheSameOfItsSubject(as: first) }) {
      // What else they bring may differ, as the contacts of one party do; but not what they say of one and the same thing.
      compare(companions: tops.map(\.0))
    } else if !tops.allSatisfy(\.1.isCounted) {
      for twin in twins { roles[twin.number] = .contradicts(twins.map(\.number)) }
    }
    // The first of a counted version counts, the others of it are stale, and are told so.
  }

  private mutating func compare(companions twins: [InboundItem]) {
    var groups: [[LinkKey?]: [InboundItem]] = [:]
    for twin in twins { groups[twin.keys.map(\.own), default: []].append(twin) }
    for group in groups.values {
      let isSame = group.allSatisfy { $0.saysTheSame(as: group[0]) }
      if !isSame {
        for twin in group { roles[twin.number] = .contradicts(group.map(\.number)) }
      } else {
        for twin in group.dropFirst() { roles[twin.number] = .repeats(group[0].number) }
      }
    }
  }
}

extension InboundItem {
  /// The record whose thing the item is about, with the key of that thing; nil where there is none.
  var subject: (mapped: MappedItem, key: LinkKey)? {
    guard outcome.items.indices.contains(outcome.subject), let key = keys[outcome.subject].own else { return nil }
    return (outcome.items[outcome.subject], key)
  }

  /// The version of the state that it brings.
  fileprivate var version: (number: Int64, isCounted: Bool) {
    guard let mapped = subject?.mapped, let kind = EntityKind.named(mapped.entity), kind.type.id == mapped.type.id else {
      return (0, false)
    }
    return kind.version(of: mapped.record)
  }

  fileprivate func saysTheSameOfItsSubject(as other: InboundItem) -> Bool {
    if self === other { return true }
    guard let mine = subject?.mapped, let others = other.subject?.mapped, !outcome.isRejected, !other.outcome.isRejected else {
      return false
    }
    return mine.identity == others.identity && mine.says(sameAs: others)
  }

  /// Whether the mapping makes the same of both.
  fileprivate func saysTheSame(as other: InboundItem) -> Bool {
    if self === other { return true }
    guard outcome.items.count == other.outcome.items.count, !outcome.isRejected, !other.outcome.isRejected else { return false }
    return zip(outcome.items, other.outcome.items).allSatisfy {
      $0.typeName == $1.typeName && $0.identity == $1.identity && $0.says(sameAs: $1)
    }
  }
}

extension ItemStep {
  /// Runs an item that is about the same thing as others of its message.
  ///
  /// - Parameter earlier: the messages of the parts of its document that were taken before.
  func run(_ role: ItemTwins.Role?, after earlier: Set<Int64>, in set: inout WorkingSet, _ environment: inout StepEnvironment) -> ItemRow {
    if item.outcome.isRejected || item.outcome.items.isEmpty { return run(in: &set, &environment) }
    switch role {
    case .repeats(let other): return twin(.repeated, "item \(other) of the message says the same", set)
    case .contradicts(let others): return finish(contradiction(others, set), in: &set, environment)
    case .overtaken(let other):
      var row = run(in: &set, &environment)
      if row.outcome == .applied { row.outcome = .superseded }
      if row.code.isEmpty {
        row.code = Self.duplicate
        row.explanation = "item \(other) of the message brings a newer state of \(subject)"
      }
      return row
    case nil:
      if !earlier.isEmpty, let row = afterParts(earlier, set) { return finish(row, in: &set, environment) }
      return run(in: &set, &environment)
    }
  }

  static var duplicate: String { "DUPLICATE_IN_MESSAGE" }

  private var subject: String { item.subject?.key.description ?? "the thing" }

  private func twin(_ outcome: ItemOutcome, _ explanation: String, _ set: WorkingSet) -> ItemRow {
    let key = item.subject?.key
    return row(
      key?.entity ?? "", key?.id.text ?? "", outcome, code: Self.duplicate, path: "id", explanation,
      common: key.flatMap { set.links[$0]?.common })
  }

  private func contradiction(_ others: [Int], _ set: WorkingSet) -> ItemRow {
    let shown = others.prefix(5).map(String.init).joined(separator: ", ") + (others.count > 5 ? " and \(others.count - 5) more" : "")
    return twin(
      .rejected,
      "the message says different things of \(subject), in its items \(shown), and nothing tells which is newer, so that none of them is taken: write one item for each thing, with all its lines in it, or number its states with versions",
      set)
  }

  /// What becomes of an item whose thing an earlier part of its document spoke of; nil where it is taken as any other.
  private func afterParts(_ earlier: Set<Int64>, _ set: WorkingSet) -> ItemRow? {
    guard let (mapped, key) = item.subject, let kind = EntityKind.named(key.entity), kind.type.id == mapped.type.id else { return nil }
    let version = kind.version(of: mapped.record)
    if version.isCounted { return nil }
    let isSame: Bool
    if let held = set.heldByKey[key]?.last, earlier.contains(held.message), held.version == version.number {
      isSame = held.source == (try? item.source.cdr())
    } else if let state = set.sourceStates[key], earlier.contains(state.message), state.version == version.number {
      isSame = state.fingerprint == fingerprint(item.outcome.subject, kind, key, set)
    } else {
      return nil
    }
    if isSame {
      // What else it brings may be new.
      return item.outcome.items.count > 1 ? nil : twin(.repeated, "an item before it in the document says the same", set)
    }
    return twin(
      .rejected,
      "an item far before it in the document says something else of \(key), and nothing tells which is newer; that one was taken: write one item for each thing, with all its lines in it",
      set)
  }
}
