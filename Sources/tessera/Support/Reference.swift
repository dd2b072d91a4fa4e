import GIOPCore

/// References to objects of other processes, as people write them.
enum Reference {
  /// The text of a reference that is kept from now on.
  ///
  /// - Parameter text: `IOR:…`, `corbaloc:…`, or `@` and a file with one of them.
  /// - Throws: ``Refusal`` where it is none of them.
  static func pinned(_ text: String) throws -> String {
    let reference =
      text.hasPrefix("@")
      ? String(decoding: try Files.read(String(text.dropFirst()), limit: StringifiedReference.maximumLength), as: UTF8.self) : text
    let trimmed = String(reference.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    do throws(ReferenceTextError) { _ = try StringifiedReference(trimmed) } catch {
      let shown = trimmed.count > 60 ? trimmed.prefix(60) + "…" : trimmed
      throw Refusal(
        "REFERENCE_INVALID", "\"\(shown)\" is no object reference: \(error)",
        hint: "write IOR:…, corbaloc:iiop:HOST:PORT/KEY, or @FILE with one of them inside")
    }
    return trimmed
  }
}
