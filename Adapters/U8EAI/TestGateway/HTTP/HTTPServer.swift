import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// A request as it came in.
struct ServerRequest: Sendable {
  var method: String
  var path: String
  var body: [UInt8]
}

/// What is done with a request.
enum ServerReply: Sendable {
  case answer(status: Int, headers: [(String, String)] = [], body: [UInt8])
  /// The connection is closed, and nothing is said.
  case silence
  /// The connection is closed in the middle of the body.
  case half(body: [UInt8])
  /// A body without an end, of so many octets at most.
  case endless(octets: Int)
}

/// A small HTTP server that can also misbehave: one request after the other on each connection.
final class HTTPServer: Sendable {
  typealias Handler = @Sendable (ServerRequest) async -> ServerReply
  private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

  /// Octets of the longest request.
  static let greatestRequest = 64 << 20

  let port: Int
  private let listener: NIOAsyncChannel<Connection, Never>
  private let handler: Handler

  /// Listens from here on.
  ///
  /// - Parameters:
  ///   - port: 0 for one that is free.
  ///   - certificate: files of a certificate and of its key, in PEM; nil for a server without encryption.
  init(host: String, port: Int, certificate: (chain: String, key: String)?, handler: @escaping Handler) async throws {
    self.handler = handler
    let encryption = try certificate.map { try Self.encryption($0.chain, $0.key) }
    listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .bind(host: host, port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let encryption { try pipeline.addHandler(NIOSSLServerHandler(context: encryption)) }
          try pipeline.configureHTTPServerPipeline()
          return try Connection(wrappingChannelSynchronously: channel)
        }
      }
    self.port = listener.channel.localAddress?.port ?? port
  }

  private static func encryption(_ chain: String, _ key: String) throws -> NIOSSLContext {
    let certificates = try NIOSSLCertificate.fromPEMFile(chain).map { NIOSSLCertificateSource.certificate($0) }
    let privateKey = try NIOSSLPrivateKey(file: key, format: .pem)
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(certificateChain: certificates, privateKey: .privateKey(privateKey)))
  }

  /// Answers until the task is cancelled.
  func run() async throws {
    try await listener.executeThenClose { connections in
      try await withThrowingDiscardingTaskGroup { group in
        for try await connection in connections {
          // A partner that goes away ends its connection alone.
          group.addTask { try? await self.serve(connection) }
        }
      }
    }
  }

  private func serve(_ connection: Connection) async throws {
    try await connection.executeThenClose { parts, output in
      var request: ServerRequest?
      for try await part in parts {
        switch part {
        case .head(let head): request = ServerRequest(method: head.method.rawValue, path: head.uri, body: [])
        case .body(let octets):
          request?.body.append(contentsOf: octets.readableBytesView)
          if (request?.body.count ?? 0) > Self.greatestRequest { return }
        case .end:
          guard let complete = request else { return }
          request = nil
          guard try await send(handler(complete), output) else { return }
        }
      }
    }
  }

  /// - Returns: whether the connection goes on.
  private func send(_ reply: ServerReply, _ output: NIOAsyncChannelOutboundWriter<HTTPServerResponsePart>) async throws -> Bool {
    switch reply {
    case .silence: return false
    case .answer(let status, let headers, let body):
      try await output.write(.head(Self.head(status, headers + [("Content-Length", "\(body.count)")])))
      try await output.write(.body(.byteBuffer(ByteBuffer(bytes: body))))
      try await output.write(.end(nil))
      return true
    case .half(let body):
      try await output.write(.head(Self.head(200, [("Content-Type", "text/xml"), ("Content-Length", "\(body.count)")])))
      try await output.write(.body(.byteBuffer(ByteBuffer(bytes: body.prefix(body.count / 2)))))
      return false
    case .endless(let octets):
      try await output.write(.head(Self.head(200, [("Content-Type", "text/xml")])))
      let piece = ByteBuffer(bytes: Array("<!-- and so on -->".utf8) + [UInt8](repeating: 0x20, count: 65_536))
      for _ in 0..<(octets / 65_536) { try await output.write(.body(.byteBuffer(piece))) }
      return false
    }
  }

  private static func head(_ status: Int, _ headers: [(String, String)]) -> HTTPResponseHead {
    HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: HTTPHeaders(headers))
  }
}
