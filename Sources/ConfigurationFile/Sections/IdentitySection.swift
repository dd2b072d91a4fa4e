public import Broker
import CRMCore
public import Identity
import Mapping

/// `<identity>`: how ids and the values by which things are recognised are written.
public enum IdentitySection: ConfigurationSection {
  /// What is declared of identity.
  public struct Value: Sendable, Hashable {
    /// Forms of ids and match values, in the order of the file.
    public var forms: [Declared] = []
    /// What is done with near misses, where it is not to hold them.
    public var nearMisses: [StepPolicies.FormKey: NearMissPolicy] = [:]

    public init() {}

    /// What is declared, as it is stored.
    public var rows: [FormRow] { forms.map { FormRow($0.of, $0.form, .file) } }
  }

  /// A declared form.
  public struct Declared: Sendable, Hashable {
    public var of: FormScope
    public var form: CanonicalForm
    /// `file:line:column` in broker.xml.
    public var place: String
  }

  public static let defaultValue = Value()

  private static func form(_ words: [CanonicalForm.Word]) -> ConfigurationAttribute {
    ConfigurationAttribute(
      "form", .choices(words.map(\.rawValue)),
      "`exact` (octet by octet), `trim` (no blanks and invisible characters at the ends, which all others mean, too), `no-blanks` (none anywhere), `width` (full and half width are one), `no-zeros` (none at the start of digits alone), `upper-case`\(words.contains(.taxID) ? ", `tax-id` (as its country writes it)" : "")."
    )
  }

  public static let element = ConfigurationElement(
    "identity", "Which spellings of ids, and of values by which things are recognised, are the same.",
    elements: [
      ConfigurationElement(
        "ids", "How a system writes its ids of an entity.",
        attributes: [
          ConfigurationAttribute("system", .name, "The system.", isRequired: true),
          ConfigurationAttribute("entity", .choice(EntityKind.all.map(\.name)), "The entity.", isRequired: true),
          form(CanonicalForm.Word.ofIDs),
          .choice(
            "near-misses", default: NearMissPolicy.hold,
            "What is done with an id that is unknown and differs from a known one, or a match value from a known one, only in case, blanks, width or dashes: `hold` it for a person, or `create` a thing, for systems that tell ids apart by their case."
          ),
        ], repeats: true),
      ConfigurationElement(
        "match", "How the values of a field are written by which things of an entity are recognised.",
        attributes: [
          ConfigurationAttribute(
            "entity", .choice(EntityKind.all.filter { !$0.matchFields.isEmpty && $0 !== EntityKind.contract }.map(\.name)), "The entity.",
            isRequired: true),
          ConfigurationAttribute("field", .name, "The field.", isRequired: true),
          form(CanonicalForm.Word.allCases),
        ], repeats: true),
    ])

  public static func value(of node: ConfigurationNode, _ faults: inout ConfigurationFaults) -> Value {
    var value = Value()
    var named: Set<FormScope> = []
    func add(_ scope: FormScope, _ inside: ConfigurationNode, _ faults: inout ConfigurationFaults) {
      guard named.insert(scope).inserted else {
        faults.add("CONFIGURATION_REPEATED", "\(scope) is declared twice", at: inside.place, hint: "write it once")
        return
      }
      // What is no value was told.
      guard inside.has("form"), inside.text("form") != nil else { return }
      let words = inside.words("form").compactMap(CanonicalForm.Word.init(rawValue:))
      guard let form = CanonicalForm(words: words) else {
        faults.add(
          "CONFIGURATION_VALUE", "form '\(inside.required("form"))' contradicts itself", at: inside.place("form"),
          hint: "'exact' and 'tax-id' stand alone")
        return
      }
      value.forms.append(Declared(of: scope, form: form, place: inside.place("form").description))
    }
    func isTold(_ inside: ConfigurationNode, _ attributes: String...) -> Bool { attributes.contains { inside.text($0) == nil } }
    for inside in node.elements("ids") where !isTold(inside, "system", "entity") {
      let (system, entity) = (inside.required("system"), inside.required("entity"))
      if system == crmSystem {
        faults.add(
          "CONFIGURATION_VALUE", "system 'crm': the CRM core makes its ids itself; they have no other form", at: inside.place("system"),
          hint: "name the system whose ids are meant")
        continue
      }
      add(.ids(system: system, entity: entity), inside, &faults)
      if inside.choice("near-misses") == NearMissPolicy.create { value.nearMisses[.init(system: system, entity: entity)] = .create }
    }
    for inside in node.elements("match") where !isTold(inside, "entity", "field") {
      let (entity, field) = (inside.required("entity"), inside.required("field"))
      if let kind = EntityKind.named(entity), !kind.matchFields.contains(field) {
        faults.add(
          "CONFIGURATION_VALUE", "\(entity) is not recognised by '\(field)'", at: inside.place("field"),
          hint: "it is by \(kind.matchFields.joined(separator: ", "))")
        continue
      }
      add(.matches(entity: entity, field: field), inside, &faults)
    }
    return value
  }
}
