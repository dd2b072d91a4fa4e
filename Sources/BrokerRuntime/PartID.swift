/// The id under which a part of a document is kept, which is a message of its own.
///
/// Written as the document's own number where it came first and is whole, else with `~OCCURRENCE#PART` behind it, and with `@TYPE` behind
/// that where a document of another type bore the number before. A number that itself ends like that always has it behind it, so that no two
/// parts of any documents are written alike.
public struct PartID: Sendable, Hashable, CustomStringConvertible {
  /// What makes the document the same one when it comes again: its own number, or what stands for it.
  public let document: String
  /// 1 when the document came first, one more each time that it came again after its window.
  public let occurrence: Int
  /// From 1; 0 for a document of which no part was taken.
  public let part: Int
  /// The type of the document, where it tells it from one of another type with the same number; else empty.
  public let type: String

  /// Names a part.
  public init(document: String, occurrence: Int = 1, part: Int = 1, type: String = "") {
    self.document = document
    self.occurrence = occurrence
    self.part = part
    self.type = type
  }

  /// The part that is kept under an id.
  public init(text: String) {
    self = Self.suffixed(text) ?? PartID(document: text)
  }

  /// The evidence of a document that was refused as a whole, whose number is not used up.
  static func refused(_ sequence: Int64) -> PartID { PartID(document: "refused", occurrence: Int(sequence), part: 0) }

  /// The id under which the part is kept.
  public var text: String {
    if occurrence == 1, part == 1, type.isEmpty, Self.suffixed(document) == nil { return document }
    return "\(document)~\(occurrence)#\(part)\(type.isEmpty ? "" : "@\(type)")"
  }

  /// The part behind this one; nil where no part was taken.
  public var next: PartID? { part == 0 ? nil : PartID(document: document, occurrence: occurrence, part: part + 1, type: type) }

  /// The same part of the document's next occurrence.
  var again: PartID { at(occurrence + 1) }

  /// The same part of another occurrence.
  func at(_ occurrence: Int) -> PartID { PartID(document: document, occurrence: occurrence, part: part, type: type) }

  /// The same part of a document of a type.
  func of(_ type: String) -> PartID { PartID(document: document, occurrence: occurrence, part: part, type: type) }

  public var description: String { text }

  private static func suffixed(_ text: String) -> PartID? {
    guard let hash = text.lastIndex(of: "#") else { return nil }
    let tail = text[text.index(after: hash)...].split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    guard let part = tail.first.flatMap(number), tail.last != "",
      let tilde = text[..<hash].lastIndex(of: "~"), let occurrence = number(text[text.index(after: tilde)..<hash])
    else { return nil }
    return PartID(
      document: String(text[..<tilde]), occurrence: occurrence, part: part, type: tail.count > 1 ? String(tail[1]) : "")
  }

  /// A number as ``text`` writes it.
  private static func number(_ digits: Substring) -> Int? {
    guard let number = Int(digits), number >= 0, String(number) == digits else { return nil }
    return number
  }
}
