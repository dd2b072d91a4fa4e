public import BrokerRuntime
import CDR
import HTTPTypes
public import Identity
import Mapping
public import XMLStream

/// Reads a document as the gateway would, checks and maps it, and takes nothing: for partners and integrators before they meet.
public struct DocumentTrial: Sendable {
  /// The type of the items, as mapping files name it.
  public private(set) var typeName = ""
  /// Items that the mapping made something of.
  public private(set) var mapped = 0
  /// Items that the mapping wants nothing of.
  public private(set) var unwanted = 0
  /// Records beside the items that nothing takes, by name.
  public private(set) var leftOut: [String: Int] = [:]
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
    var unwanted = 0
    var reasons: [(line: Int, text: String)] = []

    /// - Parameter mappings: one for each kind of item.
    init(_ items: UnbuiltItems, _ mappings: [Result<BoundMapping, MappingMissing>]) throws {
      for item in try items.build() {
        let mapping = try mappings[item.kind].get()
        let outcome = item.problems.isEmpty ? mapping.run(item.record) : MappingOutcome(refusing: item.problems)
        if outcome.items.isEmpty && outcome.problems.isEmpty {
          unwanted += 1
        } else if outcome.isRejected || outcome.items.isEmpty {
          reasons.append((item.line, outcome.problems.map(\.description).joined(separator: "; ")))
        } else {
          mapped += 1
        }
      }
    }
  }

  private mutating func add(_ batch: Batch) {
    mapped += batch.mapped
    unwanted += batch.unwanted
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
    now: Int64, zone: DayZone = .utc
  ) async throws {
    do {
      try await run(file, catalogue, mappings, system, systemType, limits, (now, zone))
    } catch {
      let (refusal, found) = GatewayRefusal.of(error)
      guard let first = found.first else { throw refusal }
      throw GatewayRefusal(refusal.status, refusal.code, "line \(first.line), column \(first.column): \(first.message)", hint: first.hint)
    }
  }

  private mutating func run(
    _ file: String, _ catalogue: DialectCatalogue, _ mappings: any MappingSource, _ system: String, _ systemType: String,
    _ limits: XMLLimits, _ clock: (now: Int64, zone: DayZone)
  ) async throws {
    let start = ContinuousClock.now
    var reader = try await read(file, catalogue, mappings, system, systemType, limits, clock, start, envelope: nil)
    // What stands behind the first item was not known when it was mapped.
    leftOut = reader.leftOut
    if let envelope = reader.wholeEnvelope, reader.envelope != envelope {
      (mapped, unwanted, refused, reasons) = (0, 0, 0, [])
      reader = try await read(file, catalogue, mappings, system, systemType, limits, clock, start, envelope: envelope)
    }
    issues = reader.schemaIssues
    if mapped + unwanted + refused == 0, issues.issues.isEmpty {
      let beside = leftOut.isEmpty ? "" : "; it has \(leftOut.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", "))"
      throw GatewayRefusal(
        .unprocessableContent, "DOCUMENT_EMPTY",
        "the document has no item of \(typeName)\(beside)",
        hint: "items of the dialect says where items stand")
    }
    octets = try FileSize.of(file)
    time = ContinuousClock.now - start
  }

  private mutating func read(
    _ file: String, _ catalogue: DialectCatalogue, _ mappings: any MappingSource, _ system: String, _ systemType: String,
    _ limits: XMLLimits, _ clock: (now: Int64, zone: DayZone), _ start: ContinuousClock.Instant, envelope: Record?
  ) async throws -> DocumentReader {
    var known: DialectCatalogue.Entry?
    let reader = try DocumentReader(.file(file), limits: limits, deadline: start + .seconds(3_600)) { root in
      try catalogue.protocolOf(root: root)?.examine(root: root)
      let entry = try catalogue.entry(for: root, systemType: systemType, sender: system) { _ in true }
      known = entry
      return DocumentReader.Choice(entry: entry, validates: true, envelope: envelope)
    }
    try reader.begin()
    guard let entry = known else { throw XMLIssue(.notWellFormed, "The document has no root element.", file: file) }
    typeName = entry.kind.typeName
    let types = entry.kind.items.map { entry.kind.typeName(of: $0.type) }
    let context = MappingContext(valueMaps: mappings.valueMaps, documentTime: clock.now, zone: clock.zone)
    let bound = types.map { type in
      Result { () throws(MappingMissing) in
        try mappings.neededPlan(from: type, system: system, systemType: systemType).bound(to: context)
      }
    }
    // Of one kind, this is known before anything is read.
    if bound.allSatisfy({ if case .failure = $0 { true } else { false } }) { _ = try bound[0].get() }
    // Batches are built and mapped while the next are read, and few of them wait.
    var batches: [Task<Batch, any Error>] = []
    while let items = try reader.nextItems() {
      if batches.count == Self.batchesAhead { add(try await batches.removeFirst().value) }
      batches.append(Task.detached { try Batch(items, bound) })
    }
    for batch in batches { add(try await batch.value) }
    return reader
  }
}
