import Testing

@testable import XMLStream

/// Which of its parent's children of that name an element is: what paths in issues say.
@Suite struct OpenElementsTests {
  /// Adds children without content to the innermost element, and gives their ordinals.
  private static func ordinals(of names: some Sequence<Int>, in open: inout OpenElements) -> [Int] {
    names.map { name in
      open.push(name, at: .start)
      defer { open.pop() }
      return open.elements.last?.ordinal ?? 0
    }
  }

  @Test(arguments: [1, 32, 33, 200]) func childrenAreCountedByName(nameCount: Int) {
    var open = OpenElements()
    open.push(0, at: .start)
    #expect(open.elements.last?.ordinal == 1)
    for round in 1...3 {
      #expect(Self.ordinals(of: 1...nameCount, in: &open) == Array(repeating: round, count: nameCount))
      // A child counts its own children anew, and its parent goes on where it was.
      open.push(nameCount + 1, at: .start)
      #expect(open.elements.last?.ordinal == round)
      #expect(Self.ordinals(of: 1...nameCount, in: &open) == Array(repeating: 1, count: nameCount))
      open.pop()
    }
    open.pop()
    #expect(open.isEmpty)
  }
}
