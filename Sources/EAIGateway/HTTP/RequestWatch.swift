import BrokerRuntime
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// A body of which too little came for too long.
struct BodyTooSlow: Error {}

/// Watches one connection: how long it may take, and when it ends.
///
/// It hands a body on in few pieces, in however many it comes, and refuses one whose pieces are tiny.
/// A connection ends after an answer that came before its request was whole, after the answer to a request of HTTP/1.0, and where the
/// request says so (RFC 9112, 9.3 and 9.6). It stands before the codec, which does not tell the version of HTTP.
final class RequestWatch: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias InboundOut = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  private let limits: PeerLimits
  private let desk: ConnectionDesk
  private let headRefusals: HeadRefusals
  private var connection: GatewayConnection?
  private var timer: RepeatedTask?
  /// Requests whose heads and ends came, and answers that were given.
  private var (heads, ends, answers) = (0, 0, 0)
  /// For each request without an answer, whether the connection ends behind it.
  private var closing: [Bool] = []
  private var isLeaving = false
  private var discarded = 0
  private var pieces = BodyPieces()
  /// Whether the body at hand is refused: nothing that comes behind it counts.
  private var isRefused = false
  /// Whether the connection is read in small portions from now on.
  private var isPortioned = false
  /// Why what came last is no request.
  private var headRefusal: GatewayRefusal?
  /// Since when nothing is under way.
  private var idleSince = NIODeadline.now()
  /// What came of the body at hand since when.
  private var (bodyOctets, bodySince) = (0, NIODeadline.now())
  private var stalledSince: NIODeadline?
  /// Whether somebody here asks for more: who is not read from is not slow.
  private var isRead = true

  /// What may still come on a connection that ends: octets, and for how long.
  private static let greatestRest = 1 << 20
  private static let farewellTime = TimeAmount.seconds(2)

  init(limits: PeerLimits, desk: ConnectionDesk, headRefusals: HeadRefusals) {
    self.limits = limits
    self.desk = desk
    self.headRefusals = headRefusals
  }

  // MARK: - The connection

  func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { begin(context) } }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    guard connection == nil else { return }
    connection = desk.enter(context.channel)
    idleSince = .now()
    let pause = TimeAmount(min(limits.httpHead, limits.bodyTime, limits.httpIdle, .seconds(20)) / 4)
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleRepeatedTask(initialDelay: pause, delay: pause) { _ in
      let (watch, context) = bound.value
      watch.look(context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) { end() }

  private func end() {
    timer?.cancel()
    timer = nil
    if let connection { desk.leave(connection) }
  }

  // MARK: - Requests and answers

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var part = unwrapInboundIn(data)
    if isLeaving || isRefused { return }
    switch part {
    case .head(var head):
      heads += 1
      pieces = BodyPieces()
      (bodyOctets, bodySince) = (0, .now())
      let closes = !head.isKeepAlive || (head.version.major, head.version.minor) < (1, 1)
      closing.append(closes)
      // One spelling for whoever looks at it behind us.
      if closes { head.headers.replaceOrAdd(name: "connection", value: "close") }
      part = .head(head)
    case .body(let octets):
      bodyOctets += octets.readableBytes
      for piece in pieces.add(octets) { context.fireChannelRead(wrapInboundOut(.body(piece))) }
      return bound(context)
    case .end:
      handOn(context)
      ends += 1
    }
    connection?.isBusy = true
    context.fireChannelRead(wrapInboundOut(part))
  }

  /// Hands on what has come of a body.
  private func handOn(_ context: ChannelHandlerContext) {
    if let octets = pieces.take() { context.fireChannelRead(wrapInboundOut(.body(octets))) }
  }

  /// Bounds what a body in small pieces costs.
  private func bound(_ context: ChannelHandlerContext) {
    if !isPortioned, pieces.isPortioned {
      isPortioned = true
      try? context.channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
      try? context.channel.syncOptions?.setOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: BodyPieces.portion))
    }
    guard pieces.isTooSmall, !isRefused else { return }
    isRefused = true
    context.fireErrorCaught(BodyInPieces())
  }

  /// Counts octets that come.
  ///
  /// - Returns: whether they are to be read as HTTP.
  func receives(_ octets: Int) -> Bool {
    if isLeaving {
      discarded += octets
      if discarded > Self.greatestRest { connection?.channel.close(promise: nil) }
    }
    if isLeaving || isRefused { return false }
    pieces.receive(octets)
    return true
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    handOn(context)
    // What is wrong within a body is told by whoever reads it.
    if heads == ends, !isLeaving, let error = error as? HTTPParserError { refuse(error, context) }
    context.fireErrorCaught(error)
  }

  private func refuse(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
    let refusal = GatewayRefusal(ofHead: error)
    headRefusal = refusal
    headRefusals.note(refusal, from: connection?.host ?? context.channel.peerHost)
  }

  func read(context: ChannelHandlerContext) {
    isRead = true
    context.read()
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    isRead = false
    if heads > ends, !isLeaving, !isRefused {
      handOn(context)
      bound(context)
    }
    context.fireChannelReadComplete()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if isLeaving, case ChannelEvent.inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    context.fireUserInboundEventTriggered(event)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    switch unwrapOutboundIn(data) {
    case .head(var head) where head.status.code >= 200:
      if closing.isEmpty { closing.append(true) }
      if ends <= answers { closing[0] = true }
      if closing[0] { head.headers.replaceOrAdd(name: "connection", value: "close") }
      guard head.status == .badRequest, head.headers.first(name: "content-length") == "0" else {
        return context.write(wrapOutboundOut(.head(head)), promise: promise)
      }
      // So the server answers what is no request. Its sender reads why.
      if headRefusal == nil { refuse(.invalidURL, context) }
      let body = headRefusals.answer(headRefusal!).body
      head.headers.replaceOrAdd(name: "content-length", value: String(body.count))
      head.headers.replaceOrAdd(name: "content-type", value: GatewayAnswer.contentType)
      context.write(wrapOutboundOut(.head(head)), promise: promise)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
    case .end:
      answers += 1
      let closes = closing.isEmpty || closing.removeFirst()
      if heads <= answers {
        connection?.isBusy = false
        idleSince = .now()
      }
      guard closes else { return context.write(data, promise: promise) }
      let written = promise ?? context.eventLoop.makePromise()
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      written.futureResult.whenComplete { _ in
        let (watch, context) = bound.value
        watch.takeLeave(context)
      }
      context.write(data, promise: written)
    default: context.write(data, promise: promise)
    }
  }

  /// Says that nothing more comes, and closes once the peer has said so, too: at once would reset the connection where something of its
  /// request is unread, and could destroy the answer on its way.
  private func takeLeave(_ context: ChannelHandlerContext) {
    guard !isLeaving else { return }
    isLeaving = true
    context.close(mode: .output, promise: nil)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.farewellTime) { bound.value.close(promise: nil) }
    // What was not asked for would never be seen to end.
    context.read()
  }

  // MARK: - Time

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    stalledSince = context.channel.isWritable ? nil : .now()
    context.fireChannelWritabilityChanged()
  }

  private func look(_ context: ChannelHandlerContext) {
    let now = NIODeadline.now()
    if let stalledSince, now - stalledSince > TimeAmount(limits.bodyTime) { return context.close(promise: nil) }
    if isLeaving { return }
    if heads > ends {
      guard now - bodySince > TimeAmount(limits.bodyTime) else { return }
      let isSlow = bodyOctets < limits.bodyOctets && isRead
      (bodyOctets, bodySince) = (0, now)
      if isSlow { context.fireErrorCaught(BodyTooSlow()) }
    } else if heads <= answers, now - idleSince > TimeAmount(connection?.isKnown == true ? limits.httpIdle : limits.httpHead) {
      context.close(promise: nil)
    }
  }
}
