public import CDR
public import GIOPCore
public import Synchronization

/// One way to reach an object of another process: a profile of its reference, read once.
public final class Route: Sendable {
  /// The addresses of the server, in the order to try them.
  public let addresses: [IIOPAddress]
  public let objectKey: ObjectKey
  /// The highest GIOP version that the server takes.
  public let version: WireFormat.Version
  /// The choice made of the server's code sets; nil where the profile says nothing of them, as in a `corbaloc:`.
  public let codeSets: TransmissionCodeSets?
  /// What a transport wants to find again with the next call: the connection.
  public let cache = Mutex<(any AnyObject & Sendable)?>(nil)
  let reference: IOR
  let profileIndex: Int
  /// Whether the server has been asked where the object is, which is done before the first call without known code sets: text that
  /// cannot travel to the address itself may well be understood by the server that it forwards to.
  let isLocated = Atomic<Bool>(false)

  init(_ reference: IOR, profile: IIOPProfile, index: Int) {
    self.reference = reference
    profileIndex = index
    addresses = profile.addresses
    objectKey = ObjectKey(octets: profile.objectKey)
    version = profile.version
    codeSets = profile.codeSets.map { TransmissionCodeSets.choose(for: $0) }
  }
}

extension Route: CustomStringConvertible {
  public var description: String { addresses.map(\.description).joined(separator: ", ") }
}
