import Broker
import BrokerRuntime
import CDR
import HTTPTypes
import InterchangeIDL
import Logging
import Mapping
import StoreAPI
import Synchronization
import XMLStream

/// An answer before it becomes HTTP.
struct GatewayAnswer: Sendable {
  static let contentType = "application/xml; charset=utf-8"

  var status: Int
  var body: [UInt8]
  /// Our number of the message; 0 where nothing was stored.
  var receiptNumber: Int64 = 0
  var retryAfter: Int?
  /// Our number of the message that came before, where nothing was taken.
  var duplicateOf: Int64?
}

/// Takes documents: pass one looks at form and schema, pass two takes the items; nothing is half done.
final class Intake: Sendable {
  /// Items of one document.
  static let greatestItemCount = 100_000

  let engine: BrokerEngine
  let catalogue: DialectCatalogue
  let spool: Spool
  let log: Logger
  /// How long the check of one document may take.
  let timeLimit: Duration
  private let underWay = Mutex<Set<String>>([])

  init(engine: BrokerEngine, catalogue: DialectCatalogue, spool: Spool, timeLimit: Duration, log: Logger) {
    self.engine = engine
    self.catalogue = catalogue
    self.spool = spool
    self.timeLimit = timeLimit
    self.log = log
  }

  /// What is known of a document while it is taken.
  final class Progress {
    var root: XMLStartTag?
    var entry: DialectCatalogue.Entry?
    /// When it came, in microseconds since 1970.
    let arrivedAt: Int64
    /// When its time is over.
    let deadline: ContinuousClock.Instant?
    /// Whether an earlier process may have begun with it.
    let isLeftOver: Bool
    /// Whether some of its items are taken.
    var isBegun = false

    init(arrivedAt: Int64, deadline: ContinuousClock.Instant?, isLeftOver: Bool) {
      self.arrivedAt = arrivedAt
      self.deadline = deadline
      self.isLeftOver = isLeftOver
    }
  }

  /// Takes a body that is whole.
  func take(_ body: SpooledBody, from partner: Partner) async -> GatewayAnswer {
    await take(body, from: partner, Progress(arrivedAt: engine.now(), deadline: .now + timeLimit, isLeftOver: false))
  }

  /// Takes a body that an earlier process left. Some of its items may be taken already, so that no time ends it.
  func take(leftOver body: SpooledBody, from partner: Partner) async -> GatewayAnswer {
    await take(body, from: partner, Progress(arrivedAt: Spool.arrival(of: body) ?? engine.now(), deadline: nil, isLeftOver: true))
  }

  private func take(_ body: SpooledBody, from partner: Partner, _ progress: Progress) async -> GatewayAnswer {
    do {
      let answer = try await answer(body, from: partner, progress)
      try spool.archive(body)
      return answer
    } catch {
      return await refused(body, partner, progress, error)
    }
  }

  /// Pass one: what the document is, whether its sender may send it, its form and its schema.
  private func examine(_ body: SpooledBody, _ partner: Partner, _ progress: Progress) throws -> (Reading, Reading.Check) {
    let limits = XMLLimits(documentBytes: Int(partner.agreement.greatestBody))
    let validation = partner.agreement.validation
    let reader = try DocumentReader(body.content, limits: limits, deadline: progress.deadline) { [catalogue] root in
      progress.root = root
      try catalogue.protocolOf(root: root)?.examine(root: root)
      let entry = try catalogue.entry(
        for: root, systemType: partner.system.type, sender: partner.system.name, maySend: partner.agreement.maySend)
      progress.entry = entry
      return DocumentReader.Choice(entry: entry, validates: validation != .off)
    }
    try reader.begin()
    guard let entry = progress.entry else { throw XMLIssue(.notWellFormed, "The document has no root element.", file: body.path) }
    let reading = Reading(body: body, entry: entry, limits: limits, validation: validation)
    return (reading, try reading.check(reader, atMost: Self.greatestItemCount))
  }

  private func answer(_ body: SpooledBody, from partner: Partner, _ progress: Progress) async throws -> GatewayAnswer {
    let (reading, check) = try examine(body, partner, progress)
    let entry = reading.entry
    if !check.head.sender.isEmpty || !entry.kind.senderPath.isEmpty, check.head.sender != partner.agreement.sender {
      throw GatewayRefusal(
        .forbidden, "SENDER_FOREIGN",
        "the document names the sender '\(check.head.sender.prefix(60))', which is not that of \(partner.system.name)")
    }
    if !check.issues.issues.isEmpty, partner.agreement.validation == .strict { throw check.issues }
    if entry.kind.asks != nil {
      return try await Inquiry(engine: engine, catalogue: catalogue).answer(check.head, check.items.map(\.record), entry, partner)
    }
    // What is not understood is refused before anything is taken.
    for kind in check.kinds.sorted() {
      let type = entry.kind.typeName(of: entry.kind.items[kind].type)
      _ = try engine.mappings.neededPlan(from: type, system: partner.system.name, systemType: partner.system.type)
    }
    let demand = try entry.answering.demand(of: check.head)
    let id = try messageID(of: check.head, body, partner)
    let key = "\(partner.system.name) \(entry.kind.typeName) \(id)"
    guard underWay.withLock({ $0.insert(key).inserted }) else {
      throw GatewayRefusal(
        .conflict, "MESSAGE_UNDER_WAY", "the message '\(id)' is being taken at this moment", hint: "ask again in a moment", retryAfter: 1)
    }
    defer { underWay.withLock { _ = $0.remove(key) } }
    // Pass two.
    let taking = DocumentTaking(engine: engine, check: check, reading: reading, document: id, demand: demand, partner: partner)
    let (outcome, isRepeated) = try await taking.take(progress)
    return GatewayAnswer(
      status: 200, body: try entry.answering.answer(outcome), receiptNumber: outcome.receiptNumber,
      duplicateOf: isRepeated ? outcome.receiptNumber : nil)
  }

  /// What makes the message the same one when it comes again.
  private func messageID(of head: DocumentHead, _ body: SpooledBody, _ partner: Partner) throws -> String {
    let own = body.messageID.isEmpty ? head.messageID : body.messageID
    let digest = body.digest.map(Spool.hexadecimal).joined()
    switch partner.agreement.identity {
    case .body: return own.isEmpty ? digest : "\(own.prefix(60))/\(digest)"
    case .document:
      guard (1...200).contains(own.utf8.count) else {
        throw GatewayRefusal(
          .unprocessableContent, "MESSAGE_ID_INVALID", "the document bears no number of its own, or one of more than 200 octets",
          hint: "number each message, or agree on --identity body")
      }
      return own
    }
  }

  // MARK: - Refusals

  private func refused(_ body: SpooledBody, _ partner: Partner, _ progress: Progress, _ error: any Error) async -> GatewayAnswer {
    let (refusal, issues) = GatewayRefusal.of(error)
    if refusal.status.kind == .serverError { log.error("a document could not be taken", metadata: ["error": "\(error)"]) }
    var number: Int64 = 0
    // What the document itself is to blame for is kept as evidence; what another try may mend is not.
    if refusal.retryAfter == nil, refusal.status.kind == .clientError {
      var reasons = issues.map { ($0.code.rawValue, $0.elementPath, "line \($0.line), column \($0.column): \($0.message)") }
      if reasons.isEmpty { reasons = [(refusal.code, "", refusal.message)] }
      let operation = "eai \(progress.entry?.kind.typeName ?? "unknown")"
      let kept = try? await engine.keepRefused(
        system: partner.system.name, operation: operation, digest: body.digest, body: body.kept, reasons: reasons)
      number = kept ?? 0
    }
    if number > 0 {
      try? spool.archive(body)
    } else if !progress.isBegun {
      spool.discard(body)
    }
    // What was begun is ended, at the latest by the process that finds it in the spool.
    return answer(refusal, issues, root: progress.root, partner: partner, number: number)
  }

  /// The answer to a refusal, in the dialect of whoever asked as far as it is known.
  func answer(
    _ refusal: GatewayRefusal, _ issues: [XMLIssue] = [], root: XMLStartTag? = nil, partner: Partner? = nil, number: Int64 = 0
  ) -> GatewayAnswer {
    let answering =
      catalogue.protocolOf(root: root) ?? partner.flatMap { catalogue.protocolOf(systemType: $0.system.type) } ?? catalogue.canonical
    let body = try? answering.refusal(refusal, issues: issues, root: root, receiptNumber: number)
    return GatewayAnswer(
      status: refusal.status.code, body: body ?? Array("<Receipt><outcome>refused</outcome></Receipt>".utf8), receiptNumber: number,
      retryAfter: refusal.retryAfter)
  }
}

extension GatewayRefusal {
  static func unknownDocument(_ root: XMLStartTag, _ catalogue: DialectCatalogue) -> GatewayRefusal {
    GatewayRefusal(
      .unprocessableContent, "DOCUMENT_UNKNOWN", "no kind of document is known whose root is '\(root.name)' with these attributes",
      hint: "the kinds are: \(Set(catalogue.kinds.map(\.typeName)).sorted().joined(separator: ", "))")
  }

  /// What an error means for the whole request.
  static func of(_ error: any Error) -> (GatewayRefusal, [XMLIssue]) {
    switch error {
    case let refusal as GatewayRefusal: return (refusal, [])
    case let issues as XMLIssues:
      return (GatewayRefusal(.unprocessableContent, "DOCUMENT_INVALID", "the document breaks its schema"), issues.issues)
    case let issue as XMLIssue: return (of(issue), [issue])
    case let conflict as Interchange.V1.MessageConflict:
      return (GatewayRefusal(.unprocessableContent, "MESSAGE_CONFLICT", conflict.explanation), [])
    case let missing as MappingMissing:
      return (GatewayRefusal(.unprocessableContent, missing.code, missing.description), [])
    case let error as StoreError:
      return (GatewayRefusal(.serviceUnavailable, error.code.rawValue, error.message, hint: error.hint, retryAfter: 5), [])
    default: return (GatewayRefusal(.internalServerError, "UNEXPECTED", "the broker failed"), [])
    }
  }

  private static func of(_ issue: XMLIssue) -> GatewayRefusal {
    switch issue.code {
    case .documentTooLarge, .startTagTooLarge, .tooManyAttributes, .tooManyNamespaces, .tooDeep, .tooManyNames, .textTooLarge,
      .commentTooLarge:
      GatewayRefusal(.contentTooLarge, issue.code.rawValue, issue.message)
    case .encodingUnsupported, .encodingInvalid: GatewayRefusal(.unsupportedMediaType, issue.code.rawValue, issue.message)
    default: GatewayRefusal(.badRequest, issue.code.rawValue, issue.message)
    }
  }
}
