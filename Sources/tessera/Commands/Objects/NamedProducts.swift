import Identity
import InterchangeIDL

/// Which products the rows of one file mean: each stands once, and no two get one code, which no file could tell apart afterwards.
struct NamedProducts {
  /// The ids that the file writes itself.
  private let written: Set<String>
  private let allowsRepeatedCodes: Bool
  private var lineOfID: [String: Int] = [:]
  private var lineOfCode: [ForeignID: Int] = [:]

  /// - Parameters:
  ///   - written: the ids in the file's column `id`.
  ///   - allowsRepeatedCodes: whether a code that stands twice is that of two products.
  init(_ written: [String], allowsRepeatedCodes: Bool) {
    self.written = Set(written)
    self.allowsRepeatedCodes = allowsRepeatedCodes
  }

  /// Notes a row.
  ///
  /// - Parameters:
  ///   - known: the ids of the products that have its code now.
  ///   - faults: what is wrong with it is added.
  mutating func note(_ product: Interchange.V1.Product, line: Int, known: [String], _ faults: inout [String]) {
    if !product.id.isEmpty, let before = lineOfID.updateValue(line, forKey: product.id) {
      // Where neither row writes an id, its code named it.
      let named =
        written.contains(product.id) ? "id: \"\(product.id)\" stands" : "code: \"\(product.code)\", which is that of \(product.id), stands"
      faults.append("\(named) on line \(before) already; leave one of the two rows out")
      return
    }
    if product.code.isEmpty || allowsRepeatedCodes { return }
    if let before = lineOfCode.updateValue(line, forKey: ForeignID(product.code)) {
      faults.append(
        "code: \"\(product.code)\" stands on line \(before) already; two products with one code could not be told apart: leave one of the two rows out, give it a code of its own, or take --allow-repeated-codes"
      )
    } else if !product.id.isEmpty, let other = known.first(where: { $0 != product.id && !written.contains($0) }) {
      faults.append("code: \"\(product.code)\" is the code of \(other), not of \(product.id)")
    }
  }
}
