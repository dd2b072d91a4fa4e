import Broker
import CRMCore
import Identity
import StoreAPI

/// Finds objects of the CRM core by what people call them: an id, or a code.
struct CodeLookUp: Sendable {
  private let set: WorkingSet
  private let forms: MatchForms

  /// Loads what is known of the names.
  ///
  /// - Parameter names: by kind.
  init(_ names: [String: Set<String>], _ reader: any StoreReader) throws {
    var needs = Needs()
    var policies = StepPolicies()
    policies.obey(try reader.forms())
    forms = policies.matchForms
    needs.systems = [crmSystem]
    needs.objectsOfLinks = true
    for (entity, names) in names {
      guard let kind = EntityKind.named(entity) else { continue }
      for name in names where !name.isEmpty {
        needs.objects.insert(LinkKey(entity: entity, system: crmSystem, id: ForeignID(name)))
        needs.matches[entity, default: []].formUnion(forms.spoken(name, kind))
      }
    }
    set = try reader.load(needs)
  }

  /// The thing with an id, as it was stored; nil where there is none.
  func object(_ id: String, _ kind: EntityKind) -> ObjectRow? {
    set.objects[LinkKey(entity: kind.name, system: crmSystem, id: ForeignID(id))].flatMap(\.self)
  }

  /// The ids that the name may mean: itself where it is an id, else those of all things with this code, sorted.
  func ids(_ name: String, _ kind: EntityKind) -> [String] {
    if name.isEmpty { return [] }
    if set.objects[LinkKey(entity: kind.name, system: crmSystem, id: ForeignID(name))] != nil { return [name] }
    let things = Set(forms.spoken(name, kind).flatMap { set.matches[kind.name]?[$0] ?? [] })
    return things.compactMap { thing in set.linksOfThing[thing]?.first { $0.key.system == crmSystem }?.key.id.text }.sorted()
  }
}
