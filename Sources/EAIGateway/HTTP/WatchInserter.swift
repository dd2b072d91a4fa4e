import BrokerRuntime
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// What is done about heads of requests that are none.
struct HeadRefusals: Sendable {
  let log: TalliedLog
  let answer: @Sendable (GatewayRefusal) -> GatewayAnswer

  /// Leaves a trace of a refusal.
  func note(_ refusal: GatewayRefusal, from host: String) {
    log.note("a request was refused", from: host, ["code": "\(refusal.code)", "reason": "\(refusal.message)"])
  }
}

/// Puts the watch before the codec, behind which the server adds handlers.
final class WatchInserter: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = NIOAny

  private let limits: PeerLimits
  private let desk: ConnectionDesk
  private let heads: HeadRefusals

  init(limits: PeerLimits, desk: ConnectionDesk, heads: HeadRefusals) {
    self.limits = limits
    self.desk = desk
    self.heads = heads
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let pipeline = context.pipeline.syncOperations
    do {
      let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
      let watch = RequestWatch(limits: limits, desk: desk, headRefusals: heads)
      try pipeline.addHandler(ReceivedOctets(watch), position: .first)
      try pipeline.addHandler(watch, position: .before(codec))
    } catch { context.close(promise: nil) }
  }
}
