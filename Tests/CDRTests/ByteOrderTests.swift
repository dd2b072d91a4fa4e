import CDR
import Testing

@Test func nativeOrderIsOneOfTheTwoFlags() {
  #expect(ByteOrder(rawValue: ByteOrder.native.rawValue) == .native)
}
