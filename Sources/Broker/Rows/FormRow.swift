public import Identity

/// What a canonical form is declared for.
public enum FormScope: Hashable, Sendable, CustomStringConvertible {
  /// The ids that a system has for an entity.
  case ids(system: String, entity: String)
  /// The values of a field by which things of an entity are recognised.
  case matches(entity: String, field: String)

  public var description: String {
    switch self {
    case .ids(let system, let entity): "\(entity) ids of \(system)"
    case .matches(let entity, let field): "\(field) of \(entity)"
    }
  }

  /// The form that holds where nothing is declared.
  public var standard: CanonicalForm {
    switch self {
    case .ids: CanonicalForm()
    case .matches(let entity, let field): MatchForms.standard(entity: entity, field: field)
    }
  }
}

/// The form in which the ids or values of a scope are stored. Scopes without a row are stored in their ``FormScope/standard``.
public struct FormRow: Hashable, Sendable {
  public var scope: FormScope
  public var form: CanonicalForm
  public var origin: Origin

  /// Who declared the form.
  public enum Origin: String, Sendable, CaseIterable {
    /// broker.xml.
    case file
    /// A person, by a command.
    case command
    /// Nobody: an earlier release stored what came as it came.
    case earlier
    /// Nobody: the same, and it stays so until a person decides, since things would fall together.
    case kept
    /// Nobody: it is what holds without a declaration.
    case standard
  }

  public init(_ scope: FormScope, _ form: CanonicalForm, _ origin: Origin) {
    (self.scope, self.form, self.origin) = (scope, form, origin)
  }
}

extension StepPolicies {
  /// Obeys the forms in which ids and values are stored.
  public mutating func obey(_ rows: [FormRow]) {
    storedForms = Set(rows)
    for row in rows where row.form != row.scope.standard {
      switch row.scope {
      case .ids(let system, let entity): forms[FormKey(system: system, entity: entity)] = row.form
      case .matches(let entity, let field): matchForms.declared[.init(entity: entity, field: field)] = row.form
      }
    }
  }
}
