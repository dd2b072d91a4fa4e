public import CDR
import Mapping
public import XMLStream

/// Record types for XML documents, learned from registered sample documents.
///
/// An element that has neither attributes nor children is text. Any other is a record: a field `@name` for each attribute, a field for
/// each child by its local name, and a field `text` where it holds text beside them. A child that stands more than once in one element
/// of a sample is a list. All values are text, as the document writes them; all but lists are optional. Namespaces are not looked at.
public enum DocumentShape {
  /// The ids of such types begin so, by which records know that they are documents.
  static let idPrefix = "xml:"
  /// The field that holds the text of an element with attributes or children.
  public static let text = "text"
  /// The field of an item that holds what stands around it: the root's attributes, and all elements of the document that are no items.
  public static let envelope = "envelope"

  /// Whether a type was made here.
  public static func isDocument(_ type: RecordType) -> Bool { type.id.hasPrefix(idPrefix) }

  /// Learns the type of what stands around the items of a document.
  ///
  /// - Parameters:
  ///   - document: The document's type.
  ///   - roots: The roots of all samples.
  ///   - itemPaths: The local names that lead from a root to its items, of each kind of them.
  public static func envelopeType(_ document: String, dialect: String, roots: [XMLElement], itemPaths: [[String]]) -> RecordType {
    var head = Shape()
    for root in roots { head.learn(root, leavingOut: itemPaths) }
    let id = "\(idPrefix)\(dialect):\(document)/\(envelope)"
    return RecordType(id: id, name: envelope, fields: head.fields(id: id))
  }

  /// Learns the type of an item.
  ///
  /// - Parameters:
  ///   - items: Every item of the kind in every sample.
  ///   - around: The type of what stands around them; nil where the whole document is the item.
  public static func recordType(_ name: String, dialect: String, items: [XMLElement], around: RecordType?) -> RecordType {
    var item = Shape()
    for element in items { item.learn(element, leavingOut: []) }
    let id = "\(idPrefix)\(dialect):\(name)"
    let fields = item.fields(id: id).filter { $0.name != envelope }
    guard let around else { return RecordType(id: id, name: name, fields: fields) }
    return RecordType(id: id, name: name, fields: [RecordType.Field(envelope, .optional(.record(around)))] + fields)
  }

  /// What samples show of one element.
  private struct Shape {
    var attributes: [String] = []
    var children: [(name: String, shape: Shape)] = []
    var repeated: Set<String> = []
    var hasText = false
    /// Whether it stands on the way to an item.
    var isOnTheWay = false

    /// - Parameter items: the ways that lead on from here to items, which are no part of it.
    mutating func learn(_ element: XMLElement, leavingOut items: [[String]]) {
      for attribute in element.attributes where !attributes.contains(attribute.name.local) && attribute.name.namespace == nil {
        attributes.append(attribute.name.local)
      }
      var seen: Set<String> = []
      for child in element.elements where !items.contains([child.name.local]) {
        let name = child.name.local
        let ways = items.filter { $0.first == name }.map { Array($0.dropFirst()) }
        if !seen.insert(name).inserted { repeated.insert(name) }
        if let index = children.firstIndex(where: { $0.name == name }) {
          children[index].shape.learn(child, leavingOut: ways)
        } else {
          var shape = Shape()
          shape.isOnTheWay = !ways.isEmpty
          shape.learn(child, leavingOut: ways)
          children.append((name, shape))
        }
      }
      if element.children.contains(where: { $0.text?.isBlank == false }) { hasText = true }
      // What one sample shows as text stays readable as text, whatever others show in it.
      if items.isEmpty, !isOnTheWay, element.elements.isEmpty, element.attributes.isEmpty { hasText = true }
    }

    func fields(id: String) -> [RecordType.Field] {
      var fields = attributes.map { RecordType.Field("@\($0)", .optional(.string(bound: 0))) }
      // A container of items that holds nothing else says nothing.
      for (name, shape) in children where !shape.isOnTheWay || !shape.attributes.isEmpty || !shape.children.isEmpty {
        var type = TypeCode.string(bound: 0)
        if !shape.attributes.isEmpty || !shape.children.isEmpty {
          let inner = "\(id)/\(name)"
          type = .record(RecordType(id: inner, name: name, fields: shape.fields(id: inner)))
        }
        fields.append(RecordType.Field(name, repeated.contains(name) ? .sequence(element: type, bound: 0) : .optional(type)))
      }
      let isRecord = !attributes.isEmpty || !children.isEmpty
      if hasText, isRecord, !fields.contains(where: { $0.name == DocumentShape.text }) {
        fields.append(RecordType.Field(DocumentShape.text, .optional(.string(bound: 0))))
      }
      return fields
    }
  }
}

// Records of documents as the elements that they are in the dialect, for samples, tests and what is sent.
extension DocumentShape {
  /// The element of an item, without its envelope. What is absent is left out; empty elements stay.
  public static func element(_ record: Record, name: XMLName? = nil) -> XMLElement {
    var attributes: [XMLAttribute] = []
    var children: [XMLNode] = []
    for (slot, field) in record.type.fields.enumerated() {
      switch record.slots[slot] {
      case .absent: break
      case .text(let value) where field.name.hasPrefix("@"):
        attributes.append(XMLAttribute(XMLName(String(field.name.dropFirst())), value))
      case .text(let value) where field.name == text && isMixed(record.type):
        if !value.isEmpty { children.append(.text(XMLText(value))) }
      case .record where field.name == envelope && !record.type.id.contains("/"): break
      case .list(let values): children += values.map { .element(element($0, named: field.name)) }
      case let value: children.append(.element(element(value, named: field.name)))
      }
    }
    return XMLElement(name ?? XMLName(record.type.name), attributes: attributes, children: children)
  }

  /// The element of what stands around the items.
  public static func envelopeElement(_ record: Record) -> XMLElement? {
    guard case .record(let around)? = record[envelope] else { return nil }
    return element(around)
  }

  private static func element(_ value: Value, named name: String) -> XMLElement {
    switch value {
    case .record(let record): element(record, name: XMLName(name))
    case .text(let text): XMLElement(XMLName(name), children: text.isEmpty ? [] : [.text(XMLText(text))])
    default: XMLElement(XMLName(name))
    }
  }

  /// Whether a field `text` of the type is an element's own text rather than a child of that name: it comes last, as text.
  public static func isMixed(_ type: RecordType) -> Bool {
    guard let last = type.fields.last, last.name == text, case .optional(.string) = last.type else { return false }
    return true
  }

  /// The empty record of a document's type.
  public static func empty(_ type: RecordType) -> Record {
    Record(type: type, slots: type.fields.indices.map { Value.empty(of: type.type(ofSlot: $0)) })
  }
}
