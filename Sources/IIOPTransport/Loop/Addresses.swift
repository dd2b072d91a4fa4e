internal import CPosix
internal import ORBCore

/// Socket addresses of names.
enum AddressResolver {
  /// Addresses of a host; asks a name server only for what is no address itself, on a thread of its own.
  ///
  /// - Throws: TRANSIENT with host and reason.
  static nonisolated(nonsending) func resolve(_ endpoint: Endpoint) async throws -> [cposix_address] {
    if let addresses = try? lookUp(endpoint, passive: false, numeric: true) { return addresses }
    return try await withCheckedThrowingContinuation { continuation in
      let question = Question(endpoint: endpoint, continuation: continuation)
      let argument = unsafe Unmanaged.passRetained(question).toOpaque()
      let result = unsafe cposix_start_thread("resolver", answerQuestion, argument)
      if result < 0 {
        unsafe Unmanaged<Question>.fromOpaque(argument).release()
        continuation.resume(throwing: SystemError(code: -result, action: "start a thread"))
      }
    }
  }

  /// Addresses to listen on; an empty host means all interfaces.
  static func resolveToListen(_ endpoint: Endpoint) throws -> [cposix_address] { try lookUp(endpoint, passive: true, numeric: false) }

  static func lookUp(_ endpoint: Endpoint, passive: Bool, numeric: Bool) throws(CORBA.SystemException) -> [cposix_address] {
    var addresses = [cposix_address](repeating: cposix_address(), count: 16)
    let count = unsafe cposix_resolve(endpoint.host, endpoint.port, passive ? 1 : 0, numeric ? 1 : 0, &addresses, 16)
    if count < 0 {
      let reason = unsafe String(cString: cposix_resolve_error(count))
      throw CORBA.SystemException(.transient, minor: .noUsableProfile, message: "cannot find the address of \(endpoint): \(reason)")
    }
    return Array(addresses.prefix(Int(count)))
  }

  /// Host and port of an address, as messages and contexts show them.
  static func describe(_ address: cposix_address) -> Endpoint {
    var address = address
    var text = [CChar](repeating: 0, count: 64)
    let port = unsafe cposix_address_text(&address, &text, 64)
    let host = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return Endpoint(host: host, port: port)
  }
}

private final class Question {
  let endpoint: Endpoint
  let continuation: CheckedContinuation<[cposix_address], any Error>
  init(endpoint: Endpoint, continuation: CheckedContinuation<[cposix_address], any Error>) {
    self.endpoint = endpoint
    self.continuation = continuation
  }
}

private func answerQuestion(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let question = unsafe Unmanaged<Question>.fromOpaque(argument).takeRetainedValue()
  do {
    question.continuation.resume(returning: try AddressResolver.lookUp(question.endpoint, passive: false, numeric: false))
  } catch {
    question.continuation.resume(throwing: error)
  }
  return nil
}
