/// Takes the parts of a document while they are read, without a String for any name or text that it does not ask for.
///
/// Names are numbers, which mean the same name as long as the document is read: ``XMLReader/localName(_:)``. A class to be inherited from
/// rather than a protocol: it is called some hundred thousand times a second, and a reference to a class need not be retained for that.
open class XMLReceiver {
  /// Creates a receiver that takes no notice of anything.
  public init() {}

  /// An element begins; an empty element ends at once. Attributes stand in document order, without the namespace declarations.
  open func startElement(_ name: Int, attributes: [(name: Int, value: String)], line: Int) {}

  /// Text, valid UTF-8 with references resolved: a run of it may come in several pieces.
  open func text(_ text: Span<UInt8>) {}

  /// The innermost open element ends.
  open func endElement() {}
}

/// What becomes of a document whose root is known.
public struct XMLReception {
  /// Takes all of it, the root first.
  public var receiver: XMLReceiver
  /// What it is checked by, if anything.
  public var schemas: SchemaSet?

  /// - Parameters:
  ///   - receiver: Takes all of the document, the root first.
  ///   - schemas: What the document is checked by, if anything.
  public init(_ receiver: XMLReceiver, schemas: SchemaSet?) {
    self.receiver = receiver
    self.schemas = schemas
  }
}

extension XMLEngine {
  func startPlainElement(
    _ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?,
    _ declarations: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>, _ parts: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>,
    _ place: XMLPreScanner.TagPlace, _ receiver: Unmanaged<XMLReceiver>
  ) {
    let number = unsafe names.number(local, prefix: prefix, namespace: uri)
    for index in declarations.indices { unsafe names.count(declarations[index]) }
    let attributes = parts.isEmpty ? [] : unsafe plainAttributes(parts)
    for _ in 0..<place.attributeCount { _ = self.attributes.popFirst() }
    plain.push(number, at: place.position)
    guard names.distinctCount <= limits.distinctNames else {
      return fail(
        XMLIssue(.tooManyNames, "The document has more than \(limits.distinctNames) different names."), at: place.position)
    }
    unsafe receiver._withUnsafeGuaranteedRef { $0.startElement(number, attributes: attributes, line: place.position.line) }
    phase = .start
    unsafe schema.startElement(local, prefix, uri, declarations, parts)
  }

  private func plainAttributes(_ parts: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>) -> [(name: Int, value: String)] {
    var attributes: [(name: Int, value: String)] = []
    attributes.reserveCapacity(parts.count / 5)
    for index in stride(from: 0, to: parts.count, by: 5) {
      let name = unsafe names.number(parts[index], prefix: parts[index + 1], namespace: parts[index + 2])
      let bytes = unsafe UnsafeBufferPointer(start: parts[index + 3], count: parts[index + 4]! - parts[index + 3]!)
      attributes.append((name, Self.unescaped(unsafe String(decoding: bytes, as: UTF8.self))))
    }
    return attributes
  }

  func endPlainElement(
    _ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?, _ place: XMLPreScanner.TagPlace,
    _ receiver: Unmanaged<XMLReceiver>
  ) {
    plain.noteText(at: place.textStart)
    phase = .end
    unsafe schema.endElement(local, prefix, uri)
    plain.pop()
    unsafe receiver._withUnsafeGuaranteedRef { $0.endElement() }
  }

  /// The innermost open element and where its text begins, made up from what is kept of it where there is a receiver.
  var innermost: (tag: XMLStartTag, textStart: XMLPosition?)? {
    if let last = open.last { return (last.tag, last.textStart) }
    guard let element = plain.elements.last else { return nil }
    var path: XMLPath?
    for element in plain.elements { path = XMLPath(names.all[element.number].qualified, ordinal: element.ordinal, within: path) }
    let entry = names.all[element.number]
    let tag = XMLStartTag(
      name: entry.name, prefix: entry.prefix, attributes: [], namespaces: .none, position: element.position,
      path: path ?? XMLPath(entry.qualified))
    return (tag, element.textStart)
  }
}
