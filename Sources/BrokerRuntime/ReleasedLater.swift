import Dispatch

/// Gives a large value to another thread, which releases it: neither a transaction nor a sender waits until thousands of rows are freed.
func releaseLater(_ value: sending some Any) {
  let last = LastReference(value: value)
  DispatchQueue.global(qos: .utility).async { withExtendedLifetime(last) {} }
}

/// Sendable without the compiler's check: nothing reads the value, and the reference is the last that its sender gives away.
private final class LastReference: @unchecked Sendable {
  private let value: Any
  init(value: Any) { self.value = value }
}
