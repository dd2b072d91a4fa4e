import AsyncHTTPClient
import BrokerRuntime
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

extension AdapterFailure {
  /// What a failed post tells about the document: not taken where no connection came to be, else nobody knows.
  init(posting error: any Error, to url: String, timeout: Duration) {
    switch error {
    case let error as AdapterFailure: self = error
    case is AnswerTooLate, HTTPClientError.deadlineExceeded as HTTPClientError:
      self = .unknown("ANSWER_TOO_LATE", "\(url) did not answer within \(timeout.components.seconds) s", Self.mayBeThere)
    case is NIOTooManyBytesError:
      self = .unknown("ANSWER_TOO_LARGE", "the answer of \(url) is longer than its bound", Self.mayBeThere)
    case let error as HTTPClientError: self.init(error, url)
    case let error as NIOConnectionError:
      self = .notSent("NOT_CONNECTED", "\(url) cannot be reached: \(error.reason)", "is it up, and is the address right?")
    case let error as IOError where [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EADDRNOTAVAIL].contains(error.errnoCode):
      self = .notSent("NOT_CONNECTED", "\(url) cannot be reached: \(error.description)", "is it up, and is the address right?")
    case let error as NIOSSLError where error.isOfHandshake:
      self = .notSent("NOT_TRUSTED", "no encrypted connection to \(url): \(error)", "name the file of the authority with #ca=FILE")
    case is NIOSSLExtraError:
      self = .notSent("NOT_TRUSTED", "no encrypted connection to \(url): \(error)", "the certificate is for another name")
    default: self = .unknown("CONNECTION_LOST", "the connection to \(url) ended without an answer: \(error)", Self.mayBeThere)
    }
  }

  private init(_ error: HTTPClientError, _ url: String) {
    switch error {
    case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout:
      self = .notSent(
        "NOT_CONNECTED", "\(url) took no connection within \(DocumentChannel.connectTimeout) s", "is it up, and is the address right?")
    case .invalidURL, .emptyHost, .emptyScheme: self = .notSent("ADDRESS_INVALID", "\(url) is no address: \(error)", "")
    default: self = .unknown("CONNECTION_LOST", "the connection to \(url) ended without an answer: \(error)", Self.mayBeThere)
    }
  }

  private static let mayBeThere = "it may have taken the document"

  private static func notSent(_ code: String, _ message: String, _ hint: String) -> AdapterFailure {
    AdapterFailure(.notExecuted, code: code, message: message, hint: hint)
  }

  private static func unknown(_ code: String, _ message: String, _ hint: String) -> AdapterFailure {
    AdapterFailure(.unknown, code: code, message: message, hint: hint)
  }
}

extension NIOConnectionError {
  /// What went wrong, in one line.
  fileprivate var reason: String {
    let failures = connectionErrors.map { failure in
      (failure.error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(failure.error)"
    }
    if !failures.isEmpty { return Array(Set(failures)).sorted().joined(separator: ", ") }
    return dnsAError.map { "its name is not known: \($0)" } ?? "its name is not known"
  }
}

extension NIOSSLError {
  /// Whether it ended the handshake, before any octet of ours was sent.
  fileprivate var isOfHandshake: Bool {
    switch self {
    case .handshakeFailed, .unableToValidateCertificate, .noCertificateToValidate, .cannotMatchULabel: true
    default: false
    }
  }
}
