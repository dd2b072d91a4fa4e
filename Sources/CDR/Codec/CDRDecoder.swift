/// Reads values in Common Data Representation (CORBA 3.3, part 2, 9.3) from borrowed octets.
///
/// Every length is compared with the octets that are left before memory is taken for it, so hostile input costs no more than its own size.
public struct CDRDecoder: ~Copyable, ~Escapable {
  @usableFromInline let input: RawSpan
  @usableFromInline var index: Int = 0
  /// The CDR position of `input`'s first octet.
  @usableFromInline let origin: Int
  @usableFromInline let swaps: Bool
  /// Byte order, GIOP version and code sets of the input.
  public let format: WireFormat
  /// What object references read from this stream belong to: the ORB that received it. Nil outside of calls.
  public let context: AnyObject?
  @usableFromInline var depth: Int = 0

  /// How deep sequences may nest.
  public static var maximumDepth: Int { 64 }

  /// Reads `input`, whose first octet stands at CDR position `alignedAt`.
  @inlinable @_lifetime(copy input)
  public init(_ input: RawSpan, format: WireFormat = WireFormat(), alignedAt: Int = 0, context: AnyObject? = nil) {
    self.input = input
    self.format = format
    origin = alignedAt
    swaps = format.byteOrder != .native
    self.context = context
  }

  /// Octets not yet read.
  @inlinable public var remaining: Int { input.byteCount &- index }
  /// Octets read.
  @inlinable public var consumed: Int { index }
  /// The CDR position of the next octet.
  @inlinable public var position: Int { index &+ origin }

  // MARK: - Primitives

  /// Skips padding up to a multiple of `alignment`, a power of two up to 8.
  @inlinable @inline(__always) public mutating func align(to alignment: Int) throws(CDRError) {
    let padding = (0 &- (index &+ origin)) & (alignment &- 1)
    if padding > input.byteCount &- index { throw truncation(needed: padding) }
    index = index &+ padding
  }

  @inlinable @inline(__always) mutating func load<T: FixedWidthInteger & BitwiseCopyable>(_: T.Type) throws(CDRError) -> T {
    let size = MemoryLayout<T>.size
    let start = index &+ ((0 &- (index &+ origin)) & (size &- 1))
    if start &+ size > input.byteCount { throw truncation(needed: size) }
    let value = unsafe input.unsafeLoadUnaligned(fromUncheckedByteOffset: start, as: T.self)
    index = start &+ size
    return swaps ? value.byteSwapped : value
  }

  @inlinable @inline(__always) public mutating func decode(_: UInt8.Type = UInt8.self) throws(CDRError) -> UInt8 { try load(UInt8.self) }
  @inlinable @inline(__always) public mutating func decode(_: Int16.Type = Int16.self) throws(CDRError) -> Int16 { try load(Int16.self) }
  @inlinable @inline(__always) public mutating func decode(_: UInt16.Type = UInt16.self) throws(CDRError) -> UInt16 {
    try load(UInt16.self)
  }
  @inlinable @inline(__always) public mutating func decode(_: Int32.Type = Int32.self) throws(CDRError) -> Int32 { try load(Int32.self) }
  @inlinable @inline(__always) public mutating func decode(_: UInt32.Type = UInt32.self) throws(CDRError) -> UInt32 {
    try load(UInt32.self)
  }
  @inlinable @inline(__always) public mutating func decode(_: Int64.Type = Int64.self) throws(CDRError) -> Int64 { try load(Int64.self) }
  @inlinable @inline(__always) public mutating func decode(_: UInt64.Type = UInt64.self) throws(CDRError) -> UInt64 {
    try load(UInt64.self)
  }
  @inlinable @inline(__always) public mutating func decode(_: Float.Type = Float.self) throws(CDRError) -> Float {
    Float(bitPattern: try load(UInt32.self))
  }
  @inlinable @inline(__always) public mutating func decode(_: Double.Type = Double.self) throws(CDRError) -> Double {
    Double(bitPattern: try load(UInt64.self))
  }
  @inlinable @inline(__always) public mutating func decode(_: Bool.Type = Bool.self) throws(CDRError) -> Bool {
    let octet = try load(UInt8.self)
    if octet > 1 { throw .invalidBoolean(octet, offset: position &- 1) }
    return octet == 1
  }

  // MARK: - Octets, counts, encapsulations

  /// Takes `count` octets as they are.
  @inlinable @_lifetime(copy self)
  public mutating func take(_ count: Int) throws(CDRError) -> RawSpan {
    if count < 0 || count > remaining { throw truncation(needed: count) }
    let slice = unsafe input.extracting(unchecked: index..<(index &+ count))
    index = index &+ count
    return slice
  }

  /// Refuses input that has fewer than `count` octets left, before memory is taken for what they should hold.
  @inlinable public func require(_ count: Int) throws(CDRError) {
    if count > remaining { throw truncation(needed: count) }
  }

  /// Reads the length of a sequence whose elements take at least `minimumSize` octets each.
  ///
  /// - Throws: ``CDRError/boundExceeded(bound:actual:offset:)``, ``CDRError/countExceedsMessage(count:available:offset:)``.
  @inlinable public mutating func decodeCount(minimumSize: Int, bound: Int = .max) throws(CDRError) -> Int {
    let count = Int(try load(UInt32.self))
    if count > bound { throw .boundExceeded(bound: bound, actual: count, offset: position &- 4) }
    if count > remaining / minimumSize { throw .countExceedsMessage(count: count, available: remaining, offset: position &- 4) }
    return count
  }

  /// Reads `sequence<octet>` in one copy.
  @inlinable public mutating func decodeOctets(bound: Int = .max) throws(CDRError) -> [UInt8] {
    let count = try decodeCount(minimumSize: 1, bound: bound)
    let octets = try take(count)
    return unsafe octets.withUnsafeBytes { unsafe [UInt8]($0) }
  }

  /// Reads an encapsulation (CORBA 3.3, part 2, 9.3.3) and lets `body` read its inside, aligned from its own start.
  @inlinable public mutating func decodeEncapsulation<Result>(
    _ body: (inout CDRDecoder) throws(CDRError) -> Result
  ) throws(CDRError) -> Result {
    let length = try decodeCount(minimumSize: 1)
    return try Self.decodeEncapsulation(try take(length), format: format, context: context, body)
  }

  /// Reads octets that are an encapsulation without its length, such as the data of a tagged profile or component.
  @inlinable public static func decodeEncapsulation<Result>(
    _ octets: RawSpan, format: WireFormat = WireFormat(), context: AnyObject? = nil,
    _ body: (inout CDRDecoder) throws(CDRError) -> Result
  ) throws(CDRError) -> Result {
    var inner = format
    guard octets.byteCount > 0 else { throw .truncated(needed: 1, available: 0, offset: 0) }
    let flag = unsafe octets.unsafeLoad(fromUncheckedByteOffset: 0, as: UInt8.self)
    guard let order = ByteOrder(rawValue: flag) else { throw .invalidBoolean(flag, offset: 0) }
    inner.byteOrder = order
    var decoder = CDRDecoder(octets, format: inner, context: context)
    decoder.index = 1
    return try body(&decoder)
  }

  /// Counts one level of nesting in; ``leaveNesting()`` counts it out.
  @inlinable public mutating func enterNesting() throws(CDRError) {
    depth = depth &+ 1
    if depth > Self.maximumDepth { throw .nestingTooDeep(limit: Self.maximumDepth) }
  }

  @inlinable public mutating func leaveNesting() { depth = depth &- 1 }

  @usableFromInline func truncation(needed: Int) -> CDRError {
    .truncated(needed: needed, available: remaining, offset: position)
  }
}
