public import CDR
public import Mapping
public import XMLStream

/// Records as XML.
///
/// A document of an XML dialect is written as that dialect writes it (``DocumentShape``), with its envelope as one child more. Any other
/// record is an element with one child for each field, named as the field. A list has one `item` for each element, an optional value
/// that is not there has no element, octets are hexadecimal, numbers are decimal. What is left out of a document has the empty value
/// of its type: `""`, 0, false, the first enumerator, an empty list, a record of empty values.
public enum RecordXML {
  static let item = "item"

  /// The element of a record, named as its type.
  ///
  /// Numbers are written without trailing zeros, so that equal records give equal documents.
  public static func element(_ record: Record) -> XMLElement { element(record, named: record.type.name) }

  private static func element(_ record: Record, named name: String) -> XMLElement {
    if DocumentShape.isDocument(record.type) {
      let plain = DocumentShape.element(record, name: XMLName(name))
      guard let around = DocumentShape.envelopeElement(record), !around.attributes.isEmpty || !around.elements.isEmpty else { return plain }
      return XMLElement(plain.name, attributes: plain.attributes, children: [.element(around)] + plain.children)
    }
    var attributes: [XMLAttribute] = []
    var children: [XMLNode] = []
    for (slot, field) in record.type.fields.enumerated() {
      let value = record.slots[slot]
      if case .absent = value { continue }
      if field.name.hasPrefix("@") {
        attributes.append(XMLAttribute(XMLName(String(field.name.dropFirst())), text(value)))
      } else {
        children.append(.element(element(value, named: field.name)))
      }
    }
    return XMLElement(XMLName(name), attributes: attributes, children: children)
  }

  private static func element(_ value: Value, named name: String) -> XMLElement {
    switch value {
    case .record(let record): element(record, named: name)
    case .list(let values): XMLElement(XMLName(name), children: values.map { .element(element($0, named: item)) })
    default: XMLElement(XMLName(name), children: text(value).isEmpty ? [] : [.text(XMLText(text(value)))])
    }
  }

  private static func text(_ value: Value) -> String {
    switch value {
    case .boolean(let flag): flag ? "true" : "false"
    case .whole(let number): String(number.value)
    case .decimal(let number): number.normalized.description
    case .double(let number): String(number)
    case .text(let text), .enumerator(let text): text
    case .octets(let octets): octets.map { octet in (octet < 16 ? "0" : "") + String(octet, radix: 16) }.joined()
    case .absent, .record, .list: ""
    }
  }

  /// Reads a record from an element; namespaces are not looked at.
  ///
  /// - Returns: The record, nil where something is wrong, and what: with the place of the element.
  public static func record(_ element: XMLElement, _ type: RecordType, file: String) -> (record: Record?, diagnostics: [MappingDiagnostic])
  {
    var reader = RecordReader(file: file)
    guard element.name.local == type.name else {
      reader.fault(element, "<\(element.name.local)> stands where <\(type.name)> is needed")
      return (nil, reader.diagnostics)
    }
    let record = reader.record(element, type)
    return (reader.diagnostics.isEmpty ? record : nil, reader.diagnostics)
  }
}

/// Reads records from trees; collects what is wrong.
private struct RecordReader {
  let file: String
  var diagnostics: [MappingDiagnostic] = []

  mutating func fault(_ element: XMLElement, _ message: String, hint: String = "") {
    let place = SourcePlace(file: file, line: element.position.line, column: element.position.column)
    diagnostics.append(MappingDiagnostic(.testDocument, message, at: place, hint: hint))
  }

  mutating func record(_ element: XMLElement, _ type: RecordType) -> Record {
    var slots: [Value?] = Array(repeating: nil, count: type.fields.count)
    let isDocument = DocumentShape.isDocument(type)
    for attribute in element.attributes where attribute.name.namespace == nil {
      guard let slot = type.slot(of: "@" + attribute.name.local) else {
        fault(element, "\(type.name) has no attribute '\(attribute.name.local)'")
        continue
      }
      slots[slot] = scalar(attribute.value, type.type(ofSlot: slot).resolved, element)
    }
    for child in element.elements {
      let name = child.name.local
      guard let slot = type.slot(of: name) else {
        fault(child, "\(type.name) has no field '\(name)'", hint: NameSuggestion.hint(for: name, among: type.fields.map(\.name)))
        continue
      }
      if isDocument, case .sequence(let inner, _) = type.type(ofSlot: slot).resolved {
        if case .list(let before)? = slots[slot] {
          slots[slot] = .list(before + [value(child, inner)])
        } else {
          slots[slot] = .list([value(child, inner)])
        }
        continue
      }
      if slots[slot] != nil {
        fault(child, "the field '\(name)' stands here twice", hint: "the elements of a list are its <item> children")
      }
      slots[slot] = value(child, type.type(ofSlot: slot))
    }
    if isDocument, DocumentShape.isMixed(type), let slot = type.slot(of: DocumentShape.text) {
      slots[slot] = .text(element.text)
    } else if !element.elements.isEmpty || !type.fields.isEmpty, element.children.contains(where: { $0.text?.isBlank == false }) {
      fault(element, "text stands in <\(element.name.local)>, which is a record")
    }
    return Record(type: type, slots: type.fields.indices.map { slots[$0] ?? Value.empty(of: type.type(ofSlot: $0)) })
  }

  private mutating func value(_ element: XMLElement, _ type: TypeCode) -> Value {
    switch type.resolved {
    case .optional(let inner): return value(element, inner)
    case .record(let inner): return .record(record(element, inner))
    case .sequence(.octet, _), .array(.octet, _): return octets(element)
    case .sequence(let inner, _), .array(let inner, _): return list(element, inner)
    default:
      for child in element.elements { fault(child, "<\(element.name.local)> is \(type), which has no fields") }
      return scalar(element.text, type.resolved, element)
    }
  }

  private mutating func list(_ element: XMLElement, _ inner: TypeCode) -> Value {
    .list(
      element.elements.compactMap { child in
        guard child.name.local == RecordXML.item else {
          fault(child, "<\(child.name.local)> stands where <item> is needed", hint: "the elements of a list are <item> elements")
          return nil
        }
        return value(child, inner)
      })
  }

  private mutating func octets(_ element: XMLElement) -> Value {
    let digits = Array(element.text.utf8.filter { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 })
    var octets: [UInt8] = []
    for index in stride(from: 0, to: digits.count - 1, by: 2) {
      guard let octet = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else { break }
      octets.append(octet)
    }
    if octets.count * 2 != digits.count { fault(element, "the octets of <\(element.name.local)> are not hexadecimal") }
    return .octets(octets)
  }

  private mutating func scalar(_ text: String, _ type: TypeCode, _ element: XMLElement) -> Value {
    if let value = RecordXML.value(of: text, as: type) { return value }
    if case .enumeration(let enumeration) = type {
      fault(
        element, "'\(text)' is no enumerator of \(enumeration.name)", hint: NameSuggestion.hint(for: text, among: enumeration.enumerators))
    } else {
      fault(element, "'\(text)' in <\(element.name.local)> is no \(type)")
    }
    return .absent
  }
}

extension RecordXML {
  /// The value that a text denotes in a field of a type; nil where it denotes none.
  ///
  /// Blanks around numbers and truth values are left out, as the whiteSpace rule of their types in schemas says; an empty text is no number,
  /// and none of an optional one.
  public static func value(of text: String, as type: TypeCode) -> Value? {
    let resolved = type.resolved
    switch resolved {
    case .string, .wstring, .char: return .text(text)
    case .optional(let inner):
      if case .string = inner.resolved { return .text(text) }
      return text.withoutOuterBlanks.isEmpty ? .absent : value(of: text, as: inner)
    default: return figure(text.withoutOuterBlanks, resolved)
    }
  }

  private static func figure(_ text: String, _ type: TypeCode) -> Value? {
    switch type {
    case .boolean: return ["true", "1"].contains(text) ? .boolean(true) : ["false", "0"].contains(text) ? .boolean(false) : nil
    case .enumeration(let enumeration): return enumeration.ordinal(of: text) == nil ? nil : .enumerator(text)
    case .float, .double: return Double(text).map(Value.double)
    case .fixed(let digits, let scale):
      guard let number = DecimalNumber(text)?.rescaled(to: Int(scale), rounding: .exact),
        number.unscaled.magnitude < DecimalNumber.power(Int(digits)).magnitude
      else { return nil }
      return .decimal(number)
    case .objectReference: return text.isEmpty ? .absent : .text(text)
    default: return Int128(text).map(Value.integer)
    }
  }
}
