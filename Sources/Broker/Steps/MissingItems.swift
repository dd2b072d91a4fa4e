import CDR
import CRMCore
public import Identity
public import Mapping

/// What the parts of a document before this one say of the things that it holds.
public struct EarlierMentions: Sendable, Hashable {
  /// The keys of everything that their items bring.
  public var keys: Set<LinkKey> = []
  /// How many items are about a thing of which nobody can say which it is.
  public var unknown = 0

  public init() {}

  public static func += (all: inout EarlierMentions, part: EarlierMentions) {
    all.keys.formUnion(part.keys)
    all.unknown += part.unknown
  }
}

// What a message that holds everything does not mention.
extension InboundBatch {
  /// What the message mentions, before anything follows from what it does not.
  public var mentions: EarlierMentions {
    var mentions = EarlierMentions()
    mentions.keys = Set(items.lazy.flatMap { $0.keys.compactMap(\.own) })
    mentions.unknown = items.count(where: \.isAboutUnknown)
    return mentions
  }

  /// Adds the items that follow from what is not mentioned: each deletes its thing. Where that would be more than the mapping allows, or
  /// where an item is about something unknown, one item alone says why nothing is deleted.
  ///
  /// - Parameters:
  ///   - missing: the things of the entity that are active, and not mentioned.
  ///   - standing: how many there are with those that are mentioned.
  public mutating func add(
    missing: [LinkKey], of standing: Int, _ everything: Everything, _ earlier: EarlierMentions, _ environment: StepEnvironment
  ) {
    guard !missing.isEmpty, let kind = EntityKind.named(everything.entity), case .record(let record) = Value.empty(of: .record(kind.type))
    else {
      return
    }
    func item(_ outcome: MappingOutcome, _ place: Int) -> InboundItem {
      InboundItem(
        number: items.count + 1 + place, sourceType: kind.name, source: record, outcome: outcome, of: system, environment,
        demand: .isMissing)
    }
    if let problem = refusal(missing, standing, everything, earlier) {
      add([item(MappingOutcome(items: [], problems: [problem]), 0)])
      return
    }
    add(
      missing.enumerated().map { place, key in
        item(MappingOutcome(items: [MappedItem(deleting: key.entity, id: key.id.text, record)], problems: []), place)
      })
  }

  private func refusal(_ missing: [LinkKey], _ standing: Int, _ everything: Everything, _ earlier: EarlierMentions) -> MappingProblem? {
    let unknown = earlier.unknown + items.count(where: \.isAboutUnknown)
    if EntityKind.named(everything.entity)?.canBeInactive != true {
      return MappingProblem(
        .missingUnclear, message: "\(everything.entity) things do not end by not being mentioned; nothing was changed",
        hint: "leave holds=\"everything\" out of the mapping")
    }
    let named = missing.prefix(5).map(\.id.text).joined(separator: ", ") + (missing.count > 5 ? " and others" : "")
    let all = "\(missing.count) of \(standing) \(everything.entity) things are not in the message, which holds everything: \(named)"
    if unknown > 0 {
      return MappingProblem(
        .missingUnclear, message: "\(all); nothing was made inactive, since \(unknown) items have no id that can be read",
        hint: "correct these items and send the message again")
    }
    if missing.count > everything.mayBeMissing(of: standing) {
      return MappingProblem(
        .tooManyMissing,
        message:
          "\(all); nothing was made inactive, since at most \(everything.mayBeMissing(of: standing)) may be missing (missing-at-most=\"\(everything.missingAtMost)\")",
        hint: "if the message is whole, let the mapping say missing-at-most=\"100\" for once")
    }
    return nil
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
  /// A message that holds everything lacks more than its mapping allows.
  static let tooManyMissing = Self(rawValue: "TOO_MANY_MISSING")
}
