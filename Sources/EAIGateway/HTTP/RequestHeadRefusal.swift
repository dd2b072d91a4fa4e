import HTTPTypes
import NIOHTTP1

extension GatewayRefusal {
  /// Why what came is no request: nobody behind the decoder hears of it.
  init(ofHead error: HTTPParserError) {
    let words =
      switch error {
      case .headerOverflow: "its head is larger than 80 KiB, or has too many fields"
      case .invalidEOFState, .closedConnection: "the connection ended before its head had come"
      case .invalidMethod: "its method is unknown"
      case .invalidURL: "its address is none"
      case .invalidVersion: "its version of HTTP is not 1.0 or 1.1"
      case .invalidHeaderToken: "a field of its head has a character that may not stand there"
      case .invalidContentLength: "its Content-Length is no number, or stands there twice"
      case .unexpectedContentLength: "its head has both Content-Length and Transfer-Encoding"
      case .unknown: "its Transfer-Encoding is unknown or stands beside a Content-Length, or a line does not end as it has to"
      default: "its head does not come as HTTP says (\(error))"
      }
    self.init(
      .badRequest, error == .headerOverflow ? "HEAD_TOO_LARGE" : "HEAD_INVALID", "this is no request of HTTP/1.1: \(words)",
      hint: "check which program sends it, and whether it speaks HTTP without TLS; nothing of it was taken")
  }
}
