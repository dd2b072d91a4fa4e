/// First in, first out.
struct Queue<Element> {
  private var elements: [Element] = []
  private var head = 0

  /// The element that comes next.
  var first: Element? { head < elements.count ? elements[head] : nil }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func append(contentsOf more: [Element]) {
    if head == elements.count { (elements, head) = (more, 0) } else { elements += more }
  }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    head += 1
    // A queue that is never quite empty must give back what was taken, too.
    if head == elements.count || head > 1_024 && head > elements.count / 2 {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }
}
