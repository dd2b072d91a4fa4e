/// Numbers that look random and are the same in every run on every machine (SplitMix64).
struct RandomSequence: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number of the range; the same for the same state, whatever the standard library does.
  mutating func number(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
  }

  mutating func element<Element>(of array: [Element]) -> Element { array[number(0...array.count - 1)] }

  /// Fisher and Yates, from the end.
  mutating func shuffle<Element>(_ array: inout [Element]) {
    guard array.count > 1 else { return }
    for last in stride(from: array.count - 1, to: 0, by: -1) { array.swapAt(last, number(0...last)) }
  }
}
