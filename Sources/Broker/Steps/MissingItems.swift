import CDR
import CRMCore
public import Identity
public import Mapping

/// What a message, or the parts of a document before this one, says of the things that it holds.
public struct Mentions: Sendable, Hashable {
  /// Everything that its items bring, each with the greatest version that is told of it.
  public var versions: [LinkKey: Int64] = [:]
  /// The latest time that it tells of any thing of an entity, in microseconds since 1970 UTC.
  public var newest: [String: Int64] = [:]
  /// How many items are about a thing of which nobody can say which it is.
  public var unknown = 0

  public init() {}

  public static func += (all: inout Mentions, part: Mentions) {
    all.versions.merge(part.versions) { max($0, $1) }
    all.newest.merge(part.newest) { max($0, $1) }
    all.unknown += part.unknown
  }
}

/// What a message that holds everything does not mention, and how it stands to what is known.
public struct Unmentioned: Sendable {
  /// The things of the entity that are active.
  public var missing: [LinkKey] = []
  /// Those of them of which the system itself has told something later than anything in the message.
  public var newer: [LinkKey] = []
  /// Ids under which something waits that never became a thing, or whose thing is inactive.
  public var waiting: [LinkKey] = []
  /// How many active things of the entity the message mentions.
  public var standing = 0
  /// A thing of which the message tells less than what was applied before.
  public var overtaken: (key: LinkKey, told: Int64, known: Int64)?

  public init() {}
}

// What a message that holds everything does not mention.
extension InboundBatch {
  /// What the message mentions, before anything follows from what it does not.
  public var mentions: Mentions {
    var mentions = Mentions()
    for item in items {
      for (index, keys) in item.keys.enumerated() {
        guard let own = keys.own else { continue }
        let mapped = item.outcome.items[index]
        guard let kind = EntityKind.named(mapped.entity), kind.type.id == mapped.type.id else {
          mentions.versions[own] = mentions.versions[own] ?? .max
          continue
        }
        mentions.versions[own] = max(mentions.versions[own] ?? .min, kind.version(of: mapped.record).number)
        if let time = kind.time(of: mapped.record) { mentions.newest[kind.name] = max(mentions.newest[kind.name] ?? .min, time) }
      }
    }
    mentions.unknown = items.count(where: \.isAboutUnknown)
    return mentions
  }

  /// Adds the items that follow from what is not mentioned: each deletes its thing, or ends what waits under its id. Where that would be
  /// more than the mapping allows, where an item is about something unknown, or where the message is older than what is known, one item
  /// alone says why nothing is deleted.
  ///
  /// - Parameter said: what all parts of the message mention.
  public mutating func add(_ unmentioned: Unmentioned, _ everything: Everything, _ said: Mentions, _ environment: StepEnvironment) {
    let gone = unmentioned.missing + unmentioned.waiting
    guard !gone.isEmpty, let kind = EntityKind.named(everything.entity), case .record(let record) = Value.empty(of: .record(kind.type))
    else {
      return
    }
    func item(_ outcome: MappingOutcome, _ place: Int) -> InboundItem {
      InboundItem(
        number: items.count + 1 + place, sourceType: kind.name, source: record, outcome: outcome, of: system, environment,
        demand: .isMissing)
    }
    if let problem = unmentioned.refusal(everything, said) {
      add([item(MappingOutcome(items: [], problems: [problem]), 0)])
      return
    }
    add(
      gone.enumerated().map { place, key in
        item(MappingOutcome(items: [MappedItem(deleting: key.entity, id: key.id.text, record)], problems: []), place)
      })
  }
}

extension Unmentioned {
  /// Why nothing follows from it; nil where something does.
  fileprivate func refusal(_ everything: Everything, _ said: Mentions) -> MappingProblem? {
    let entity = everything.entity
    if EntityKind.named(entity)?.canBeInactive != true {
      return MappingProblem(
        .missingUnclear, message: "\(entity) things do not end by not being mentioned; nothing was changed",
        hint: "leave holds=\"everything\" out of the mapping")
    }
    let all =
      missing.isEmpty
      ? "what waits of \(named(waiting)) is not in the message, which holds everything"
      : "\(missing.count) of \(standing + missing.count) \(entity) things are not in the message, which holds everything: \(named(missing))"
    if said.unknown > 0 {
      return MappingProblem(
        .missingUnclear, message: "\(all); nothing was made inactive, since \(said.unknown) items have no id that can be read",
        hint: "correct these items and send the message again")
    }
    if let overtaken {
      return MappingProblem(
        .missingOvertaken,
        message:
          "\(all); nothing was made inactive, since the message is older than what is known: of \(overtaken.key.id.text) it tells the version \(overtaken.told), and \(overtaken.known) was applied before",
        hint: "send a message that holds everything as it is now")
    }
    if !newer.isEmpty {
      return MappingProblem(
        .missingOvertaken,
        message:
          "\(all); nothing was made inactive, since \(named(newer)) changed after everything that the message tells, so that it may be the older one",
        hint: "send a message that holds everything as it is now, with its times of change, or delete by name what is gone")
    }
    if missing.count > everything.mayBeMissing(of: standing + missing.count) {
      return MappingProblem(
        .tooManyMissing,
        message:
          "\(all); nothing was made inactive, since at most \(everything.mayBeMissing(of: standing + missing.count)) may be missing (missing-at-most=\"\(everything.missingAtMost)\")",
        hint: "if the message is whole, let the mapping say missing-at-most=\"100\" for once")
    }
    return nil
  }

  private func named(_ keys: [LinkKey]) -> String {
    keys.prefix(5).map(\.id.text).joined(separator: ", ") + (keys.count > 5 ? " and others" : "")
  }
}

extension InboundItem {
  /// The code of a row that says that its thing was not mentioned.
  static let missingCode = "NOT_IN_MESSAGE"

  /// Whether the item is about something, and nobody can say about what.
  public var isAboutUnknown: Bool { demand != .isMissing && subject == nil && !(outcome.items.isEmpty && outcome.problems.isEmpty) }
}

extension Everything {
  /// How many things may be missing of those that stand: one always, unless none may or nothing else stands.
  func mayBeMissing(of standing: Int) -> Int {
    if missingAtMost == 0 { return 0 }
    return missingAtMost == 100 ? standing : max(standing > 1 ? 1 : 0, standing * missingAtMost / 100)
  }
}

extension MappingProblem.Code {
  /// An item of a message that holds everything has no id, so that it is not known what the message does not mention.
  static let missingUnclear = Self(rawValue: "MISSING_UNCLEAR")
  /// A message that holds everything is older than something that was applied before.
  static let missingOvertaken = Self(rawValue: "MISSING_OVERTAKEN")
  /// A message that holds everything lacks more than its mapping allows.
  static let tooManyMissing = Self(rawValue: "TOO_MANY_MISSING")
}
