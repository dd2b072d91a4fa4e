/// Compares two trees by what they mean and says in words where they differ.
///
/// Not compared: the order of attributes, prefixes, comments, blank text beside elements. Elements are compared in their order; text
/// of elements without children is compared to the character, but white space with a line end in it alone counts as no text.
public enum XMLDiff {
  /// One difference.
  public struct Difference: Sendable, Hashable, CustomStringConvertible {
    /// The kinds of differences.
    public enum Kind: Sendable, Hashable {
      /// A value or text differs.
      case changed
      /// What is expected is not there.
      case missing
      /// What is there is not expected.
      case unexpected
    }

    /// The kind.
    public let kind: Kind
    /// The element or attribute below the compared roots: `/Product/packagings[2]/@code`; text has the path of its element.
    public let path: String
    /// The expected value, or the element as text; nil if nothing is expected.
    public let expected: String?
    /// The actual value, or the element as text; nil if there is nothing.
    public let actual: String?
    /// Where the expectation stands in its document; for something unexpected, where its parent does.
    public let position: XMLPosition

    /// One line: `/Product/name: is 'bolt', expected 'Bolt'`.
    public var description: String {
      func quoted(_ text: String?) -> String {
        let shown = Self.shown(text ?? "")
        return shown.hasPrefix("<") ? shown : "'\(shown)'"
      }
      return switch kind {
      case .changed: "\(path): is \(quoted(actual)), expected \(quoted(expected))"
      case .missing: "\(path): is missing, expected \(quoted(expected))"
      case .unexpected: "\(path): is not expected: \(quoted(actual))"
      }
    }

    /// A value on one line with its white space visible, since that may be all that differs; long ones are cut in the middle.
    private static func shown(_ text: String) -> String {
      var result = ""
      for scalar in text.unicodeScalars {
        switch (scalar, scalar.properties.generalCategory) {
        case ("\n", _): result += "\\n"
        case ("\t", _): result += "\\t"
        case ("\r", _): result += "\\r"
        case (_, .control), (_, .format), (_, .lineSeparator), (_, .paragraphSeparator):
          result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        default: result.unicodeScalars.append(scalar)
        }
      }
      let scalars = result.unicodeScalars
      return scalars.count > 200 ? "\(String(scalars.prefix(100))) … \(String(scalars.suffix(100)))" : result
    }
  }

  /// The differences between two elements and all below them, in the order of the expected one.
  ///
  /// - Parameter limit: The greatest number of differences listed.
  /// - Returns: An empty list if the trees mean the same.
  public static func differences(expected: XMLElement, actual: XMLElement, limit: Int = 100) -> [Difference] {
    var comparison = TreeComparison(limit: limit)
    comparison.compare(expected, actual, at: XMLPath(expected.name.local))
    return comparison.differences
  }
}

/// The state of one comparison.
private struct TreeComparison {
  let limit: Int
  private(set) var differences: [XMLDiff.Difference] = []

  init(limit: Int) { self.limit = limit }

  mutating func compare(_ expected: XMLElement, _ actual: XMLElement, at path: XMLPath) {
    guard differences.count < limit else { return }
    guard expected.name == actual.name else {
      // Outlines leave namespaces out, so names that differ in them only are shown whole.
      let isSameOutside = expected.name.local == actual.name.local
      let wanted = isSameOutside ? "\(expected.name)" : expected.outline
      return add(.changed, "\(path)", wanted, isSameOutside ? "\(actual.name)" : actual.outline, expected.position)
    }
    compareAttributes(expected, actual, at: path)
    let (wanted, found) = (expected.comparedText, actual.comparedText)
    if wanted != found { add(.changed, "\(path)", wanted, found, expected.position) }
    compareChildren(expected, actual, at: path)
  }

  private mutating func compareAttributes(_ expected: XMLElement, _ actual: XMLElement, at path: XMLPath) {
    for attribute in expected.attributes {
      let found = actual[attribute.name]
      guard found != attribute.value else { continue }
      add(found == nil ? .missing : .changed, "\(path)/@\(attribute.name.local)", attribute.value, found, attribute.valuePosition)
    }
    for attribute in actual.attributes where expected.attribute(attribute.name) == nil {
      add(.unexpected, "\(path)/@\(attribute.name.local)", nil, attribute.value, expected.position)
    }
  }

  private mutating func compareChildren(_ expected: XMLElement, _ actual: XMLElement, at path: XMLPath) {
    let (wanted, found) = (Siblings(expected, at: path), Siblings(actual, at: path))
    for pair in Alignment.pairs(wanted.elements, found.elements) {
      switch pair {
      case (let left?, let right?): compare(wanted.elements[left], found.elements[right], at: wanted.paths[left])
      case (let left?, nil):
        add(.missing, "\(wanted.paths[left])", wanted.elements[left].outline, nil, wanted.elements[left].position)
      case (nil, let right?): add(.unexpected, "\(found.paths[right])", nil, found.elements[right].outline, expected.position)
      case (nil, nil): break
      }
    }
  }

  private mutating func add(_ kind: XMLDiff.Difference.Kind, _ path: String, _ expected: String?, _ actual: String?, _ place: XMLPosition) {
    guard differences.count < limit else { return }
    differences.append(XMLDiff.Difference(kind: kind, path: path, expected: expected, actual: actual, position: place))
  }
}

/// Child elements with their paths below the compared root.
private struct Siblings {
  let elements: [XMLElement]
  let paths: [XMLPath]

  init(_ parent: XMLElement, at path: XMLPath) {
    elements = parent.elements
    var counts: [String: Int] = [:]
    paths = elements.map {
      counts[$0.name.local, default: 0] += 1
      return XMLPath($0.name.local, ordinal: counts[$0.name.local]!, within: path)
    }
  }
}

/// Finds which of two lists of elements belong together: equal ones first, then those of one name between them.
private enum Alignment {
  typealias Pair = (left: Int?, right: Int?)

  /// The greatest table of comparisons that is filled; longer lists are paired by name alone.
  private static let tableLimit = 1_000_000

  static func pairs(_ left: [XMLElement], _ right: [XMLElement]) -> [Pair] {
    let (leftKeys, rightKeys) = (left.map(\.canonicalText), right.map(\.canonicalText))
    var start = 0
    while start < min(left.count, right.count), leftKeys[start] == rightKeys[start] { start += 1 }
    var tail = 0
    while tail < min(left.count, right.count) - start, leftKeys[left.count - 1 - tail] == rightKeys[right.count - 1 - tail] { tail += 1 }
    let (leftEnd, rightEnd) = (left.count - tail, right.count - tail)
    var pairs: [Pair] = (0..<start).map { ($0, $0) }
    var (nextLeft, nextRight) = (start, start)
    for (anchorLeft, anchorRight) in anchors(leftKeys[start..<leftEnd], rightKeys[start..<rightEnd]) + [(leftEnd, rightEnd)] {
      pairs += byName(left, nextLeft..<anchorLeft, right, nextRight..<anchorRight)
      if anchorLeft < leftEnd { pairs.append((anchorLeft, anchorRight)) }
      (nextLeft, nextRight) = (anchorLeft + 1, anchorRight + 1)
    }
    return pairs + (0..<tail).map { (leftEnd + $0, rightEnd + $0) }
  }

  /// A longest common subsequence.
  private static func anchors(_ left: ArraySlice<String>, _ right: ArraySlice<String>) -> [(Int, Int)] {
    let width = right.count + 1
    guard !left.isEmpty, !right.isEmpty, left.count * right.count <= tableLimit else { return [] }
    var lengths = [Int](repeating: 0, count: (left.count + 1) * width)
    for row in stride(from: left.count - 1, through: 0, by: -1) {
      for column in stride(from: right.count - 1, through: 0, by: -1) {
        let isEqual = left[left.startIndex + row] == right[right.startIndex + column]
        let below = lengths[(row + 1) * width + column]
        let beside = lengths[row * width + column + 1]
        lengths[row * width + column] = isEqual ? lengths[(row + 1) * width + column + 1] + 1 : max(below, beside)
      }
    }
    var result: [(Int, Int)] = []
    var (row, column) = (0, 0)
    while row < left.count, column < right.count {
      if left[left.startIndex + row] == right[right.startIndex + column] {
        result.append((left.startIndex + row, right.startIndex + column))
        (row, column) = (row + 1, column + 1)
      } else if lengths[(row + 1) * width + column] >= lengths[row * width + column + 1] {
        row += 1
      } else {
        column += 1
      }
    }
    return result
  }

  private static func byName(_ left: [XMLElement], _ leftRange: Range<Int>, _ right: [XMLElement], _ rightRange: Range<Int>) -> [Pair] {
    var pairs: [Pair] = []
    var next = rightRange.lowerBound
    for index in leftRange {
      guard let match = (next..<rightRange.upperBound).first(where: { right[$0].name == left[index].name }) else {
        pairs.append((index, nil))
        continue
      }
      pairs += (next..<match).map { (nil, $0) }
      pairs.append((index, match))
      next = match + 1
    }
    return pairs + (next..<rightRange.upperBound).map { (nil, $0) }
  }
}

extension XMLElement {
  /// The text that counts: to the character without child elements, with white space joined beside them.
  fileprivate var comparedText: String {
    guard elements.isEmpty else { return text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    return text.contains("\n") && text.utf8.allSatisfy(Byte.isSpace) ? "" : text
  }

  /// One text for all trees that mean the same.
  fileprivate var canonicalText: String {
    let pairs = attributes.map { "\($0.name)=\($0.value)" }.sorted()
    return "<\(name)\u{0}\(pairs.joined(separator: "\u{0}"))\u{1}\(comparedText)\u{1}\(elements.map(\.canonicalText).joined())>"
  }

  /// The element in one line, to be shown: without prefixes and namespaces.
  fileprivate var outline: String {
    let attributes = attributes.map { " \($0.name.local)=\"\($0.value)\"" }.joined()
    let content = comparedText + elements.map(\.outline).joined()
    return content.isEmpty ? "<\(name.local)\(attributes)/>" : "<\(name.local)\(attributes)>\(content)</\(name.local)>"
  }
}
