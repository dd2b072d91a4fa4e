import CDR
import Mapping
import MappingFiles
import XMLStream

/// What blanks in the texts of a kind of document mean.
///
/// The rule of a type is applied once, when a text is read: what the schema lets pass, the mapping sees as the schema did, a code without
/// the line ends around it. It is applied whether or not a partner's documents are validated.
public struct DocumentWhiteSpace: Sendable {
  /// Of each kind of item, ways from its element: `header/code`, `header/@kind`; those of texts that stay as they are have none.
  private var items: [[String: WhiteSpace]] = []
  /// Ways from the root.
  private(set) var head: [String: WhiteSpace] = [:]

  /// All texts stay as they are.
  public init() {}

  /// Looks all fields up.
  init(_ types: SchemaTypes, root: XMLName, items kinds: [ItemKind], head envelope: RecordType) {
    guard let root = types.root(root) else { return }
    Self.learn(envelope, root, "", &head)
    items = kinds.map { kind in
      var rules: [String: WhiteSpace] = [:]
      if let element = kind.path.reduce(Optional(root), { $0?.child($1) }) { Self.learn(kind.recordType, element, "", &rules) }
      return rules
    }
  }

  /// The rules of each of the kinds of items.
  func items(count: Int) -> [[String: WhiteSpace]] { items.count == count ? items : Array(repeating: [:], count: count) }

  private static func learn(_ type: RecordType, _ element: SchemaTypes.Element, _ way: String, _ rules: inout [String: WhiteSpace]) {
    for (slot, field) in type.fields.enumerated() {
      // What stands around an item is no part of it.
      if field.name == DocumentShape.envelope, way.isEmpty, slot == 0 { continue }
      let path = way.isEmpty ? field.name : "\(way)/\(field.name)"
      if field.name.hasPrefix("@") {
        rules[path] = element.attributeWhiteSpace(String(field.name.dropFirst()))
      } else if field.name == DocumentShape.text, slot == type.fields.count - 1, DocumentShape.isMixed(type) {
        rules[path] = element.whiteSpace
      } else if let child = element.child(field.name) {
        var inner = field.type.resolved
        if case .optional(let found) = inner {
          inner = found.resolved
        } else if let found = field.type.listElement {
          inner = found.resolved
        }
        if case .record(let record) = inner { learn(record, child, path, &rules) } else { rules[path] = child.whiteSpace }
      }
      if rules[path] == .preserve { rules[path] = nil }
    }
  }
}
