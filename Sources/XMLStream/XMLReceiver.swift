/// Takes the parts of a document while they are read, without a String for any name or text that it does not ask for.
///
/// Names are numbers, which mean the same name as long as the document is read: ``XMLReader/localName(_:)``.
public protocol XMLReceiver: AnyObject {
  /// An element begins; an empty element ends at once. Attributes stand in document order, without the namespace declarations.
  func startElement(_ name: Int, attributes: [(name: Int, value: String)], line: Int)
  /// Text, valid UTF-8 with references resolved: a run of it may come in several pieces.
  func text(_ text: Span<UInt8>)
  /// The innermost open element ends.
  func endElement()
}

extension XMLEngine {
  func startPlainElement(
    _ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?,
    _ declarations: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>, _ parts: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>,
    _ place: XMLPreScanner.TagPlace, _ receiver: any XMLReceiver
  ) {
    let entry = unsafe names.entry(local, prefix: prefix, namespace: uri)
    for _ in 0..<place.attributeCount { _ = scanner.attributes.popFirst() }
    for index in declarations.indices { unsafe names.count(declarations[index]) }
    var attributes: [(name: Int, value: String)] = []
    for index in stride(from: 0, to: parts.count, by: 5) {
      let name = unsafe names.entry(parts[index], prefix: parts[index + 1], namespace: parts[index + 2]).number
      let bytes = unsafe UnsafeBufferPointer(start: parts[index + 3], count: parts[index + 4]! - parts[index + 3]!)
      attributes.append((name, Self.unescaped(unsafe String(decoding: bytes, as: UTF8.self))))
    }
    pushPlain(entry.number, at: place.position)
    guard names.distinctCount <= limits.distinctNames else {
      return fail(
        XMLIssue(.tooManyNames, "The document has more than \(limits.distinctNames) different names."), at: place.position)
    }
    receiver.startElement(entry.number, attributes: attributes, line: place.position.line)
    phase = .start
    unsafe validator?.startElement(local, prefix, uri, declarations, parts)
  }

  func endPlainElement(
    _ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?, _ place: XMLPreScanner.TagPlace,
    _ receiver: any XMLReceiver
  ) {
    if plainDepth > 0, plain[plainDepth - 1].children.isEmpty { plain[plainDepth - 1].textStart = place.textStart }
    phase = .end
    unsafe validator?.endElement(local, prefix, uri)
    if plainDepth > 0 { plainDepth -= 1 }
    receiver.endElement()
  }

  private func pushPlain(_ number: Int, at position: XMLPosition) {
    var ordinal = 1
    if plainDepth > 0 {
      let parent = plainDepth - 1
      if let index = plain[parent].children.firstIndex(where: { $0.number == number }) {
        plain[parent].children[index].count += 1
        ordinal = plain[parent].children[index].count
      } else if plain[parent].children.count < 32 {
        plain[parent].children.append((number, 1))
      } else {
        ordinal = plain[parent].otherChildren[number, default: 0] + 1
        plain[parent].otherChildren[number] = ordinal
      }
    }
    if plain.count == plainDepth { plain.append(PlainElement()) }
    plain[plainDepth].number = number
    plain[plainDepth].ordinal = ordinal
    plain[plainDepth].position = position
    plain[plainDepth].textStart = nil
    plain[plainDepth].children.removeAll(keepingCapacity: true)
    if !plain[plainDepth].otherChildren.isEmpty { plain[plainDepth].otherChildren = [:] }
    plainDepth += 1
  }

  /// The innermost open element and where its text begins, made up from what is kept of it where there is a receiver.
  var innermost: (tag: XMLStartTag, textStart: XMLPosition?)? {
    if let last = open.last { return (last.tag, last.textStart) }
    guard plainDepth > 0 else { return nil }
    var path: XMLPath?
    for element in plain[..<plainDepth] {
      path = XMLPath(names.all[element.number].qualified, ordinal: element.ordinal, within: path)
    }
    let element = plain[plainDepth - 1]
    let entry = names.all[element.number]
    let tag = XMLStartTag(
      name: entry.name, prefix: entry.prefix, attributes: [], namespaces: .none, position: element.position,
      path: path ?? XMLPath(entry.qualified))
    return (tag, element.textStart)
  }
}
