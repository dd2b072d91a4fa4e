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

  /// Items that are mapped together, and how many such batches the reader may be ahead.
  private static let batchLength = 256
  private static let batchesAhead = 4

  /// What became of some items.
  private struct Batch: Sendable {
    var mapped = 0
    var reasons: [(line: Int, text: String)] = []

    init(_ items: [DocumentItem], _ mapping: BoundMapping) {
      for item in items {
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
    let reader = try DocumentReader(file: file, limits: limits, deadline: start + .seconds(3_600)) { root in
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
    // Batches are mapped while the next are read, and few of them wait.
    var mapped: [Task<Batch, Never>] = []
    var batch: [DocumentItem] = []
    while let item = try reader.next() {
      batch.append(item)
      guard batch.count == Self.batchLength else { continue }
      if mapped.count == Self.batchesAhead { add(await mapped.removeFirst().value) }
      let items = batch
      mapped.append(Task.detached { Batch(items, mapping) })
      batch = []
    }
    for former in mapped { add(await former.value) }
    add(Batch(batch, mapping))
    issues = reader.schemaIssues
    octets = try FileSize.of(file)
    time = ContinuousClock.now - start
  }
}
