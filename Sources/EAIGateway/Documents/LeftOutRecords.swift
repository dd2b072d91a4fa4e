/// Counts what stands beside the items of a document and is taken by nothing: records of another kind, and what follows the items.
///
/// A document of which a tenth is taken must not look like one that is taken whole. What stands once before the items is a field of the
/// head that no sample shows, no record.
struct LeftOutRecords {
  /// By name; names beyond ``greatestNameCount`` together.
  var counts: [String: Int] {
    var counts = after
    for (name, count) in before where count > 1 || after[name] != nil { counts[name, default: 0] += count }
    return counts
  }

  /// Of what stands before the first item, and behind it.
  private var before: [String: Int] = [:]
  private var after: [String: Int] = [:]
  /// An open element beside the way to the items, and whether records were found in it.
  private var container: (name: String, depth: Int, holdsRecords: Bool)?
  private var isBehindItems = false

  static let greatestNameCount = 20

  /// An element begins that is no item and no step of the way to one.
  ///
  /// - Parameters:
  ///   - isBeside: it stands where an item or a step of the way may stand, and no field takes it.
  ///   - mayHoldRecords: a step of the way may stand there, so that what stands within are the records.
  ///   - isBehindItems: an item stands before it.
  mutating func startElement(_ name: String, depth: Int, isBeside: Bool, mayHoldRecords: Bool, isBehindItems: Bool) {
    self.isBehindItems = isBehindItems
    if let container {
      guard depth == container.depth + 1 else { return }
      self.container?.holdsRecords = true
      count("\(container.name)/\(name)")
    } else if isBeside, mayHoldRecords {
      container = (name, depth, false)
    } else if isBeside {
      count(name)
    }
  }

  mutating func endElement(depth: Int) {
    guard let container, depth == container.depth else { return }
    if !container.holdsRecords { count(container.name) }
    self.container = nil
  }

  private mutating func count(_ name: String) {
    if isBehindItems { Self.count(name, in: &after) } else { Self.count(name, in: &before) }
  }

  private static func count(_ name: String, in counts: inout [String: Int]) {
    let isKnown = counts[name] != nil || counts.count < greatestNameCount
    counts[isKnown ? name : "…", default: 0] += 1
  }
}
