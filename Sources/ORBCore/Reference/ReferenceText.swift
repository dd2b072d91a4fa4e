public import CDR

extension ObjectRef {
  /// The reference that a record carries as text; it belongs to no ORB until ``bound(to:)``.
  ///
  /// - Throws: ``CDRError/valueMismatch(expected:found:path:)`` where the text is no stringified reference.
  public convenience init(unbound text: String) throws(CDRError) {
    do { try self.init(stringified: text) } catch { throw .mismatch("a stringified object reference", .text(text)) }
  }
}
