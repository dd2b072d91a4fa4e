import BrokerRuntime
import NIOSSL

/// A certificate of those who may have signed the other side's.
public struct ChannelCertificate: Hashable, Sendable {
  /// From when to when it is valid, in seconds since 1970.
  public let validFrom: Int64
  public let validUntil: Int64

  /// The certificates of a file, in PEM.
  ///
  /// - Throws: `AdapterFailure` with code `CERTIFICATES_UNREADABLE`.
  public static func all(inFile path: String) throws -> [ChannelCertificate] {
    try read(path).map { ChannelCertificate(validFrom: Int64($0.notValidBefore), validUntil: Int64($0.notValidAfter)) }
  }

  static func read(_ path: String) throws -> [NIOSSLCertificate] {
    do { return try NIOSSLCertificate.fromPEMFile(path) } catch {
      throw AdapterFailure(.notExecuted, code: "CERTIFICATES_UNREADABLE", message: "the certificates in \(path) cannot be read: \(error)")
    }
  }
}
