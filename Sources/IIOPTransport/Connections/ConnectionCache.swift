import CDR
internal import CPosix
import GIOPCore
import ORBCore
import Synchronization

/// The client's connections of a transport, one for each address and choice of code sets.
final class ConnectionCache: Sendable {
  private struct Key: Hashable {
    let address: IIOPAddress
    let codeSets: TransmissionCodeSets?
  }

  private enum Entry {
    case ready(ClientConnection)
    /// Being connected; whoever else wants it waits.
    case connecting([CheckedContinuation<Void, Never>])
  }

  private let entries = Mutex<[Key: Entry]>([:])
  private let options: IIOPOptions
  private let held: HeldOctets

  init(options: IIOPOptions, held: HeldOctets) {
    self.options = options
    self.held = held
  }

  var all: [ClientConnection] {
    entries.withLock { entries in
      entries.values.compactMap { if case .ready(let connection) = $0 { connection } else { nil } }
    }
  }

  /// A connection for a route, made if there is none; the addresses are tried in order.
  ///
  /// - Throws: TRANSIENT with address and reason where none can be reached.
  nonisolated(nonsending) func connection(for route: Route, on loop: EventLoop) async throws -> ClientConnection {
    var failure = CORBA.SystemException(.transient, minor: .noUsableProfile, message: "\(route) names no address")
    for address in route.addresses {
      do { return try await connection(to: Key(address: address, codeSets: route.codeSets), on: loop) } catch let error
        as CORBA.SystemException
      {
        failure = error
      }
    }
    throw failure
  }

  private nonisolated(nonsending) func connection(to key: Key, on loop: EventLoop) async throws -> ClientConnection {
    while true {
      let found: ClientConnection?? = entries.withLock { entries in
        switch entries[key] {
        case .ready(let connection) where connection.takesCalls: return connection
        case .connecting: return .some(nil)
        default:
          entries[key] = .connecting([])
          return nil
        }
      }
      if let found {
        if let found { return found }
        await waitForConnecting(key)
        continue
      }
      do {
        let connection = try await connect(key, on: loop)
        settle(key, .ready(connection))
        return connection
      } catch {
        settle(key, nil)
        throw error
      }
    }
  }

  private func waitForConnecting(_ key: Key) async {
    await withCheckedContinuation { continuation in
      let waits = entries.withLock { entries in
        guard case .connecting(let waiting) = entries[key] else { return false }
        entries[key] = .connecting(waiting + [continuation])
        return true
      }
      if !waits { continuation.resume() }
    }
  }

  private func settle(_ key: Key, _ entry: Entry?) {
    let waiting = entries.withLock { entries in
      defer { entries[key] = entry }
      if case .connecting(let waiting) = entries[key] { return waiting }
      return []
    }
    for continuation in waiting { continuation.resume() }
  }

  private func forget(_ key: Key, _ connection: ClientConnection) {
    entries.withLock { entries in
      if case .ready(let known) = entries[key], known === connection { entries[key] = nil }
    }
  }

  private nonisolated(nonsending) func connect(_ key: Key, on loop: EventLoop) async throws -> ClientConnection {
    var reason = "it has no address"
    for address in try await AddressResolver.resolve(key.address) {
      let result = await Self.connect(address, key, loop, options, held) { [weak self] in self?.forget(key, $0) }
      switch result {
      case .success(let connection): return connection
      case .failure(let error): reason = error.words
      }
    }
    throw CORBA.SystemException(
      .transient, minor: .noUsableProfile, message: "cannot connect to \(key.address): \(reason)")
  }

  /// Connects a socket on the loop's thread, wherever the caller runs.
  private static func connect(
    _ address: cposix_address, _ key: Key, _ loop: EventLoop, _ options: IIOPOptions, _ held: HeldOctets,
    _ forget: @escaping @Sendable (ClientConnection) -> Void
  ) async -> Result<ClientConnection, SystemError> {
    await Task(executorPreference: loop) { () -> Result<ClientConnection, SystemError> in
      // A loop that has ended leaves its tasks to others, which must not touch sockets.
      guard loop.isCurrent else { return .failure(SystemError(code: ESHUTDOWN, action: "connect")) }
      var address = address
      let descriptor = unsafe cposix_connect(&address)
      if descriptor < 0 { return .failure(SystemError(code: -descriptor, action: "connect")) }
      let connection: ClientConnection
      do {
        connection = try ClientConnection(
          loop: loop, options: options, held: held, descriptor: descriptor, peer: key.address, codeSets: key.codeSets,
          didClose: forget)
      } catch {
        cposix_close(descriptor)
        return .failure(error as? SystemError ?? SystemError(code: EIO, action: "watch a socket"))
      }
      let error = await connection.finishConnecting()
      if error == 0 { return .success(connection) }
      connection.close(GIOPError(.connectionLost, "not connected"))
      return .failure(SystemError(code: error, action: "connect"))
    }.value
  }
}
