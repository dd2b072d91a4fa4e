public import CDR

/// Data that travels beside the arguments of a call (CORBA 3.3, part 2, 9.4.2.1 and 9.7); kept as it came, known or not.
public struct ServiceContext: Sendable, Hashable {
  /// What kind of data it is; the OMG assigns the numbers.
  public struct ID: RawRepresentable, Sendable, Hashable {
    public let rawValue: UInt32
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The transmission code sets of the connection.
    @inlinable public static var codeSets: ID { ID(rawValue: 1) }
  }

  public var id: ID
  /// An encapsulation: its first octet is the byte order.
  public var data: [UInt8]

  public init(id: ID, data: [UInt8]) {
    self.id = id
    self.data = data
  }

  /// Reads a service context list, which must stay within the limits.
  static func decodeList(_ decoder: inout CDRDecoder, limits: GIOPLimits) throws(CDRError) -> [ServiceContext] {
    let count = try decoder.decodeCount(minimumSize: 8, bound: limits.serviceContexts)
    if count == 0 { return [] }
    var contexts: [ServiceContext] = []
    contexts.reserveCapacity(count)
    var room = limits.serviceContextBytes
    for _ in 0..<count {
      let id = ID(rawValue: try decoder.decode(UInt32.self))
      let data = try decoder.decodeOctets(bound: room)
      room -= data.count
      contexts.append(ServiceContext(id: id, data: data))
    }
    return contexts
  }
}

extension CDREncoder {
  @inlinable mutating func encode(_ contexts: [ServiceContext]) {
    encode(UInt32(truncatingIfNeeded: contexts.count))
    for context in contexts {
      encode(context.id.rawValue)
      encode(octets: context.data)
    }
  }
}
