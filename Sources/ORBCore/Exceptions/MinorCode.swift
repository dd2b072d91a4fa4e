/// Minor codes of system exceptions that this ORB raises (CORBA 3.3, part 1, annex A); the upper 20 bits are the OMG's, 0x4f4d0.
public struct MinorCode: RawRepresentable, Sendable, Hashable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  private init(omg number: UInt32) { rawValue = 0x4F4D_0000 | number }

  public static let unspecified = MinorCode(rawValue: 0)
  public static let unlistedUserException = MinorCode(omg: 1)
  public static let unknownOperation = MinorCode(omg: 2)
  public static let requestDiscarded = MinorCode(omg: 1)
  public static let noUsableProfile = MinorCode(omg: 2)
  public static let requestCancelled = MinorCode(omg: 3)
  public static let unknownAdapter = MinorCode(omg: 2)
  public static let noInterfaceRepository = MinorCode(omg: 1)
}
