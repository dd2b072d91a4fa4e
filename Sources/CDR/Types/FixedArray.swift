/// An IDL array: exactly `length` elements, stored in line.
public struct FixedArray<let length: Int, Element> {
  public var storage: InlineArray<length, Element>

  @inlinable public init(_ storage: InlineArray<length, Element>) { self.storage = storage }

  /// Every element the same.
  @inlinable public init(repeating element: Element) { storage = InlineArray(repeating: element) }

  /// Elements made from their indices.
  @inlinable public init<Failure: Error>(_ make: (Int) throws(Failure) -> Element) throws(Failure) {
    storage = try InlineArray(make)
  }

  /// Nil where the number of elements is not `length`.
  @inlinable public init?(_ elements: [Element]) {
    guard elements.count == length else { return nil }
    storage = InlineArray { elements[$0] }
  }

  @inlinable public var count: Int { length }
  @inlinable public var array: [Element] { (0..<length).map { storage[$0] } }

  /// The same number of elements, each transformed.
  @inlinable public func map<T, Failure: Error>(_ transform: (Element) throws(Failure) -> T) throws(Failure) -> FixedArray<length, T> {
    try FixedArray<length, T> { (index) throws(Failure) in try transform(storage[index]) }
  }

  @inlinable public subscript(index: Int) -> Element {
    get { storage[index] }
    set { storage[index] = newValue }
  }
}

extension FixedArray: Sendable where Element: Sendable {}

extension FixedArray: Equatable where Element: Equatable {
  @inlinable public static func == (left: FixedArray, right: FixedArray) -> Bool {
    for index in 0..<length where left.storage[index] != right.storage[index] { return false }
    return true
  }
}

extension FixedArray: Hashable where Element: Hashable {
  @inlinable public func hash(into hasher: inout Hasher) {
    for index in 0..<length { hasher.combine(storage[index]) }
  }
}

extension FixedArray: CDRCodable where Element: CDRCodable {
  @inlinable public static var minimumWireSize: Int { length * Element.minimumWireSize }
  @inlinable public static var typeCode: TypeCode { .array(element: Element.typeCode, length: UInt32(length)) }
  public var value: Value { Element.listValue(array) }

  @inlinable public func encode(into encoder: inout CDREncoder) throws(CDRError) {
    for index in 0..<length { try storage[index].encode(into: &encoder) }
  }

  @inlinable public init(from decoder: inout CDRDecoder) throws(CDRError) {
    try decoder.require(Self.minimumWireSize)
    var elements: [Element] = []
    elements.reserveCapacity(length)
    for _ in 0..<length { elements.append(try Element(from: &decoder)) }
    self.init(elements)!
  }

  public init(value: Value) throws(CDRError) {
    guard let array = FixedArray(try Element.list(from: value)) else { throw .mismatch("\(length) elements", value) }
    self = array
  }
}
