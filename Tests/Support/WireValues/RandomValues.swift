public import CDR
import ForeignORB

/// Makes random values of a type, among them the empty, the extreme, the nested and what Unicode has to offer.
public struct RandomValues {
  private var generator: SplitMix64
  /// Wide characters that omniORB cannot carry (halves of surrogate pairs) are left out.
  private let texts = ["", "a", "Straße", "汉字", "é", "ÅÄÖ", "😀", "a😀b", "\u{7F}", "tab\tnew\nline", "\u{10FFFF}", "\u{FFFD}", "x y z"]

  /// Starts the sequence of values that belongs to the seed.
  public init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// The next value of the type.
  public mutating func value(_ type: TypeCode) -> Value { value(type, depth: 0, enclosing: []) }

  private mutating func value(_ type: TypeCode, depth: Int, enclosing: [RecordType]) -> Value {
    switch type {
    case .alias(_, _, let original): value(original, depth: depth, enclosing: enclosing)
    case .void: .absent
    case .boolean: .boolean(Bool.random(using: &generator))
    case .octet: .integer(integer(UInt8.self))
    case .short: .integer(integer(Int16.self))
    case .unsignedShort: .integer(integer(UInt16.self))
    case .long: .integer(integer(Int32.self))
    case .unsignedLong: .integer(integer(UInt32.self))
    case .longLong: .integer(integer(Int64.self))
    case .unsignedLongLong: .integer(integer(UInt64.self))
    case .float: .double(Double(float()))
    case .double: .double(double())
    case .longDouble, .objectReference: .absent
    case .char: Char(UInt8.random(in: 0...255, using: &generator)).value
    case .wchar: .integer(Int128([0x20, 0xFC, 0x6C49, 0xFFFD, 0xE000, 1].randomElement(using: &generator)!))
    case .string(let bound): .text(text(bound, length: { $0.utf8.count }))
    case .wstring(let bound): .text(text(bound, length: { $0.utf16.count }))
    case .fixed(let digits, let scale): .decimal(decimal(Int(digits), Int(scale)))
    case .enumeration(let type): .enumerator(type.enumerators.randomElement(using: &generator)!)
    case .record(let type): record(type, depth: depth + 1, enclosing: enclosing)
    case .optional(let element):
      Bool.random(using: &generator) && depth < 6 ? value(element, depth: depth, enclosing: enclosing) : .absent
    case .sequence(.octet, let bound): .octets(octets(count(bound, depth: 0)))
    case .sequence(let element, let bound): list(element, count(bound, depth: depth), depth, enclosing)
    case .array(.octet, let length): .octets(octets(Int(length)))
    case .array(let element, let length): list(element, Int(length), depth, enclosing)
    case .recursive(let id): record(enclosing.last { $0.id == id }!, depth: depth + 1, enclosing: enclosing)
    }
  }

  private mutating func record(_ type: RecordType, depth: Int, enclosing: [RecordType]) -> Value {
    let inside = enclosing + [type]
    return .record(Record(type: type, slots: type.fields.map { value($0.type, depth: depth, enclosing: inside) }))
  }

  private mutating func list(_ element: TypeCode, _ count: Int, _ depth: Int, _ enclosing: [RecordType]) -> Value {
    .list((0..<count).map { _ in value(element, depth: depth + 1, enclosing: enclosing) })
  }

  private mutating func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) } }

  /// A few elements, often none, fewer the deeper.
  private mutating func count(_ bound: UInt32, depth: Int) -> Int {
    let most = depth > 5 ? 0 : depth > 2 ? 2 : 5
    return Int.random(in: 0...(bound == 0 ? most : min(most, Int(bound))), using: &generator)
  }

  private mutating func integer<Number: FixedWidthInteger>(_: Number.Type) -> Int128 {
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: Int128([Number.min, Number.max, 0, 1].randomElement(using: &generator)!)
    case 1: Int128(truncatingIfNeeded: Number(truncatingIfNeeded: Int.random(in: -3...3, using: &generator)))
    default: Int128(Number.random(in: .min ... .max, using: &generator))
    }
  }

  /// All bit patterns but those of NaN, which is equal to nothing.
  private mutating func float() -> Float {
    let special: [Float] = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1.5]
    let any = Float(bitPattern: UInt32.random(in: .min ... .max, using: &generator))
    return any.isNaN || Bool.random(using: &generator) ? special.randomElement(using: &generator)! : any
  }

  private mutating func double() -> Double {
    let special: [Double] = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1]
    let any = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
    return any.isNaN || Bool.random(using: &generator) ? special.randomElement(using: &generator)! : any
  }

  private mutating func text(_ bound: UInt32, length: (String) -> Int) -> String {
    var result = ""
    for _ in 0..<Int.random(in: 0...4, using: &generator) {
      let longer = result + texts.randomElement(using: &generator)!
      if bound > 0, length(longer) > Int(bound) { break }
      result = longer
    }
    // Now and then exactly as long as allowed.
    if bound > 0, Bool.random(using: &generator) { result += String(repeating: "x", count: Int(bound) - length(result)) }
    return result
  }

  private mutating func decimal(_ digits: Int, _ scale: Int) -> DecimalNumber {
    let limit = DecimalNumber.power(digits) - 1
    let unscaled: Int128 =
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: [0, limit, -limit].randomElement(using: &generator)!
      case 1: Int128(Int.random(in: 0...9, using: &generator))
      default: Int128.random(in: -limit...limit, using: &generator)
      }
    return DecimalNumber(unscaled: unscaled, scale: scale)!
  }
}
