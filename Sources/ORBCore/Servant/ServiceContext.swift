/// Data that travels beside the arguments (CORBA 3.3, part 2, 9.7.1).
public struct ServiceContext: Sendable, Hashable {
  /// Which service it belongs to.
  public var id: UInt32
  /// An encapsulation that only that service understands.
  public var data: [UInt8]

  public init(id: UInt32, data: [UInt8]) {
    self.id = id
    self.data = data
  }
}
