import CXML2

/// The callbacks of libxml2, and the events that they become.
extension XMLEngine {
  /// The handlers that libxml2 calls. Nothing is set that would load a DTD or build libxml2's own tree.
  static func makeHandler() -> xmlSAXHandler {
    var handler = unsafe xmlSAXHandler()
    unsafe handler.initialized = UInt32(XML_SAX2_MAGIC)
    unsafe handler.startElementNs = { context, local, prefix, uri, namespaceCount, namespaces, attributeCount, _, attributes in
      unsafe XMLEngine.with(context) {
        unsafe $0.startElement(
          local, prefix, uri, UnsafeMutableBufferPointer(start: namespaces, count: 2 * Int(namespaceCount)),
          UnsafeMutableBufferPointer(start: attributes, count: 5 * Int(attributeCount)))
      }
    }
    unsafe handler.endElementNs = { context, local, prefix, uri in
      unsafe XMLEngine.with(context) { unsafe $0.endElement(local, prefix, uri) }
    }
    unsafe handler.characters = { context, bytes, count in unsafe XMLEngine.with(context) { unsafe $0.characters(bytes, Int(count)) } }
    unsafe handler.ignorableWhitespace = { context, bytes, count in
      unsafe XMLEngine.with(context) { unsafe $0.characters(bytes, Int(count)) }
    }
    unsafe handler.cdataBlock = { context, bytes, count in unsafe XMLEngine.with(context) { unsafe $0.characters(bytes, Int(count)) } }
    unsafe handler.processingInstruction = { context, target, _ in
      unsafe XMLEngine.with(context) { unsafe $0.processingInstruction(target) }
    }
    unsafe handler.reference = { context, name in unsafe XMLEngine.with(context) { unsafe $0.reference(name) } }
    unsafe handler.serror = { context, error in
      if let error = unsafe error { unsafe XMLEngine.with(context) { unsafe $0.report(LibraryError(error.pointee)) } }
    }
    return unsafe handler
  }

  /// The engine lives as long as the parser, whoever calls: it is not retained for each call.
  private static func with(_ context: UnsafeMutableRawPointer?, _ body: (XMLEngine) -> Void) {
    if let context = unsafe context { unsafe Unmanaged<XMLEngine>.fromOpaque(context)._withUnsafeGuaranteedRef(body) }
  }

  private func startElement(
    _ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?,
    _ declarations: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>, _ parts: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>
  ) {
    guard !hasFailed, let place = tags.popFirst() else { return }
    if let receiver = unsafe receiver { return unsafe startPlainElement(local, prefix, uri, declarations, parts, place, receiver) }
    flushText(from: place.textStart)
    let entry = unsafe names.entry(local, prefix: prefix, namespace: uri)
    let namespaces = unsafe scope(declarations)
    let attributes = unsafe makeAttributes(parts, place)
    let tag = XMLStartTag(
      name: entry.name, prefix: entry.prefix, attributes: attributes, namespaces: namespaces, position: place.position,
      path: XMLPath(entry.qualified, ordinal: countChild(entry), within: open.last?.tag.path))
    if chooses != nil {
      guard choose(for: tag), let receiver = unsafe receiver else { return }
      // Its attributes were taken from their queue already.
      let place = XMLPreScanner.TagPlace(position: place.position, textStart: place.textStart, attributeCount: 0)
      return unsafe startPlainElement(local, prefix, uri, declarations, parts, place, receiver)
    }
    open.append(OpenElement(tag: tag))
    guard names.distinctCount <= limits.distinctNames else {
      let message = "The document has more than \(limits.distinctNames) different names."
      return fail(XMLIssue(.tooManyNames, message), at: place.position)
    }
    events.append(.startElement(tag))
    phase = .start
    unsafe schema.startElement(local, prefix, uri, declarations, parts)
  }

  private func countChild(_ entry: NameTable.Entry) -> Int {
    guard let parent = open.indices.last else { return 1 }
    let ordinal = open[parent].childCounts[entry.number, default: 0] + 1
    open[parent].childCounts[entry.number] = ordinal
    return ordinal
  }

  private func scope(_ declarations: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>) -> XMLNamespaces {
    let outer = open.last?.tag.namespaces ?? .none
    guard !declarations.isEmpty else { return outer }
    var bindings: [XMLNamespaces.Binding] = []
    for index in stride(from: 0, to: declarations.count, by: 2) {
      unsafe names.count(declarations[index])
      unsafe names.count(declarations[index + 1])
      unsafe bindings.append(.init(prefix: NameTable.string(declarations[index]), uri: NameTable.string(declarations[index + 1])))
    }
    return XMLNamespaces(bindings, within: outer)
  }

  /// Joins the attributes, five pointers each, with the places that the scanner recorded for them.
  private func makeAttributes(
    _ parts: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>, _ tag: XMLPreScanner.TagPlace
  ) -> [XMLAttribute] {
    var places: [XMLPreScanner.AttributePlace] = []
    for _ in 0..<tag.attributeCount {
      if let place = self.attributes.popFirst(), !place.isNamespace { places.append(place) }
    }
    var attributes: [XMLAttribute] = []
    attributes.reserveCapacity(places.count)
    for index in stride(from: 0, to: parts.count, by: 5) {
      let entry = unsafe names.entry(parts[index], prefix: parts[index + 1], namespace: parts[index + 2])
      let bytes = unsafe UnsafeBufferPointer(start: parts[index + 3], count: parts[index + 4]! - parts[index + 3]!)
      let value = unsafe String(decoding: bytes, as: UTF8.self)
      // The numbers differ only where a namespace error has made libxml2 leave an attribute out.
      let place = places.count == parts.count / 5 ? places[index / 5] : nil
      attributes.append(
        XMLAttribute(
          name: entry.name, prefix: entry.prefix, value: Self.unescaped(value), position: place?.position ?? tag.position,
          valuePosition: place?.valuePosition ?? tag.position, spelling: place?.spelling))
    }
    return attributes
  }

  /// libxml2 hands an ampersand in an attribute's value on as `&#38;`, and no other character so, unless it is to replace entities.
  static func unescaped(_ value: String) -> String {
    guard value.utf8.contains(Byte.ampersand) else { return value }
    var result: [UInt8] = []
    var rest = Array(value.utf8)[...]
    while let byte = rest.first {
      result.append(byte)
      rest = rest.dropFirst(byte == Byte.ampersand ? 5 : 1)
    }
    return String(decoding: result, as: UTF8.self)
  }

  private func endElement(_ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?) {
    guard !hasFailed, let place = tags.popFirst() else { return }
    if let receiver = unsafe receiver { return unsafe endPlainElement(local, prefix, uri, place, receiver) }
    flushText(from: place.textStart)
    phase = .end
    unsafe schema.endElement(local, prefix, uri)
    guard let element = open.popLast() else { return }
    events.append(.endElement(element.tag.name, position: place.position))
  }

  private func characters(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
    guard !hasFailed else { return }
    if let receiver = unsafe receiver {
      let text = unsafe UnsafeBufferPointer(start: bytes, count: count).span
      unsafe receiver._withUnsafeGuaranteedRef { $0.text(text) }
    } else {
      unsafe text.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
    }
    phase = .text
    unsafe schema.characters(bytes, count)
  }

  private func flushText(from position: XMLPosition?) {
    guard !text.isEmpty else { return }
    let run = XMLText(String(decoding: text, as: UTF8.self), position: position ?? .unknown)
    text.removeAll(keepingCapacity: true)
    if let innermost = open.indices.last, open[innermost].childCounts.isEmpty, !run.isBlank { open[innermost].textStart = position }
    events.append(.text(run))
  }

  private func processingInstruction(_ target: UnsafePointer<UInt8>?) {
    unsafe names.count(target)
    guard names.distinctCount > limits.distinctNames else { return }
    fail(XMLIssue(.tooManyNames, "The document has more than \(limits.distinctNames) different names."), at: end)
  }

  /// No reference passes the scanner; if one did, its text would be lost without a word.
  private func reference(_ name: UnsafePointer<UInt8>?) {
    let message = unsafe "The entity '&\(NameTable.string(name));' is refused."
    fail(XMLIssue(.entityReference, message), at: end)
  }
}
