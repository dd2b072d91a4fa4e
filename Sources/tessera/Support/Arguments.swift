import ArgumentParser
import Broker
import CRMCore
import Identity
import StoreAPI

/// The kind of a thing, as links name it.
struct EntityArgument: ExpressibleByArgument, Sendable {
  let kind: EntityKind
  var name: String { kind.name }

  init?(argument: String) {
    guard let kind = EntityKind.all.first(where: { $0.name.lowercased() == argument.lowercased() }) else { return nil }
    self.kind = kind
  }

  static var allValueStrings: [String] { EntityKind.all.map(\.name) }
  var defaultValueDescription: String { name }
}

/// `SYSTEM:ID`: an id as its system writes it; `crm:P-000123` is one of the CRM core.
struct ForeignIDArgument: ExplainedArgument {
  let system: String
  let id: String

  init(explaining text: String) throws(ArgumentFault) {
    guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
      throw ArgumentFault("'\(text)' does not name the system whose id it is; it is written SYSTEM:ID, such as erp:4711 or crm:P-000123")
    }
    system = String(text[..<colon])
    id = String(text[text.index(after: colon)...])
  }

  /// The key in links.
  ///
  /// - Throws: ``Refusal`` where there is no such system, `CanonicalForm.Fault` where the text is no id.
  func key(_ entity: EntityArgument, _ reader: any StoreReader) throws -> LinkKey {
    if system != crmSystem, try reader.system(named: system) == nil { throw try Refusal.unknownSystem(system, reader) }
    return try key(entity.name, reader)
  }

  /// The same, whether there is such a system or not.
  ///
  /// - Throws: `CanonicalForm.Fault` where the text is no id.
  func key(_ entity: String, _ reader: any StoreReader) throws -> LinkKey {
    LinkKey(entity: entity, system: system, id: try reader.form(of: .ids(system: system, entity: entity)).canonical(id))
  }
}

extension Refusal {
  static func unknownSystem(_ name: String, _ reader: any StoreReader) throws -> Refusal {
    let names = try reader.systems().map(\.name)
    return Refusal(
      "SYSTEM_UNKNOWN", "there is no system \"\(name)\"",
      hint: names.isEmpty ? "add one with `tessera systems add`" : "there are: \((["crm"] + names).joined(separator: ", "))")
  }
}

/// One of the cases of an enumeration, by its stable name.
struct Choice<Value: RawRepresentable<String> & CaseIterable & Sendable>: ExpressibleByArgument, Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }

  init?(argument: String) {
    guard let value = Value(rawValue: argument) else { return nil }
    self.value = value
  }

  static var allValueStrings: [String] { Value.allCases.map(\.rawValue) }
  var defaultValueDescription: String { value.rawValue }
}
