public import CDR

/// A block of raw memory that several messages may share, freed with its last user.
///
/// The writer (a connection's read loop) fills octets that no message refers to yet; octets that a message refers to never
/// change again. That is why sharing it between threads is sound.
@safe
public final class OctetBuffer: @unchecked Sendable {
  public let base: UnsafeMutableRawPointer
  /// Octets that fit.
  public let capacity: Int

  public init(capacity: Int) {
    unsafe base = .allocate(byteCount: max(capacity, 8), alignment: 16)
    self.capacity = capacity
  }

  /// A buffer that holds a copy of `octets`.
  public convenience init(copying octets: RawSpan) {
    self.init(capacity: octets.byteCount)
    unsafe octets.withUnsafeBytes { source in
      if let start = source.baseAddress { unsafe base.copyMemory(from: start, byteCount: source.count) }
    }
  }

  deinit { unsafe base.deallocate() }
}

/// Octets of a message in a shared buffer, with everything that reading them needs.
public struct MessageBody: Sendable {
  @usableFromInline let buffer: OctetBuffer?
  /// The octets where they do not stand in a buffer: a message put together from fragments.
  @usableFromInline let array: [UInt8]
  @usableFromInline let offset: Int
  /// Number of octets.
  public let count: Int
  /// Byte order, GIOP version and transmission code set of the octets.
  public let format: WireFormat
  /// The CDR position of the first octet, which decides how values are aligned.
  public let alignment: Int

  /// - Precondition: the octets lie inside of the buffer.
  public init(_ buffer: OctetBuffer, offset: Int = 0, count: Int, format: WireFormat, alignment: Int = 0) {
    precondition(offset >= 0 && count >= 0 && offset + count <= buffer.capacity)
    self.buffer = buffer
    array = []
    self.offset = offset
    self.count = count
    self.format = format
    self.alignment = alignment
  }

  /// No octets.
  public init(format: WireFormat = WireFormat()) {
    self.init([], format: format)
  }

  /// The octets of an array from `offset` on, which is also their CDR position.
  public init(_ array: [UInt8], from offset: Int = 0, format: WireFormat) {
    precondition(offset >= 0 && offset <= array.count)
    buffer = nil
    self.array = array
    self.offset = offset
    count = array.count - offset
    alignment = offset
    self.format = format
  }

  /// The same octets in memory of their own, where the message is small enough that keeping its buffer alive would cost more.
  public func detached(below limit: Int) -> MessageBody {
    guard let buffer, count < limit else { return self }
    let copy = OctetBuffer(capacity: count)
    unsafe copy.base.copyMemory(from: buffer.base + offset, byteCount: count)
    return MessageBody(copy, count: count, format: format, alignment: alignment)
  }

  /// A copy of what an encoder holds.
  public init(copying encoder: borrowing CDREncoder) {
    self.init(OctetBuffer(copying: encoder.bytes), count: encoder.count, format: encoder.format)
  }

  /// A copy of the octets, for archives.
  public var octets: [UInt8] {
    guard let buffer else { return Array(array[offset...]) }
    return unsafe [UInt8](UnsafeRawBufferPointer(start: buffer.base + offset, count: count))
  }

  /// Lets `body` read the octets from the first one on.
  @inlinable public func read<Result>(
    context: AnyObject? = nil, _ body: (inout CDRDecoder) throws(CDRError) -> Result
  ) throws(CDRError) -> Result {
    guard let buffer else {
      let span = unsafe array.span.bytes.extracting(droppingFirst: offset)
      var decoder = CDRDecoder(span, format: format, alignedAt: alignment, context: context)
      return try body(&decoder)
    }
    defer { withExtendedLifetime(buffer) {} }
    let span = unsafe RawSpan(_unsafeStart: buffer.base + offset, byteCount: count)
    var decoder = CDRDecoder(span, format: format, alignedAt: alignment, context: context)
    return try body(&decoder)
  }

  /// The same, for readers that throw errors of their own.
  @inlinable public func readAny<Result>(
    context: AnyObject? = nil, _ body: (inout CDRDecoder) throws -> Result
  ) throws -> Result {
    guard let buffer else {
      let span = unsafe array.span.bytes.extracting(droppingFirst: offset)
      var decoder = CDRDecoder(span, format: format, alignedAt: alignment, context: context)
      return try body(&decoder)
    }
    defer { withExtendedLifetime(buffer) {} }
    let span = unsafe RawSpan(_unsafeStart: buffer.base + offset, byteCount: count)
    var decoder = CDRDecoder(span, format: format, alignedAt: alignment, context: context)
    return try body(&decoder)
  }
}
