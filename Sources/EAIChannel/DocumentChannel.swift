import AsyncHTTPClient
import BrokerRuntime
import NIOCore
import NIOHTTP1
import NIOSSL

/// Posts documents to one address, one request for each, and gives the answers.
///
/// Every request has a connection of its own: one that was kept open may be closed by the other side just when a document is on its
/// way, and then nobody knows whether it was taken. No redirection is followed, no answer is longer than its bound, nothing is sent
/// twice. Answers are asked for, and taken, uncompressed.
public struct DocumentChannel: Sendable {
  /// How an address is called.
  public struct Options: Sendable {
    /// The time from the request to the last octet of the answer.
    public var timeout: Duration = .seconds(300)
    /// Octets of the longest answer.
    public var answerLimit = 4 << 20
    /// A file with the certificates, in PEM, of those who may have signed the other side's; nil for those that this machine trusts.
    public var authorities: String?

    /// The defaults.
    public init() {}
  }

  private let url: String
  private let options: Options
  private let encryption: TLSConfiguration?

  /// How long it may take until a connection is there, encryption included, in seconds.
  static let connectTimeout: Int64 = 10

  /// One for all channels: it lives as long as the process.
  private static let client: HTTPClient = {
    var configuration = HTTPClient.Configuration()
    configuration.redirectConfiguration = .disallow
    configuration.timeout.connect = .seconds(connectTimeout)
    configuration.httpVersion = .http1Only
    // A refused connection is told at once; when to try again is the broker's to say.
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
    return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }()

  /// - Throws: ``AdapterFailure`` with code `CERTIFICATES_UNREADABLE`.
  public init(_ address: ChannelAddress, options: Options = Options()) throws {
    url = address.url
    self.options = options
    guard address.isEncrypted else {
      encryption = nil
      return
    }
    var encryption = TLSConfiguration.makeClientConfiguration()
    encryption.minimumTLSVersion = .tlsv12
    if let file = options.authorities { encryption.trustRoots = .certificates(try ChannelCertificate.read(file)) }
    self.encryption = encryption
  }

  /// Posts a document.
  ///
  /// - Returns: the answer, whatever its status says.
  /// - Throws: ``AdapterFailure``, which tells whether the document may have been taken.
  public func post(_ document: [UInt8], contentType: String) async throws -> ChannelAnswer {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "Content-Type", value: contentType)
    request.headers.add(name: "Accept", value: "text/xml, application/xml")
    request.headers.add(name: "Accept-Encoding", value: "identity")
    request.headers.add(name: "User-Agent", value: "tessera")
    request.headers.add(name: "Connection", value: "close")
    request.body = .bytes(ByteBuffer(bytes: document))
    request.tlsConfiguration = encryption
    do { return try await exchange(request) } catch { throw AdapterFailure(posting: error, to: url, timeout: options.timeout) }
  }

  private func exchange(_ request: HTTPClientRequest) async throws -> ChannelAnswer {
    let (timeout, limit) = (options.timeout, options.answerLimit)
    return try await withThrowingTaskGroup(of: ChannelAnswer.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        let response = try await Self.client.execute(request, timeout: .nanoseconds(timeout.nanoseconds))
        let body = try await response.body.collect(upTo: limit)
        return ChannelAnswer(
          status: Int(response.status.code), location: response.headers.first(name: "Location") ?? "", body: Array(body.readableBytesView))
      }
      // The client's own deadline ends with the first octets of the answer.
      group.addTask {
        try await Task.sleep(for: timeout)
        throw AnswerTooLate()
      }
      guard let first = try await group.next() else { throw AnswerTooLate() }
      return first
    }
  }
}

/// What came back.
public struct ChannelAnswer: Hashable, Sendable {
  /// The status code (RFC 9110, 15).
  public var status: Int
  /// Where a redirection leads; empty where there is none.
  public var location: String
  /// The content.
  public var body: [UInt8]

  /// Creates an answer.
  public init(status: Int, location: String = "", body: [UInt8]) {
    self.status = status
    self.location = location
    self.body = body
  }
}

/// The time was over before the answer was complete.
struct AnswerTooLate: Error {}

extension Duration {
  /// Nanoseconds, for bounds of hours at most.
  fileprivate var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
