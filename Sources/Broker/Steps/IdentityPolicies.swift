public import CDR
public import CRMCore
public import Identity

/// What is done with an id or match value that is unknown, and differs from a known one only in case, blanks, width or dashes.
public enum NearMissPolicy: String, Sendable, CaseIterable {
  /// A person says whether it is the same thing.
  case hold
  /// It is another thing: its system tells ids apart by their case.
  case create
}

/// How values are written by which things are recognised, by entity and field.
public struct MatchForms: Sendable, Hashable {
  /// Declared ones, and those in which an earlier release stored values.
  public var declared: [Key: CanonicalForm] = [:]

  /// An entity and one of its match fields.
  public struct Key: Hashable, Sendable {
    public let entity: String
    public let field: String
    public init(entity: String, field: String) {
      self.entity = entity
      self.field = field
    }
  }

  public init() {}

  /// The form of a field for which nothing is declared: tax ids have the form of their country, numbers of contracts stay as the parties
  /// wrote them, all else is trimmed.
  public static func standard(entity: String, field: String) -> CanonicalForm {
    switch entity {
    case EntityKind.party.name: CanonicalForm(isTaxID: field == taxIDField)
    case EntityKind.contract.name: CanonicalForm(trims: false)
    default: CanonicalForm()
    }
  }

  public func form(entity: String, field: String) -> CanonicalForm {
    (declared.isEmpty ? nil : declared[Key(entity: entity, field: field)]) ?? Self.standard(entity: entity, field: field)
  }

  /// The values in the forms of their fields; those that nothing is left of recognise nothing.
  ///
  /// - Parameter record: the object that carries them, which tells the country of a tax id.
  public func canonical(_ values: [MatchValue], of entity: String, _ record: Record) -> [MatchValue] {
    if values.isEmpty { return values }
    let isPlain = declared.isEmpty && entity != EntityKind.party.name
    if isPlain, values.allSatisfy({ !$0.value.isEmpty && Spelling.isOwnFold($0.value) }) { return values }
    return values.compactMap { match in
      let form = form(entity: entity, field: match.field)
      let value = form.value(match.value, country: form.isTaxID ? EntityKind.named(entity)?.country(of: record) ?? "" : "")
      return value.isEmpty ? nil : MatchValue(field: match.field, value: value)
    }
  }

  /// The values under which a thing may be stored that a person calls so, by the first of the fields that recognise it.
  public func spoken(_ name: String, _ kind: EntityKind) -> Set<MatchValue> {
    guard let field = kind.matchFields.first else { return [] }
    let form = form(entity: kind.name, field: field)
    let countries = form.isTaxID ? [""] + TaxID.countries : [""]
    return Set(countries.map { MatchValue(field: field, value: form.value(name, country: $0)) })
  }

  private static let taxIDField = "taxId"
}

extension StepEnvironment {
  /// What is done with near misses of the system's ids of the entity.
  public func nearMisses(of entity: String, in system: String) -> NearMissPolicy {
    policies.nearMisses.isEmpty ? .hold : policies.nearMisses[.init(system: system, entity: entity)] ?? .hold
  }

  /// The match values of an object as they are stored and compared.
  func matchValues(of record: Record, _ kind: EntityKind) -> [MatchValue] {
    policies.matchForms.canonical(kind.matchValues(of: record), of: kind.name, record)
  }
}
