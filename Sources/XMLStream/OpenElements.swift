/// The elements that are open while everything is handed to a receiver at once: just enough to say where each stands.
struct OpenElements {
  /// One of them.
  struct Element {
    var number = 0
    /// Which of its parent's children of that name it is, from 1.
    var ordinal = 1
    var position = XMLPosition.start
    /// Where its text begins, known as soon as an element without children ends.
    var textStart: XMLPosition?
    /// Where the counts of its children begin.
    fileprivate var firstCount = 0
  }

  /// How many children of each name the open elements have, those of the innermost last: looked through one by one.
  private var counts: [(number: Int, count: Int)] = []
  /// How many children of names beyond the first few an open element has, by its depth. Apart from the elements, which are plain values.
  private var others: [Int: [Int: Int]] = [:]
  private(set) var elements: [Element] = []

  /// Names of one element's children that are counted in ``counts``.
  private static let listedNames = 32

  var isEmpty: Bool { elements.isEmpty }

  /// Opens an element within the innermost one.
  mutating func push(_ number: Int, at position: XMLPosition) {
    let ordinal = elements.isEmpty ? 1 : countChild(number)
    elements.append(Element(number: number, ordinal: ordinal, position: position, firstCount: counts.count))
  }

  private mutating func countChild(_ number: Int) -> Int {
    let parent = elements.count - 1
    let first = elements[parent].firstCount
    // Nearly always it is the name of the last one again, or a name that comes once.
    var index = counts.count - 1
    while index >= first {
      if counts[index].number == number {
        counts[index].count += 1
        return counts[index].count
      }
      index -= 1
    }
    if counts.count - first < Self.listedNames {
      counts.append((number, 1))
      return 1
    }
    let ordinal = others[parent, default: [:]][number, default: 0] + 1
    others[parent, default: [:]][number] = ordinal
    return ordinal
  }

  /// Says where the text of the innermost element begins, if it holds nothing else.
  mutating func noteText(at position: XMLPosition?) {
    let last = elements.count - 1
    if last >= 0, elements[last].firstCount == counts.count { elements[last].textStart = position }
  }

  /// Closes the innermost element.
  mutating func pop() {
    guard let last = elements.popLast() else { return }
    counts.removeLast(counts.count - last.firstCount)
    if !others.isEmpty { others[elements.count] = nil }
  }
}
