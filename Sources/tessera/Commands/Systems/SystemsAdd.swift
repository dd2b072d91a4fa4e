import ArgumentParser
import Broker
import BrokerRuntime
import StoreAPI

/// `tessera systems add`
struct SystemsAdd: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Adds a system and prints its secret, once.",
    discussion: """
      The secret is kept as a hash: who loses it asks for another with `tessera systems rotate`. The reference that we call is pinned: it \
      changes only by `systems change`. A revoked system can be added again; its ids keep their meaning.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions

  @Argument(help: "The name of the application instance, such as erp-shanghai.")
  var name: String
  @Option(help: "The kind of application; it selects mapping files and columns of value maps (default: that of the adapter).")
  var type: String?
  @Option(help: "What carries its calls: inbound (it calls us), order-desk (it implements our OrderDesk), or the name of an adapter.")
  var adapter: AdapterKind
  @Option(
    help: """
      What we call: IOR:…, corbaloc:…, or @FILE with one of them inside; for u8-eai the interface's URL, with #sender=CODE behind it.
      """)
  var reference: String?
  @Option(help: "What its create call promises.")
  var guarantee = Choice(CreateGuarantee.none)
  @Flag(help: "Orders go there.")
  var orders = false
  @Option(
    help: """
      In which code set it reads and writes text, where its reference does not say that, as no corbaloc: does: without it, nothing but \
      ISO 8859-1 is sent to such a system.
      """)
  var codeSet: Choice<PeerCodeSet>?

  func validate() throws {
    try Self.validate(name)
    if codeSet != nil, !adapter.isCalled || adapter == .u8EAI {
      throw ValidationError("--code-set goes with an adapter that we call by IIOP.")
    }
    if adapter.isCalled, reference == nil {
      throw ValidationError("--adapter \(adapter.rawValue) needs --reference: the object that we call.")
    }
    if !adapter.isCalled, reference != nil { throw ValidationError("--adapter \(adapter.rawValue) takes no --reference: it calls us.") }
    if orders, !adapter.isCalled { throw ValidationError("--orders needs an adapter that we call; '\(adapter.rawValue)' only calls us.") }
  }

  /// Refuses what cannot be the name of a system.
  static func validate(_ name: String) throws {
    if name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._-]{0,62}/) == nil || name == crmSystem {
      throw ValidationError(
        "'\(name)' cannot be the name of a system: take 1 to 63 letters, digits, '.', '_' and '-', and not 'crm', which is the CRM core.")
    }
  }

  func answer() async throws -> Answer {
    let pinned = try reference.map {
      try adapter == .u8EAI ? Reference.ofU8EAI($0, guarantee.value) : Reference.pinned($0, codeSet: codeSet?.value)
    }
    let who = try actor.who
    let secret = Secrets.make()
    let row = try await Workspace.with(common, creating: true) { workspace in
      let former = try await workspace.store.read { [name] in try $0.system(named: name) }
      if let former, former.state == .active {
        throw Refusal(
          "SYSTEM_EXISTS", "the system \"\(name)\" is there already, as \(former.type)",
          hint: "`tessera systems change` changes it, `tessera systems rotate` gives it another secret; to add it anew, revoke it first")
      }
      let now = workspace.engine.now()
      let row = SystemRow(
        name: name, type: type ?? adapter.systemType, adapter: adapter.rawValue, secretHash: Secrets.hash(secret), reference: pinned ?? "",
        guarantee: guarantee.value, takesOrders: orders, state: .active, createdAt: former?.createdAt ?? now, changedAt: now)
      try await workspace.engine.putSystem(row, who: who, action: "add-system")
      workspace.ringDoorbell()
      return row
    }
    return Answer(
      json: ["system": row.json, "secret": .string(secret)],
      text: """
        The system \(row.name) is added. Its secret is shown this once:

          \(secret)

        """)
  }
}

/// `tessera systems rotate`
struct SystemsRotate: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate", abstract: "Gives a system a new secret and prints it, once.",
    discussion: "The old secret opens no session from now on; sessions that are open stay open until they end or idle out.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The name of the system.")
  var name: String

  func answer() async throws -> Answer {
    let secret = Secrets.make()
    let hash = Secrets.hash(secret)
    let row = try await SystemsRevoke.change(name, common, who: try actor.who, action: "rotate-secret") { $0.secretHash = hash }
    return Answer(
      json: ["system": row.json, "secret": .string(secret)],
      text: """
        The system \(row.name) has a new secret. It is shown this once:

          \(secret)

        """)
  }
}

/// `tessera systems revoke`
struct SystemsRevoke: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Shuts a system out: it opens no session, nothing is read from it, no order goes there.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Argument(help: "The name of the system.")
  var name: String
  @Option(help: "Why, for the audit.")
  var reason = ""

  func answer() async throws -> Answer {
    let row = try await Self.change(name, common, who: try actor.who, action: "revoke-system", reason: reason) { $0.state = .revoked }
    return Answer(json: ["system": row.json], text: "The system \(row.name) is revoked.\n")
  }

  /// Changes the row of an active system.
  static func change(
    _ name: String, _ common: CommonOptions, who: String, action: String, reason: String = "",
    _ change: @escaping @Sendable (inout SystemRow) -> Void
  ) async throws -> SystemRow {
    try await Workspace.with(common) { workspace in
      let (_, row) = try await workspace.engine.changeSystem(named: name, who: who, action: action, reason: reason) { former, reader in
        guard var row = former else { throw try Refusal.unknownSystem(name, reader) }
        if row.state == .revoked {
          throw Refusal("SYSTEM_REVOKED", "the system \"\(name)\" is revoked", hint: "`tessera systems add` adds it again")
        }
        change(&row)
        return row
      }
      workspace.ringDoorbell()
      return row
    }
  }
}
