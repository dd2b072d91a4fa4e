public import BrokerRuntime
import CDR
import Mapping
public import XMLStream

/// Reads a document as the gateway would, checks and maps it, and takes nothing: for partners and integrators before they meet.
public struct DocumentTrial: Sendable {
  /// The type of the items, as mapping files name it.
  public private(set) var typeName = ""
  /// Items that the mapping made something of.
  public private(set) var mapped = 0
  /// Items that it refuses, with the first hundred reasons: line and words.
  public private(set) var refused = 0
  public private(set) var reasons: [(line: Int, text: String)] = []
  /// Breaches of the schema.
  public private(set) var issues = XMLIssues([])
  /// Octets of the file, and how long they took from the first to the last mapped record.
  public private(set) var octets = 0
  public private(set) var time = Duration.zero

  /// How many batches of items, each out of one piece of the document, the reader may be ahead.
  private static let batchesAhead = 8

  /// What became of some items.
  private struct Batch: Sendable {
    var mapped = 0
    var reasons: [(line: Int, text: String)] = []

    init(_ items: UnbuiltItems, _ mapping: BoundMapping) throws {
      for item in try items.build() {
        let outcome = item.problems.isEmpty ? mapping.run(item.record) : MappingOutcome(refusing: item.problems)
        if outcome.isRejected || outcome.items.isEmpty {
          reasons.append((item.line, outcome.problems.map(\.description).joined(separator: "; ")))
        } else {
          mapped += 1
        }
      }
    }
  }

  private mutating func add(_ batch: Batch) {
    mapped += batch.mapped
    refused += batch.reasons.count
    reasons += batch.reasons.prefix(max(0, 100 - reasons.count))
  }

  /// Tries a file.
  ///
  /// - Parameters:
  ///   - system: whose mapping files are chosen; its type is `systemType`.
  ///   - limits: the bounds of the document.
  /// - Throws: ``GatewayRefusal`` with what would refuse the whole document.
  public init(
    file: String, catalogue: DialectCatalogue, mappings: any MappingSource, system: String, systemType: String, limits: XMLLimits,
    now: Int64
  ) async throws {
    do {
      try await run(file, catalogue, mappings, system, systemType, limits, now)
    } catch {
      let (refusal, found) = GatewayRefusal.of(error)
      guard let first = found.first else { throw refusal }
      throw GatewayRefusal(refusal.status, refusal.code, "line \(first.line), column \(first.column): \(first.message)", hint: first.hint)
    }
  }

  private mutating func run(
    _ file: String, _ catalogue: DialectCatalogue, _ mappings: any MappingSource, _ system: String, _ systemType: String,
    _ limits: XMLLimits,
    _ now: Int64
  ) async throws {
    let start = ContinuousClock.now
    var known: DialectCatalogue.Entry?
    let reader = try DocumentReader(.file(file), limits: limits, deadline: start + .seconds(3_600)) { root in
      try catalogue.protocolOf(root: root)?.examine(root: root)
      guard let entry = catalogue.entry(for: root) else { throw GatewayRefusal.unknownDocument(root, catalogue) }
      known = entry
      return DocumentReader.Choice(entry: entry, validates: true)
    }
    try reader.begin()
    guard let entry = known else { throw XMLIssue(.notWellFormed, "The document has no root element.", file: file) }
    typeName = entry.kind.typeName
    guard let plan = mappings.plan(from: typeName, target: nil, system: system, systemType: systemType) else {
      throw MappingMissing(sourceType: typeName, target: nil, system: system)
    }
    let mapping = plan.bound(to: MappingContext(valueMaps: mappings.valueMaps, documentTime: now))
    // Batches are built and mapped while the next are read, and few of them wait.
    var batches: [Task<Batch, any Error>] = []
    while let items = try reader.nextItems() {
      if batches.count == Self.batchesAhead { add(try await batches.removeFirst().value) }
      batches.append(Task.detached { try Batch(items, mapping) })
    }
    for batch in batches { add(try await batch.value) }
    issues = reader.schemaIssues
    octets = try FileSize.of(file)
    time = ContinuousClock.now - start
  }
}
