public import CDR
public import Identity

/// A mapping that was checked whole: names are slots, expressions are plans.
public struct MappingPlan: Sendable {
  public let name: String
  /// As the mapping names it: `sample-erp:Item`, `Product`.
  public let sourceTypeName: String
  public let sourceType: RecordType
  /// The only system, or the only type of system, that the mapping is for; nil for every one.
  public let system: String?
  public let systemType: String?
  /// The types of the items, in the order of the emits.
  public let targetTypeNames: [String]
  /// The same for the same content.
  public let contentHash: String
  public let place: SourcePlace
  /// Of a mapping whose messages hold all that there is; nil where they hold some.
  public let everything: Everything?
  let emits: [EmitPlan]
  let lookups: [TableLookup]

  /// The dialect of the documents that it reads; empty for the canonical model.
  public var sourceDialect: String { DialectRegistry.parts(sourceTypeName).dialect }

  /// The entities of the items, in the order of the emits.
  public var entities: [String] { emits.map(\.entity) }

  /// The value maps that it needs, sorted.
  public var tableNames: [String] { Set(lookups.map(\.table)).sorted() }

  /// Checks a mapping.
  ///
  /// - Parameter valueMaps: Nil where they are not known yet; then their names and columns are not checked.
  /// - Returns: The plan, nil where there is an error, and everything that was found.
  public static func checking(
    _ definition: MappingDefinition, types: DialectRegistry, valueMaps: ValueMapSet? = nil
  ) -> (plan: MappingPlan?, diagnostics: [MappingDiagnostic]) {
    var compiler = MappingCompiler(definition: definition, types: types, valueMaps: valueMaps)
    let plan = compiler.compile()
    let diagnostics = compiler.diagnostics
    return (diagnostics.contains { $0.severity == .error } ? nil : plan, diagnostics)
  }

  /// Maps one document. Many documents with one context are mapped faster by ``bound(to:)``.
  public func run(_ source: Record, in context: MappingContext) -> MappingOutcome { bound(to: context).run(source) }

  /// The mapping with its value maps looked up.
  public func bound(to context: MappingContext) -> BoundMapping { BoundMapping(plan: self, context: context) }
}

/// What a message means that holds all that there is of an entity's things: what it does not mention is not there any more.
public struct Everything: Sendable, Hashable {
  /// The entity of what the items are about.
  public let entity: String
  /// Of a hundred things that are there: where more are missing, the message was rather cut than meant, and nothing is deleted.
  public let missingAtMost: Int

  public init(entity: String, missingAtMost: Int) {
    self.entity = entity
    self.missingAtMost = missingAtMost
  }
}

/// A mapping with all that it needs but the document.
///
/// A class, as its parts are: many documents are mapped at once on all cores, which would contend for the reference counts of what each
/// copy holds.
public final class BoundMapping: Sendable {
  final class Lookup: Sendable {
    let map: ValueMap
    let from: Int
    let to: Int
    let qualifiers: [String?]

    init(map: ValueMap, from: Int, to: Int, qualifiers: [String?]) {
      self.map = map
      self.from = from
      self.to = to
      self.qualifiers = qualifiers
    }
  }

  let plan: MappingPlan
  let documentTime: Int64
  let tracesAmounts: Bool
  let day: CalendarDay
  /// Nil where the value map, or its column, is not there.
  let lookups: [Lookup?]

  init(plan: MappingPlan, context: MappingContext) {
    self.plan = plan
    documentTime = context.documentTime
    tracesAmounts = context.tracesAmounts
    day = context.zone.day(of: context.documentTime)
    lookups = plan.lookups.map { lookup in
      guard let map = context.valueMaps[lookup.table], let from = map.column(named: lookup.from),
        let to = map.column(named: lookup.to)
      else { return nil }
      return Lookup(map: map, from: from, to: to, qualifiers: map.ordered(context.qualifiers))
    }
  }

  /// Maps one document.
  public func run(_ source: Record) -> MappingOutcome {
    var run = MappingRun(self, source)
    return run.outcome()
  }
}
