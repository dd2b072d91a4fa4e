import Broker
import BrokerRuntime
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTP1
import StoreAPI

/// Turns requests into answers. Every answer has an XML body, since some clients read nothing else.
struct GatewayResponder: HTTPResponder {
  typealias Context = GatewayContext

  let intake: Intake
  let partners: PartnerDesk
  let connections: ConnectionDesk
  let refusals: TalliedLog
  let log: Logger

  func respond(to request: Request, context: Context) async throws -> Response {
    do {
      return try await answer(request, context)
    } catch {
      let (refusal, _) = GatewayRefusal.of(error)
      if refusal.status.kind == .serverError { log.error("a request failed", metadata: ["error": "\(error)"]) }
      note(refusal, context)
      return response(intake.answer(refusal))
    }
  }

  /// Leaves a trace of a request that is refused before there is a document to keep: nobody else would hear of it.
  private func note(_ refusal: GatewayRefusal, _ context: Context, _ partner: Partner? = nil) {
    guard [.badRequest, .requestTimeout, .tooManyRequests].contains(refusal.status) else { return }
    var metadata: Logger.Metadata = ["code": "\(refusal.code)", "reason": "\(refusal.message)"]
    if let partner { metadata["partner"] = "\(partner.system.name)" }
    refusals.note("a request was refused", from: context.channel.peerHost, metadata)
  }

  /// The partner that asks, known from now on.
  private func partner(_ request: Request, _ context: Context) async throws -> Partner {
    let partner = try await partners.partner(authorization: request.headers[.authorization], from: context.channel.peerHost)
    connections.vouch(for: context.channel)
    return partner
  }

  private func answer(_ request: Request, _ context: Context) async throws -> Response {
    let path = request.uri.path
    switch (request.method, path) {
    case (.get, "/eai"), (.head, "/eai"): return response(GatewayAnswer(status: 200, body: Array("<eai status=\"ready\"/>".utf8)))
    case (.post, "/eai"): return try await take(request, context)
    case (.get, _) where path.hasPrefix("/eai/receipts/"):
      let partner = try await partner(request, context)
      try partners.count(partner)
      return response(try await ReceiptDesk(intake: intake).answer(String(path.dropFirst(14)), partner))
    case (_, "/eai"):
      throw GatewayRefusal(.methodNotAllowed, "METHOD_UNKNOWN", "'\(request.method.rawValue)' is not served here", hint: "POST a document")
    default: throw GatewayRefusal(.notFound, "NOT_FOUND", "there is nothing at this address", hint: "POST documents to /eai")
    }
  }

  private func take(_ request: Request, _ context: Context) async throws -> Response {
    let partner = try await partner(request, context)
    do {
      try partners.count(partner)
      try partners.begin(partner)
      defer { partners.end(partner) }
      let open = try await spool(request, partner)
      CrashPoint.afterSpool.reached()
      // The disk is waited for while a large document is read, and nothing is answered before both are done.
      async let settled: Void = intake.spool.settle(open)
      let answer = await intake.take(open.body, from: partner)
      try await settled
      CrashPoint.beforeReply.reached()
      return response(answer)
    } catch {
      // From here on we know in which dialect the partner reads.
      let (refusal, issues) = GatewayRefusal.of(error)
      note(refusal, context, partner)
      return response(intake.answer(refusal, issues, partner: partner))
    }
  }

  /// Takes the body in as it comes; its octets are counted, whatever the request says of them.
  private func spool(_ request: Request, _ partner: Partner) async throws -> OpenBody {
    let limit = partner.agreement.greatestBody
    let tooLarge = GatewayRefusal(
      .contentTooLarge, "BODY_TOO_LARGE", "the body has more than \(limit) octets", hint: "send it in several documents, or agree on more")
    if let declared = request.headers[.contentLength].flatMap(Int64.init), declared > limit { throw tooLarge }
    if let encoding = request.headers[.contentEncoding], encoding.lowercased() != "identity" {
      throw GatewayRefusal(
        .unsupportedMediaType, "ENCODING_UNSUPPORTED", "bodies in '\(encoding.prefix(40))' are not taken",
        hint: "send the document as it is")
    }
    if let transfer = request.headers[.transferEncoding], transfer.lowercased() != "chunked" {
      throw GatewayRefusal(
        .badRequest, "HEAD_INVALID", "the Transfer-Encoding '\(transfer.prefix(40))' is not known",
        hint: "send the body chunked, or as it is")
    }
    let messageID = request.headers[.messageID] ?? ""
    guard messageID.utf8.count <= Spool.greatestMessageID else {
      throw GatewayRefusal(.badRequest, "MESSAGE_ID_INVALID", "the header Message-Id has more than \(Spool.greatestMessageID) octets")
    }
    let writer = intake.spool.begin(system: partner.system.name, messageID: messageID)
    do {
      for try await buffer in request.body {
        guard writer.octets + Int64(buffer.readableBytes) <= limit else { throw tooLarge }
        try buffer.withUnsafeReadableBytes { try writer.write($0) }
      }
    } catch { throw GatewayRefusal(ofBody: error) }
    if let declared = request.headers[.contentLength].flatMap(Int64.init), declared != writer.octets {
      throw GatewayRefusal.cut("of \(declared) octets that it has as its head says, \(writer.octets) came")
    }
    if writer.octets == 0 {
      throw GatewayRefusal(.badRequest, "BODY_EMPTY", "the request has no body", hint: "POST the document as the body")
    }
    return try writer.finish()
  }

  private func response(_ answer: GatewayAnswer) -> Response {
    var headers: HTTPFields = [.contentType: GatewayAnswer.contentType, .contentLength: String(answer.body.count)]
    if let seconds = answer.retryAfter { headers[.retryAfter] = String(seconds) }
    if answer.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
    if answer.receiptNumber > 0 { headers[.location] = "/eai/receipts/\(answer.receiptNumber)" }
    if let first = answer.duplicateOf { headers[.duplicateOf] = String(first) }
    return Response(status: .init(code: answer.status), headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
  }

  /// Takes bodies that a process left that ended before it could answer; their senders find the receipts when they try again.
  func takeLeftOver() async {
    for body in intake.spool.leftOver() {
      do {
        let rows = try await intake.engine.store.read { (try $0.system(named: body.system), try $0.partner(named: body.system)) }
        guard let system = rows.0, let agreement = rows.1 else { continue }
        let answer = await intake.take(leftOver: body, from: Partner(system: system, agreement: agreement))
        log.notice(
          "a document left in the spool was taken",
          metadata: ["system": "\(body.system)", "status": "\(answer.status)", "receipt": "\(answer.receiptNumber)"])
      } catch {
        log.error("a document left in the spool could not be taken", metadata: ["file": "\(body.path)", "error": "\(error)"])
      }
    }
  }
}

/// What is known of a request beside itself.
struct GatewayContext: InitializableFromSource, Sendable {
  let channel: any Channel

  init(source: ApplicationRequestContextSource) { channel = source.channel }
}

extension GatewayRefusal {
  /// A body that ends before it is whole.
  fileprivate static func cut(_ how: String) -> GatewayRefusal {
    GatewayRefusal(.badRequest, "BODY_CUT", "the body is not whole: \(how)", hint: "send it again; nothing of it was taken")
  }

  /// Why a body could not be read: it ends before it is whole, is not as HTTP says, or comes too slowly.
  fileprivate init(ofBody error: any Error) {
    switch error {
    case let refusal as GatewayRefusal: self = refusal
    case is BodyTooSlow:
      self.init(
        .requestTimeout, "BODY_TOO_SLOW", "too little of the body came for too long", hint: "send it at once; nothing of it was taken")
    case is BodyInPieces:
      self.init(
        .badRequest, "BODY_IN_PIECES",
        "the body comes in more than \(BodyPieces.greatestFree) pieces of hardly \(BodyPieces.greatestTiny) octets, or far more stands around it than in it",
        hint: "gather them before they are sent, for example in chunks of 8 KiB; nothing of it was taken")
    case let error as HTTPParserError where error != .invalidEOFState:
      self.init(
        .badRequest, "BODY_INVALID", "the body does not come as HTTP says (\(error))",
        hint: "check how it is cut into chunks; nothing of it was taken")
    case is CancellationError: self.init(.serviceUnavailable, "STOPPING", "the broker ends", retryAfter: 5)
    default: self = .cut("the connection ended before all of it had come")
    }
  }
}

extension HTTPField.Name {
  /// The sender's own number of the message, where its documents bear none.
  static let messageID = Self("Message-Id")!
  /// Our number of the message that came before, where a document came again and nothing was taken.
  static let duplicateOf = Self("Tessera-Duplicate-Of")!
}
