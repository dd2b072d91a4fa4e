import CDR
import CRMCore
public import Identity
public import Mapping

/// What the parts of a document before this one say of the things that it holds.
public struct EarlierMentions: Sendable, Hashable {
  /// The ids of its items.
  public var ids: Set<String> = []
  /// How many items are about a thing of which nobody can say which it is.
  public var unknown = 0

  public init() {}
}

// What a message that holds everything does not mention.
extension InboundBatch {
  /// The keys that the message mentions.
  public var mentioned: Set<LinkKey> { Set(items.lazy.flatMap { $0.keys.compactMap(\.own) }) }

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
    let named = missing.prefix(5).map(\.id.text).joined(separator: ", ") + (missing.count > 5 ? " and others" : "")
    let all = "\(missing.count) of \(standing) \(everything.entity) things are not in the message, which holds everything: \(named)"
    if unknown > 0 {
      return MappingProblem(
        .missingUnclear, message: "\(all); nothing was made inactive, since \(unknown) items have no id that can be read",
        hint: "correct these items and send the message again")
    }
    if missing.count > max(1, standing * everything.missingAtMost / 100) {
      return MappingProblem(
        .tooManyMissing, message: "\(all); nothing was made inactive, since at most \(everything.missingAtMost) of 100 may be missing",
        hint: "if the message is whole, let the mapping say missing-at-most=\"100\" for once")
    }
    return nil
  }
}

extension InboundItem {
  /// The code of a row that says that its thing was not mentioned.
  static let missingCode = "NOT_IN_MESSAGE"

  /// Whether the item is about something, and nobody can say about what.
  public var isAboutUnknown: Bool { subject == nil && !outcome.problems.isEmpty }
}

extension MappingProblem.Code {
  /// An item of a message that holds everything has no id, so that it is not known what the message does not mention.
  static let missingUnclear = Self(rawValue: "MISSING_UNCLEAR")
  /// A message that holds everything lacks more than its mapping allows.
  static let tooManyMissing = Self(rawValue: "TOO_MANY_MISSING")
}
