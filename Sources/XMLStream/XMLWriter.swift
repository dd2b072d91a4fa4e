/// Writes a well-formed document in UTF-8: escapes what must be escaped, declares the namespaces that names need, and refuses what
/// XML 1.0 cannot carry.
///
/// Calls give names, attributes and text in document order:
///
///     var writer = XMLWriter(indentation: 2)
///     try writer.startElement("item")
///     try writer.attribute("code", "A & B")
///     try writer.element("name", text: "Bolt")
///     try writer.endElement()
///     let bytes = try writer.finish()
public struct XMLWriter: Sendable {
  private struct OpenElement {
    let qualifiedName: String
    let path: XMLPath
    let namespaces: XMLNamespaces
    let isMixed: Bool
    var hasElements = false
    var hasText = false
  }

  /// A start tag that still takes attributes and namespaces.
  private struct StartTag {
    let name: XMLName
    let prefix: String?
    let isMixed: Bool
    let path: XMLPath
    var declarations: [XMLNamespaces.Binding] = []
    var attributes: [(qualifiedName: String, value: String)] = []
  }

  private let indentation: Int?
  private var output: [UInt8] = []
  private var open: [OpenElement] = []
  private var pending: StartTag?
  private var hasRoot = false

  /// Begins a document.
  ///
  /// - Parameters:
  ///   - indentation: Blanks for each level, with every element that has no text in a line of its own; nil for one line.
  ///   - declaration: Whether the document begins with an XML declaration.
  public init(indentation: Int? = nil, declaration: Bool = true) {
    self.indentation = indentation
    if declaration { output += Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8) }
  }

  /// Begins an element within the innermost open one.
  ///
  /// A namespace that is not in scope under the prefix is declared; no prefix stands for the default namespace.
  ///
  /// - Parameters:
  ///   - name: The expanded name.
  ///   - prefix: The prefix to write.
  ///   - isMixed: Whether text and elements will stand side by side in it, so that nothing may be indented within.
  /// - Throws: ``XMLIssue/Code/illegalName``; ``XMLIssue/Code/illegalStructure`` for a second root.
  public mutating func startElement(_ name: XMLName, prefix: String? = nil, isMixed: Bool = false) throws(XMLIssue) {
    try flush()
    guard !open.isEmpty || !hasRoot else { throw fault(.illegalStructure, "A document has one root element; '\(name)' is a second one.") }
    let qualified = prefix.map { "\($0):\(name.local)" } ?? name.local
    let path = XMLPath(qualified, within: open.last?.path)
    try check(name, prefix: prefix, in: path)
    hasRoot = true
    pending = StartTag(name: name, prefix: prefix, isMixed: isMixed || open.last?.isMixed == true, path: path)
  }

  /// Declares a namespace on the element just begun; the empty prefix stands for the default namespace.
  ///
  /// - Throws: ``XMLIssue/Code/illegalName``, ``XMLIssue/Code/illegalStructure`` if the element has content already.
  public mutating func namespace(_ prefix: String, _ uri: String) throws(XMLIssue) {
    guard let tag = pending else { throw fault(.illegalStructure, "A namespace can be declared right after an element's start only.") }
    let isReserved = prefix == "xml" || prefix == "xmlns" || uri == XMLNamespaces.xmlNamespace
    guard prefix.isEmpty || (XMLCharacters.isName(prefix) && !uri.isEmpty), !isReserved else {
      throw fault(.illegalName, "'\(prefix)' cannot be declared as a prefix of '\(uri)'.")
    }
    if let other = tag.declarations.first(where: { $0.prefix == prefix }) {
      if other.uri == uri { return }
      throw fault(.illegalName, "The prefix '\(prefix)' is declared as '\(other.uri)' and as '\(uri)' on one element.")
    }
    try checkCharacters(uri)
    pending?.declarations.append(.init(prefix: prefix, uri: uri))
  }

  /// Adds an attribute to the element just begun. One with a namespace needs a prefix, or has one in scope.
  ///
  /// - Throws: ``XMLIssue/Code/illegalName`` also if the element has the attribute already, ``XMLIssue/Code/illegalCharacter``,
  ///   ``XMLIssue/Code/illegalStructure`` if the element has content already.
  public mutating func attribute(_ name: XMLName, _ value: String, prefix: String? = nil) throws(XMLIssue) {
    guard let path = pending?.path else { throw fault(.illegalStructure, "An attribute can be added right after an element's start only.") }
    try check(name, prefix: prefix, in: path)
    try checkCharacters(value)
    var qualified = name.local
    if let namespace = name.namespace {
      guard let used = prefix ?? self.prefix(of: namespace) else {
        throw fault(.illegalName, "The attribute '\(name)' has a namespace and no prefix.")
      }
      try bind(used, to: namespace)
      qualified = "\(used):\(name.local)"
    }
    guard pending?.attributes.contains(where: { $0.qualifiedName == qualified }) == false else {
      throw fault(.illegalName, "The element has the attribute '\(qualified)' twice.")
    }
    pending?.attributes.append((qualified, value))
  }

  /// Adds text to the innermost open element.
  ///
  /// - Throws: ``XMLIssue/Code/illegalCharacter``; ``XMLIssue/Code/illegalStructure`` outside the root, or where elements have been
  ///   indented before, since the text would then hold their blanks.
  public mutating func text(_ text: String) throws(XMLIssue) {
    guard !text.isEmpty else { return }
    try checkCharacters(text)
    try flush()
    guard let last = open.indices.last else { throw fault(.illegalStructure, "Text stands outside the root element.") }
    guard indentation == nil || open[last].isMixed || !open[last].hasElements else {
      throw fault(.illegalStructure, "Text follows elements that are indented.", hint: "Begin the element as a mixed one.")
    }
    open[last].hasText = true
    XMLCharacters.append(text, to: &output, inAttribute: false)
  }

  /// Ends the innermost open element.
  ///
  /// - Throws: ``XMLIssue/Code/illegalStructure`` if none is open.
  public mutating func endElement() throws(XMLIssue) {
    if pending != nil {
      try writeStartTag(isEmpty: true)
      return
    }
    guard let element = open.popLast() else { throw fault(.illegalStructure, "No element is open that could end.") }
    if element.hasElements, !element.hasText, !element.isMixed { breakLine(depth: open.count) }
    output += "</".utf8
    output += element.qualifiedName.utf8
    output.append(Byte.greater)
  }

  /// Writes an element that holds nothing but text.
  public mutating func element(_ name: XMLName, text: String, prefix: String? = nil) throws(XMLIssue) {
    try startElement(name, prefix: prefix)
    try self.text(text)
    try endElement()
  }

  /// Writes a tree. With indentation, blank text beside elements is left out.
  public mutating func write(_ element: XMLElement) throws(XMLIssue) {
    let isRoot = open.isEmpty && pending == nil
    let isMixed = !element.elements.isEmpty && element.children.contains { $0.text?.isBlank == false }
    try startElement(element.name, prefix: element.prefix, isMixed: isMixed)
    let declarations = isRoot ? element.namespaces.all.map { .init(prefix: $0, uri: $1) } : element.namespaces.declared
    for binding in declarations.sorted(by: { $0.prefix < $1.prefix }) { try bind(binding.prefix, to: binding.uri) }
    for attribute in element.attributes { try self.attribute(attribute.name, attribute.value, prefix: attribute.prefix) }
    let leavesOut = indentation != nil && !isMixed && open.last?.isMixed != true && !element.elements.isEmpty
    for child in element.children {
      switch child {
      case .element(let element): try write(element)
      case .text(let run): if !leavesOut { try text(run.value) }
      }
    }
    try endElement()
  }

  /// Ends the document.
  ///
  /// - Returns: The document in UTF-8, with a line end at its end.
  /// - Throws: ``XMLIssue/Code/illegalStructure`` if an element is open or there is none.
  public consuming func finish() throws(XMLIssue) -> [UInt8] {
    if let path = pending?.path ?? open.last?.path { throw fault(.illegalStructure, "The element '\(path.name)' has not ended.") }
    guard hasRoot else { throw fault(.illegalStructure, "The document has no root element.") }
    return output + [Byte.lineFeed]
  }

  private mutating func flush() throws(XMLIssue) {
    if pending != nil { try writeStartTag(isEmpty: false) }
  }

  private mutating func writeStartTag(isEmpty: Bool) throws(XMLIssue) {
    guard let begun = pending else { return }
    // The default namespace is declared only here, since the caller may declare it himself after the start.
    if begun.prefix == nil { try bind("", to: begun.name.namespace ?? "") } else { try bind(begun.prefix!, to: begun.name.namespace!) }
    guard let tag = pending else { return }
    if let parent = open.indices.last {
      open[parent].hasElements = true
      if !open[parent].hasText, !open[parent].isMixed { breakLine(depth: open.count) }
    }
    let qualified = tag.path.name
    output.append(Byte.less)
    output += qualified.utf8
    for binding in tag.declarations { write(binding.prefix.isEmpty ? "xmlns" : "xmlns:\(binding.prefix)", binding.uri) }
    for attribute in tag.attributes { write(attribute.qualifiedName, attribute.value) }
    if isEmpty { output.append(Byte.slash) }
    output.append(Byte.greater)
    if !isEmpty {
      let namespaces = XMLNamespaces(tag.declarations, within: open.last?.namespaces ?? XMLNamespaces.none)
      open.append(OpenElement(qualifiedName: qualified, path: tag.path, namespaces: namespaces, isMixed: tag.isMixed))
    }
    pending = nil
  }

  private mutating func write(_ name: String, _ value: String) {
    output.append(Byte.space)
    output += name.utf8
    output.append(Byte.equals)
    output.append(Byte.quote)
    XMLCharacters.append(value, to: &output, inAttribute: true)
    output.append(Byte.quote)
  }

  private mutating func breakLine(depth: Int) {
    guard let indentation else { return }
    output.append(Byte.lineFeed)
    output += [UInt8](repeating: Byte.space, count: indentation * depth)
  }

  /// Sees to it that the prefix stands for the namespace on the element just begun.
  private mutating func bind(_ prefix: String, to uri: String) throws(XMLIssue) {
    if prefix == "xml", uri == XMLNamespaces.xmlNamespace { return }
    let declared = pending?.declarations.first { $0.prefix == prefix }?.uri
    let current = declared ?? open.last?.namespaces.uri(for: prefix) ?? ""
    if current != uri { try namespace(prefix, uri) }
  }

  /// A prefix that stands for the namespace at the element just begun.
  private func prefix(of namespace: String) -> String? {
    if namespace == XMLNamespaces.xmlNamespace { return "xml" }
    if let own = pending?.declarations.first(where: { $0.uri == namespace && !$0.prefix.isEmpty }) { return own.prefix }
    let outer = open.last?.namespaces.all.filter { $0.value == namespace && !$0.key.isEmpty } ?? [:]
    return outer.keys.filter { prefix in pending?.declarations.contains { $0.prefix == prefix } != true }.min()
  }

  private func check(_ name: XMLName, prefix: String?, in path: XMLPath) throws(XMLIssue) {
    let isPrefixLegal = prefix.map { XMLCharacters.isName($0) && name.namespace != nil && $0 != "xmlns" } ?? true
    guard XMLCharacters.isName(name.local), isPrefixLegal else {
      throw XMLIssue(
        .illegalName, "'\(prefix.map { "\($0):" } ?? "")\(name.local)' is no name that can be written.", elementPath: path.description,
        hint: "A name begins with a letter or '_' and has letters, digits, '.', '-' and '_'; a prefix needs a namespace.")
    }
  }

  private func checkCharacters(_ text: String) throws(XMLIssue) {
    // Nearly all text is US-ASCII without controls.
    if text.utf8.allSatisfy({ $0 >= Byte.space && $0 < 0x80 }) { return }
    guard let scalar = text.unicodeScalars.first(where: { !XMLCharacters.isLegal($0) }) else { return }
    let code = String(scalar.value, radix: 16, uppercase: true)
    throw fault(
      .illegalCharacter,
      "The text '\(text.sanitised(limit: 80))' holds the character U+\(String(repeating: "0", count: 4 - code.count))\(code).",
      hint: "XML 1.0 cannot carry it, not even as a reference; remove it at its source.")
  }

  private func fault(_ code: XMLIssue.Code, _ message: String, hint: String = "") -> XMLIssue {
    XMLIssue(code, message, elementPath: (pending?.path ?? open.last?.path)?.description ?? "", hint: hint)
  }
}
