/// First in, first out.
struct Queue<Element> {
  private var elements: [Element] = []
  private var head = 0

  /// The element that comes next.
  var first: Element? { head < elements.count ? elements[head] : nil }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    defer {
      head += 1
      // A queue that is never quite empty must give back what was taken, too.
      if head == elements.count || head > 1_024 && head > elements.count / 2 {
        elements.removeFirst(head)
        head = 0
      }
    }
    return elements[head]
  }
}
