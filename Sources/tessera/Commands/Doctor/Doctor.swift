import ArgumentParser
import Broker
import BrokerRuntime
import ConfigurationFile
import EAIGateway
import Glibc
import Mapping
import MappingFiles
import SQLiteStore
import StoreAPI

/// One thing that was looked at.
struct Finding {
  enum State: String {
    case good
    /// Works, but somebody should know.
    case warning
    case bad
  }

  var subject: String
  var state: State
  var text: String
  /// What to do; empty where nothing is.
  var remedy = ""
}

/// `tessera doctor`
struct Doctor: TesseraCommand {
  static let configuration = CommandConfiguration(
    abstract: "Looks at everything that a running broker needs, and says what to do.",
    discussion: """
      Broker, systems that take orders, ports, database, disk, held items, mapping files, dialects, partners, certificates, clock. Changes nothing, and works beside a running broker. \
      Exit code 1 where something is bad.
      """)
  @OptionGroup var common: CommonOptions
  @Option(help: ArgumentHelp("Where `tessera serve` is to listen.", valueName: "host:port"))
  var listen = Serve.defaultListen
  @Option(help: ArgumentHelp("Where its gateway is to take XML over HTTP.", valueName: "host:port"))
  var http = Serve.defaultHTTP

  func answer() async throws -> Answer {
    var findings = [disk(), clock(), configuration(), broker()]
    findings += folder()
    // What a configuration that is wrong would say of the database and of files cannot be known.
    if findings[2].state != .bad {
      findings += await database()
      findings += documents()
      findings += await held()
    }
    findings += ports()
    let order = [
      "broker", "configuration", "database", "folder", "disk", "clock", "systems", "deliveries", "contracts", "held", "mappings",
      "dialects", "partners", "ports",
      "certificates",
    ]
    findings.sort { order.firstIndex(of: $0.subject) ?? 0 < order.firstIndex(of: $1.subject) ?? 0 }
    var table = TextTable("what", "state", "found", "to do")
    for finding in findings { table.add(finding.subject, finding.state.rawValue, finding.text, finding.remedy) }
    return Answer(
      json: [
        "checks": .array(
          findings.map {
            [
              "what": .string($0.subject), "state": .string($0.state.rawValue), "found": .string($0.text), "remedy": .optional($0.remedy),
            ]
          })
      ],
      text: table.text(whenEmpty: ""), isRefusal: findings.contains { $0.state == .bad })
  }

  private func configuration() -> Finding {
    do throws(ConfigurationFaults) {
      _ = try BrokerConfiguration(dataFolder: common.data)
      let file = "\(common.data)/\(BrokerConfiguration.fileName)"
      if (try? ServedConfiguration.isOutdated(common.data)) == true {
        return Finding(
          subject: "configuration", state: .warning, text: "\(file) was changed since the broker that runs has read it",
          remedy: "start `tessera serve` anew: until then it and all commands go by what the file said before")
      }
      return Finding(
        subject: "configuration", state: .good, text: Files.isFile(file) ? "\(file) is right" : "no \(file): all defaults hold")
    } catch {
      return Finding(
        subject: "configuration", state: .bad, text: Refusal(error).line, remedy: "correct it; `tessera config check` reads it again")
    }
  }

  private func disk() -> Finding {
    var status = statvfs()
    let folder = Files.isFolder(common.data) ? common.data : "."
    guard statvfs(folder, &status) == 0 else {
      return Finding(subject: "disk", state: .bad, text: "\(folder) cannot be looked at", remedy: "check that it is mounted and readable")
    }
    let free = (Int(status.f_bavail) * Int(status.f_frsize)) >> 20
    let text = "\(free) MiB are free for \(folder)"
    if free < 100 { return Finding(subject: "disk", state: .bad, text: text, remedy: "make room at once: nothing can be taken without it") }
    if free < 1_024 { return Finding(subject: "disk", state: .warning, text: text, remedy: "make room soon, or move the data folder") }
    return Finding(subject: "disk", state: .good, text: text)
  }

  private func clock() -> Finding {
    let now = time(nil)
    // Before this release was made: nobody has set it.
    if now < 1_767_225_600 {
      return Finding(
        subject: "clock", state: .bad, text: "the clock says \(Instant.text(Int64(now) * 1_000_000))",
        remedy: "set it, and keep it with NTP")
    }
    return Finding(subject: "clock", state: .good, text: "it is \(Instant.text(Int64(now) * 1_000_000))")
  }

  private func database() async -> [Finding] {
    guard Files.isFolder(common.data) else {
      return [
        Finding(
          subject: "database", state: .warning, text: "there is no data folder \(common.data) yet", remedy: "`tessera serve` makes it")
      ]
    }
    do {
      let now = Int64(time(nil)) * 1_000_000
      let file = try DataFolder(existing: common.data).storeFile
      try DataFolder(existing: common.data).refuseEmptyDatabase()
      if !Files.isFile(file) {
        return [
          Finding(
            subject: "database", state: .warning, text: "there is no database in \(common.data) yet", remedy: "`tessera serve` makes it")
        ]
      }
      let damage = try Self.damage(of: file)
      let (schema, isOlder) = try Self.schema(of: file)
      if isOlder { return schema + (damage.map { [$0] } ?? []) }
      let unsigned = try await Workspace.with(common, for: .looking) { try await $0.engine.unsigned(limit: 100).count }
      return try await Workspace.reading(common, for: .looking) { reader in
        let newest = try reader.messages(system: nil, before: nil, limit: 1).first
        var findings =
          schema + [
            damage ?? Finding(subject: "database", state: .good, text: "sound; \(newest?.sequence ?? 0) messages came in so far")
          ]
        if let newest, newest.receivedAt > now + 60_000_000 {
          findings.append(
            Finding(
              subject: "clock", state: .bad,
              text: "message \(newest.sequence) came in at \(Instant.text(newest.receivedAt)), which is still to come",
              remedy: "the clock was set back: set it right before anything else comes in"))
        }
        findings += try Self.deliveries(reader, now)
        if unsigned > 0 {
          findings.append(
            Finding(
              subject: "contracts", state: .warning,
              text: "\(unsigned)\(unsigned == 100 ? " or more" : "") contracts that other systems signed are not signed here",
              remedy: "`tessera contracts list --unsigned` says what is in the way of each"))
        }
        return findings + (try Self.partners(reader)) + Self.certificates(try reader.systems(), now: now / 1_000_000)
      }
    } catch {
      let failure = CommandFailure(error)
      return [
        Finding(
          subject: "database", state: .bad, text: "\(failure.code): \(failure.message)",
          remedy: failure.hint.isEmpty ? "restore the data folder from a backup" : failure.hint)
      ]
    }
  }

  /// How long the file is looked through.
  private static let checkTime = Duration.seconds(60)

  /// What is wrong with the database's file; nil where nothing is.
  private static func damage(of file: String) throws -> Finding? {
    guard Files.isFile(file) else { return nil }
    switch try SQLiteStore.check(path: file, within: checkTime) {
    case .sound: return nil
    case .damaged(let fault):
      return Finding(
        subject: "database", state: .bad, text: "\(file) is damaged: \(fault)",
        remedy: "stop `tessera serve` and restore a backup; `sqlite3 \(file) .recover` saves what is readable")
    case .unfinished:
      return Finding(
        subject: "database", state: .warning, text: "\(file) is too large to be looked through in \(checkTime.components.seconds) s",
        remedy: "`sqlite3 \(file) 'PRAGMA integrity_check'` looks through all of it")
    }
  }

  private static func partners(_ reader: any StoreReader) throws -> [Finding] {
    let partners = try reader.partners()
    if partners.isEmpty {
      return [Finding(subject: "partners", state: .good, text: "none: nobody sends XML", remedy: "`tessera partners add` agrees with one")]
    }
    return try partners.map { partner in
      let system = try reader.system(named: partner.system)
      if system?.state != .active {
        return Finding(
          subject: "partners", state: .warning, text: "\(partner.system) is revoked as a system",
          remedy: "its token is worth nothing; leave it or add it anew")
      }
      if partner.tokenDigest.isEmpty {
        return Finding(
          subject: "partners", state: .warning, text: "\(partner.system) has no token", remedy: "`tessera partners add` gives one")
      }
      if partner.sender.isEmpty, partner.documents.contains(where: { $0.hasPrefix("ufinterface:") }) {
        return Finding(
          subject: "partners", state: .bad,
          text: "\(partner.system) sends ufinterface documents, and no sender was agreed: all are refused",
          remedy: "`tessera partners add \(partner.system) --sender CODE`")
      }
      if partner.validation == .off {
        return Finding(
          subject: "partners", state: .warning, text: "the documents of \(partner.system) are not checked",
          remedy: "`tessera partners add \(partner.system) --validation warn` checks them")
      }
      return Finding(subject: "partners", state: .good, text: "\(partner.system) sends \(partner.documents.joined(separator: ", "))")
    }
  }

  private func documents() -> [Finding] {
    var findings: [Finding] = []
    do {
      let files = try FilesInUse(common)
      let (catalogue, faults) = try Composition.catalogue(files)
      findings.append(
        Finding(subject: "dialects", state: .good, text: "\(Set(catalogue.kinds.map(\.typeName)).count) kinds of documents are known"))
      findings += faults.map {
        Finding(subject: "dialects", state: .bad, text: $0, remedy: "correct it: what it describes is refused meanwhile")
      }
      let types = try Composition.types(files, catalogue)
      let (set, diagnostics) = files.load(types)
      let errors = diagnostics.count { $0.severity == .error }
      let failed = errors == 0 ? set.runTests().count { !$0.passed } : 0
      let isBad = errors > 0 || failed > 0
      findings.append(
        Finding(
          subject: "mappings", state: isBad ? .bad : .good,
          text: "\(set.mappings.count) mappings, \(errors) errors, \(failed) failed tests",
          remedy: isBad ? "`tessera mapping check` and `tessera mapping test` show them" : ""))
    } catch {
      let failure = CommandFailure(error)
      findings.append(
        Finding(
          subject: "dialects", state: .bad, text: failure.message,
          remedy: failure.hint.isEmpty ? "correct what it names; `tessera documents kinds` reads it again" : failure.hint))
    }
    return findings
  }
}
