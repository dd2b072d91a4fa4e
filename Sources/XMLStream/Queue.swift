/// First in, first out.
struct Queue<Element> {
  private var elements: [Element] = []
  private var head = 0

  /// Elements that were taken and keep their room.
  private static var mostTaken: Int { 1 << 14 }

  /// The element that comes next.
  var first: Element? { head < elements.count ? elements[head] : nil }

  mutating func append(_ element: Element) { elements.append(element) }

  mutating func append(contentsOf more: [Element]) {
    if head == elements.count {
      (elements, head) = (more, 0)
    } else {
      elements.removeFirst(head)
      head = 0
      elements += more
    }
  }

  mutating func popFirst() -> Element? {
    guard head < elements.count else { return nil }
    let element = elements[head]
    head += 1
    if head == elements.count {
      elements.removeAll(keepingCapacity: true)
      head = 0
    } else if head == Self.mostTaken {
      // A queue that is never quite empty must give back what was taken, too.
      elements.removeFirst(head)
      head = 0
    }
    return element
  }
}
