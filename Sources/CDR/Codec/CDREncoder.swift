/// Writes values in Common Data Representation (CORBA 3.3, part 2, 9.3) into one growing block of memory.
///
/// Alignment counts from an origin that moves with ``beginMessage()``, so that one encoder can collect several GIOP messages
/// for one `send`. Padding octets are zero.
@safe
public struct CDREncoder: ~Copyable {
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  /// Octets written so far, over all messages.
  @inlinable public var count: Int { _count }
  @usableFromInline var _count: Int = 0
  /// Where alignment counts from, as an index into this encoder's octets.
  @usableFromInline var origin: Int
  @usableFromInline var swaps: Bool
  /// Byte order, GIOP version and code sets of what is written from here on.
  public var format: WireFormat {
    @inlinable get { _format }
    @inlinable set {
      _format = newValue
      swaps = newValue.byteOrder != .native
    }
  }
  @usableFromInline var _format: WireFormat

  /// Room kept behind every value, so that padding is one store of eight zero octets.
  @usableFromInline static var slack: Int { 16 }

  /// Creates an empty encoder.
  ///
  /// - Parameters:
  ///   - alignedAt: the CDR position of the first octet; 0 for an encapsulation or a whole message.
  ///   - capacity: octets to reserve at once.
  @inlinable public init(format: WireFormat = WireFormat(), alignedAt: Int = 0, capacity: Int = 512) {
    unsafe base = .allocate(byteCount: capacity + Self.slack, alignment: 16)
    self.capacity = capacity + Self.slack
    origin = -alignedAt
    _format = format
    swaps = format.byteOrder != .native
  }

  @inlinable deinit { unsafe base.deallocate() }

  // MARK: - Whole streams

  /// The octets written so far.
  public var bytes: RawSpan {
    @inlinable @_lifetime(borrow self) get {
      let span = unsafe RawSpan(_unsafeStart: base, byteCount: _count)
      return unsafe _overrideLifetime(span, borrowing: self)
    }
  }

  /// A copy of the octets written so far.
  @inlinable public var array: [UInt8] { unsafe [UInt8](UnsafeRawBufferPointer(start: base, count: _count)) }

  /// Forgets all octets and keeps the memory.
  @inlinable public mutating func removeAll() {
    _count = 0
    origin = 0
  }

  /// Forgets the octets from `count` on, for example those of a message whose encoding failed.
  @inlinable public mutating func truncate(to count: Int) {
    precondition(count >= 0 && count <= _count)
    _count = count
  }

  /// Lets alignment count from here, as at the start of a GIOP message.
  @inlinable public mutating func beginMessage() { origin = _count }

  /// The position in the message, counted from the origin of the alignment.
  @inlinable public var position: Int { _count - origin }

  /// Writes over four octets that are already there, for example a size known only at the end.
  @inlinable public mutating func overwrite(_ value: UInt32, at index: Int) {
    precondition(index >= 0 && index + 4 <= _count)
    unsafe base.storeBytes(of: swaps ? value.byteSwapped : value, toByteOffset: index, as: UInt32.self)
  }

  @inlinable mutating func overwrite(octet: UInt8, at index: Int) {
    precondition(index >= 0 && index < _count)
    unsafe base.storeBytes(of: octet, toByteOffset: index, as: UInt8.self)
  }

  // MARK: - Primitives

  /// Pads with zeros until the position is a multiple of `alignment`, which must be a power of two up to 8.
  @inlinable @inline(__always) public mutating func align(to alignment: Int) {
    let padding = (origin &- _count) & (alignment &- 1)
    let end = _count &+ padding
    if end &+ Self.slack > capacity { grow(toHold: end) }
    unsafe base.storeBytes(of: 0, toByteOffset: _count, as: UInt64.self)
    _count = end
  }

  @inlinable @inline(__always) mutating func append<T: FixedWidthInteger & BitwiseCopyable>(_ value: T) {
    let size = MemoryLayout<T>.size
    let padding = (origin &- _count) & (size &- 1)
    let start = _count &+ padding
    let end = start &+ size
    if end &+ Self.slack > capacity { grow(toHold: end) }
    if size > 1 { unsafe base.storeBytes(of: 0, toByteOffset: _count, as: UInt64.self) }
    unsafe base.storeBytes(of: swaps ? value.byteSwapped : value, toByteOffset: start, as: T.self)
    _count = end
  }

  @inlinable @inline(__always) public mutating func encode(_ value: UInt8) { append(value) }
  @inlinable @inline(__always) public mutating func encode(_ value: Int16) { append(value) }
  @inlinable @inline(__always) public mutating func encode(_ value: UInt16) { append(value) }
  @inlinable @inline(__always) public mutating func encode(_ value: Int32) { append(value) }
  @inlinable @inline(__always) public mutating func encode(_ value: UInt32) { append(value) }
  @inlinable @inline(__always) public mutating func encode(_ value: Int64) { append(value) }
  @inlinable @inline(__always) public mutating func encode(_ value: UInt64) { append(value) }
  @inlinable @inline(__always) public mutating func encode(_ value: Float) { append(value.bitPattern) }
  @inlinable @inline(__always) public mutating func encode(_ value: Double) { append(value.bitPattern) }
  @inlinable @inline(__always) public mutating func encode(_ value: Bool) { append(value ? 1 as UInt8 : 0) }

  // MARK: - Octets and encapsulations

  /// Writes octets as they are, without a length.
  @inlinable public mutating func append(raw octets: RawSpan) {
    let end = _count &+ octets.byteCount
    if end &+ Self.slack > capacity { grow(toHold: end) }
    let target = unsafe base + _count
    unsafe octets.withUnsafeBytes { source in
      if let start = source.baseAddress { unsafe target.copyMemory(from: start, byteCount: source.count) }
    }
    _count = end
  }

  /// Writes `sequence<octet>`: a length and the octets in one copy.
  @inlinable public mutating func encode(octets: [UInt8]) {
    append(UInt32(truncatingIfNeeded: octets.count))
    append(raw: unsafe octets.span.bytes)
  }

  /// Writes an encapsulation (CORBA 3.3, part 2, 9.3.3): a length, the byte order and what `body` writes, aligned from its own start.
  @inlinable public mutating func encapsulate(_ body: (inout CDREncoder) throws(CDRError) -> Void) throws(CDRError) {
    append(0 as UInt32)
    let start = _count
    let outer = origin
    origin = start
    append(_format.byteOrder.rawValue)
    try body(&self)
    origin = outer
    overwrite(UInt32(truncatingIfNeeded: _count - start), at: start - 4)
  }

  @usableFromInline mutating func grow(toHold end: Int) {
    let larger = max(capacity * 2, end + Self.slack)
    let memory = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    unsafe memory.copyMemory(from: base, byteCount: _count)
    unsafe base.deallocate()
    unsafe base = memory
    capacity = larger
  }
}
