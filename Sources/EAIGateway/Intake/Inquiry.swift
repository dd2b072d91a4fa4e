import Broker
import BrokerRuntime
import CDR
import CRMCore
import Identity
import Mapping
import StoreAPI

/// Answers documents that ask, from the CRM core: only things that the asking system has an id for, in its own ids and words.
struct Inquiry {
  let engine: BrokerEngine
  let catalogue: DialectCatalogue

  /// Things that are looked at, and records that are answered.
  static let greatestScan = 100_000
  static let greatestAnswer = 1_000

  func answer(_ head: DocumentHead, _ items: [Record], _ entry: DialectCatalogue.Entry, _ partner: Partner) async throws -> GatewayAnswer {
    let question = try entry.answering.question(head, items)
    guard let entity = entry.kind.asks, let target = entry.kind.answers, let kind = EntityKind.named(entity) else {
      throw MappingMissing(sourceType: entry.kind.asks ?? "", target: entry.kind.answers, system: partner.system.name)
    }
    let plan = try engine.mappings.neededPlan(
      from: entity, target: target, system: partner.system.name, systemType: partner.system.type)
    let mapping = plan.bound(to: engine.mappingContext(engine.now()))
    let system = partner.system.name
    let (found, isTruncated) = try await engine.store.read { reader in
      var found: [Record] = []
      var after: LinkKey?
      var scanned = 0
      while scanned < Self.greatestScan {
        let page = try reader.links(entity: entity, system: system, after: after, limit: 500)
        guard let last = page.last else { return (found, false) }
        after = last.key
        scanned += page.count
        for link in page {
          guard let record = try Self.record(of: link, kind, mapping, system, reader), question.matches(record) else { continue }
          if found.count == Self.greatestAnswer { return (found, true) }
          found.append(record)
        }
      }
      return (found, true)
    }
    return GatewayAnswer(status: 200, body: try entry.answering.answer(head, found: found, isTruncated: isTruncated))
  }

  /// The thing as the system would write it; nil where it cannot be said in its words.
  private static func record(
    of link: Link, _ kind: EntityKind, _ mapping: BoundMapping, _ system: String, _ reader: any StoreReader
  ) throws -> Record? {
    let links = try reader.links(of: link.common)
    guard let own = links.last(where: { $0.key.system == crmSystem && $0.validTo == nil }),
      let object = try reader.object(entity: kind.name, id: own.key.id.text)
    else { return nil }
    let outcome = mapping.run(try Record(cdr: object.body, as: kind.type))
    guard !outcome.isRejected, let item = outcome.items.first else { return nil }
    let answers = try item.references.map { reference -> String? in
      let key = LinkKey(entity: reference.entity, system: crmSystem, id: ForeignID(reference.foreignID))
      guard let meant = try reader.history(of: key).last, meant.validTo == nil else { return nil }
      return try reader.links(of: meant.common).last { $0.key.system == system && $0.validTo == nil }?.key.id.text
    }
    let resolved = item.resolving(ownID: link.key.id.text, answers)
    return resolved.isRejected ? nil : resolved.record
  }
}
