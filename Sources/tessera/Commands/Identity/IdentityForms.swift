import ArgumentParser
import Broker
import BrokerRuntime
import CRMCore
import ConfigurationFile
import Identity
import StoreAPI

/// `tessera identity forms`
struct IdentityFormsCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forms", abstract: "Which spellings of ids, and of values that things are recognised by, are the same.",
    discussion: """
      broker.xml goes first: what it declares in <identity> is set there alone, and `apply` brings what is stored to it. What it does not \
      name is declared with `set` and kept in the database. `--dry-run` shows what would be written otherwise and what would fall \
      together; a form in which ids of different things would be one is refused.
      """,
    subcommands: [IdentityFormsList.self, IdentityFormsSet.self, IdentityFormsApply.self])
}

/// `tessera identity forms list`
struct IdentityFormsList: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Shows every form that holds and is declared, and what is declared and does not hold yet.")
  @OptionGroup var common: CommonOptions

  func answer() async throws -> Answer {
    let (stored, pending) = try await Workspace.with(common) { workspace in
      let declared = workspace.configuration[IdentitySection.self].rows
      return try await workspace.store.read { (try $0.forms(), try IdentityForms.pending(declared, $0)) }
    }
    var rows = stored.filter { $0.origin != .standard }
    let taxID = FormScope.matches(entity: "Party", field: "taxId")
    if !rows.contains(where: { $0.scope == taxID }) { rows.append(FormRow(taxID, taxID.standard, .standard)) }
    rows.sort { $0.scope.description < $1.scope.description }
    var table = TextTable("of", "form", "declared by", "and then")
    for row in rows {
      let next = pending.first { $0.scope == row.scope }
      table.add(row.scope.description, row.form.text, row.origin.words, next.map(\.form.text) ?? "")
    }
    for row in pending where !rows.contains(where: { $0.scope == row.scope }) {
      table.add(row.scope.description, row.scope.standard.text, "", row.form.text)
    }
    return Answer(
      json: [
        "forms": .array(rows.map(\.json)), "pending": .array(pending.map(\.json)),
      ],
      text: table.text(whenEmpty: "Nothing is declared.")
        + "All else is compared without blanks and invisible characters at the ends.\n"
        + (pending.isEmpty ? "" : "What stands in the last column does not hold yet: `tessera identity forms apply --dry-run`.\n"))
  }
}

/// `tessera identity forms set`
struct IdentityFormsSet: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Declares how a system writes its ids of an entity, or how values of a match field are written.",
    discussion: """
      FORM is exact (octet by octet) or tax-id (as its country writes it), or some of: trim, no-blanks, width, no-zeros, upper-case. What \
      is stored is brought to it in the same step, and items that were held as near misses run again; nothing may serve the data folder \
      meanwhile.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The words of the form.")
  var form: [Choice<CanonicalForm.Word>]
  @Option(help: "The kind of thing.")
  var entity: EntityArgument
  @Option(help: "The system whose ids are meant.")
  var system: String?
  @Option(help: "The match field whose values are meant, such as taxId.")
  var field: String?
  @Flag(help: "Changes nothing, and shows what would be changed.")
  var dryRun = false
  @Option(help: "Why, for the audit.")
  var reason: String?

  func validate() throws {
    if (system == nil) == (field == nil) { throw ValidationError("Name either --system or --field.") }
    if !dryRun, reason == nil { throw ValidationError("Name a --reason, or --dry-run.") }
    if CanonicalForm(words: form.map(\.value)) == nil { throw ValidationError("exact and tax-id stand alone; else name one word or more.") }
    if system != nil, form.contains(where: { $0.value == .taxID }) { throw ValidationError("An id has no country; tax-id is for --field.") }
    // Numbers of contracts are our own, and stand as they are.
    let known = entity.kind === EntityKind.contract ? [] : entity.kind.matchFields
    if let field, !known.contains(field) {
      let words =
        known.isEmpty ? "they are known by their ids alone; name --system" : "they are recognised by \(known.joined(separator: ", "))"
      throw ValidationError("Things of \(entity.name) are not recognised by '\(field)': \(words).")
    }
  }

  func answer() async throws -> Answer {
    let scope: FormScope = if let system { .ids(system: system, entity: entity.name) } else { .matches(entity: entity.name, field: field!) }
    let row = FormRow(scope, CanonicalForm(words: form.map(\.value))!, .command)
    return try await FormsWork(common: common, who: dryRun ? "" : try actor.who, reason: dryRun ? nil : reason).answer {
      workspace, reader in
      if let declared = workspace.configuration[IdentitySection.self].forms.first(where: { $0.of == scope }) {
        throw Refusal(
          "FORM_DECLARED", "\(declared.place) declares the form of \(scope)", hint: "change it there, then `tessera identity forms apply`")
      }
      if system == crmSystem {
        throw Refusal(
          "FORM_OF_CRM", "the CRM core makes its ids itself; they have no other form", hint: "name the system whose ids are meant")
      }
      if let system, try reader.system(named: system) == nil { throw try Refusal.unknownSystem(system, reader) }
      return [row]
    }
  }
}

/// `tessera identity forms apply`
struct IdentityFormsApply: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Brings what is stored to the forms that broker.xml declares.",
    discussion: """
      A form that changes nothing of what is stored holds from the next command or start on; one that changes ids waits for this. Items \
      that were held as near misses run again; nothing may serve the data folder meanwhile.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Flag(help: "Changes nothing, and shows what would be changed.")
  var dryRun = false
  @Option(help: "Why, for the audit.")
  var reason: String?

  func validate() throws { if !dryRun, reason == nil { throw ValidationError("Name a --reason, or --dry-run.") } }

  func answer() async throws -> Answer {
    try await FormsWork(common: common, who: dryRun ? "" : try actor.who, reason: dryRun ? nil : reason).answer { workspace, reader in
      try IdentityForms.pending(workspace.configuration[IdentitySection.self].rows, reader)
    }
  }
}

/// What `set` and `apply` have in common.
private struct FormsWork {
  let common: CommonOptions
  let who: String
  /// Nil where nothing is to be changed.
  let reason: String?

  func answer(_ wanted: @escaping @Sendable (Workspace, any StoreReader) throws -> [FormRow]) async throws -> Answer {
    guard let reason else {
      let effects = try await Workspace.with(common) { workspace in
        try await workspace.store.read { reader in try wanted(workspace, reader).map { try IdentityForms.effect(of: $0, reader) } }
      }
      return Self.answer(effects, released: [], isDone: false)
    }
    let lock = try ServeLock(DataFolder(existing: common.data))
    defer { lock.release() }
    return try await Workspace.with(common) { [who] workspace in
      let effects = try await workspace.store.write { transaction in
        let (applied, left) = try IdentityForms.apply(
          wanted(workspace, transaction), quietly: false, who: who, reason: reason, at: SystemClock.microseconds(), transaction)
        if let first = left.first?.refused.first {
          let count = left.reduce(0) { $0 + $1.refused.count }
          throw Refusal(
            "IDS_FALL_TOGETHER",
            "\(left[0].row.scope): \(first.words) would be one id of different things\(count > 1 ? ", and \(count - 1) more" : ""); nothing was changed",
            hint: "see them with --dry-run, then end the wrong ones with `tessera identity unlink`")
        }
        return applied
      }
      var workspace = workspace
      workspace.policies = try await Composition.policies(workspace.configuration, workspace.store, settling: false)
      let entities = Set(effects.map(\.row.scope.entity))
      let held = try await workspace.store.read { reader in
        let waiting = try reader.held(state: .waiting, entity: nil, system: nil, after: 0, limit: .max)
          .filter { row in
            entities.contains(row.key.entity)
              || row.causes.contains { if case .link(let key) = $0 { entities.contains(key.entity) } else { false } }
          }
        return try BrokerEngine.freed(waiting, reader).sorted()
      }
      let released = held.isEmpty ? [] : try await workspace.mappingEngine().release(heldIDs: held, who: who, reason: reason)
      return Self.answer(effects, released: released, isDone: true)
    }
  }

  private static func answer(_ effects: [FormEffect], released: [ItemRow], isDone: Bool) -> Answer {
    var text = ""
    for effect in effects {
      text += "\(effect.row.scope): \(effect.former.text) -> \(effect.row.form.text), \(effect.changed.count) written otherwise, "
      text += "\(effect.together.count) fall together, \(effect.refused.count) of them refused\n"
      if !isDone, !effect.changed.isEmpty {
        var changed = TextTable("is written now", "and then")
        for (from, to) in effect.changed.prefix(1_000) { changed.add("\"\(from)\"", "\"\(to)\"") }
        text += changed.text(whenEmpty: "")
        if effect.changed.count > 1_000 { text += "and \(effect.changed.count - 1_000) more; --json shows all\n" }
      }
      var table = TextTable("as", "is written now", "thing", "")
      for group in effect.together.prefix(1_000) {
        for member in group.members {
          table.add(group.text, "\"\(member.text)\"", member.thing ?? "not linked", group.isRefused ? "refused: different things" : "")
        }
      }
      if !effect.together.isEmpty { text += table.text(whenEmpty: "") }
      if effect.together.count > 1_000 { text += "and \(effect.together.count - 1_000) more; --json shows all\n" }
    }
    if effects.isEmpty { text = "What is declared holds already.\n" }
    if !released.isEmpty { text += "\(released.count) held items ran again: \(released.count { $0.outcome == .applied }) applied.\n" }
    text += isDone ? "" : "Nothing was changed.\n"
    return Answer(
      json: [
        "dryRun": .bool(!isDone), "effects": .array(effects.map(\.json)), "released": .array(released.map(\.json)),
      ], text: text)
  }
}

extension FormScope {
  var entity: String {
    switch self {
    case .ids(_, let entity), .matches(let entity, _): entity
    }
  }

  fileprivate var json: JSON {
    switch self {
    case .ids(let system, let entity): ["system": .string(system), "entity": .string(entity)]
    case .matches(let entity, let field): ["entity": .string(entity), "field": .string(field)]
    }
  }
}

extension FormRow {
  fileprivate var json: JSON {
    ["of": scope.json, "form": .string(form.text), "declaredBy": .string(origin.rawValue)]
  }
}

extension FormRow.Origin {
  fileprivate var words: String {
    switch self {
    case .file: "broker.xml"
    case .command: "a command"
    case .earlier: "nobody, an earlier release"
    case .kept: "nobody, things would fall together"
    case .standard: "nobody"
    }
  }
}

extension FormEffect.Together {
  fileprivate var words: String { members.map { "\"\($0.text)\"" }.joined(separator: " and ") }
}

extension FormEffect {
  fileprivate var json: JSON {
    [
      "of": row.scope.json, "former": .string(former.text), "form": .string(row.form.text),
      "changed": .array(changed.map { ["from": .string($0.from), "to": .string($0.to)] }),
      "together": .array(
        together.map { group in
          [
            "as": .string(group.text), "refused": .bool(group.isRefused),
            "members": .array(group.members.map { ["text": .string($0.text), "thing": $0.thing.map { .string($0) } ?? .null] }),
          ]
        }),
    ]
  }
}
