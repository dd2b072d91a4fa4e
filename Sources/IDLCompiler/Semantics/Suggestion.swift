/// Finds the name that was probably meant.
enum Suggestion {
  /// The candidate nearest to a misspelt name, or nil when none is near; among equals the first by alphabet.
  static func nearest(to name: String, among candidates: [String]) -> String? {
    let limit = name.utf8.count / 3
    var best: (distance: Int, name: String)?
    for candidate in candidates where abs(candidate.utf8.count - name.utf8.count) <= limit && candidate.utf8.count <= 64 {
      let distance = editDistance(Array(name.lowercased().utf8), Array(candidate.lowercased().utf8))
      guard distance <= limit else { continue }
      if best.map({ (distance, candidate) < ($0.distance, $0.name) }) ?? true { best = (distance, candidate) }
    }
    return best?.name
  }

  private static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (i, a) in left.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, b) in right.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(diagonal + (a == b ? 0 : 1), above + 1, row[j] + 1)
        diagonal = above
      }
    }
    return row[right.count]
  }
}
