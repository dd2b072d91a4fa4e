/// The order of the bytes of a multi-byte value in a CDR stream (CORBA 3.3, part 2, 9.3.1).
public enum ByteOrder: UInt8, Sendable, Hashable {
  /// Most significant byte first; flag value 0 in GIOP headers and encapsulations.
  case bigEndian = 0
  /// Least significant byte first; flag value 1.
  case littleEndian = 1

  /// The order in which this machine keeps its integers.
  @inlinable public static var native: ByteOrder { 1.littleEndian == 1 ? .littleEndian : .bigEndian }
}
