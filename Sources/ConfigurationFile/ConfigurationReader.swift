import Mapping
import XMLStream

/// Checks the tree of a broker.xml against the declarations of its sections, everything at once, and makes their values.
struct ConfigurationReader {
  let document: ConfigurationDocument
  var faults: ConfigurationFaults

  init(_ document: ConfigurationDocument) {
    self.document = document
    faults = ConfigurationFaults(document.lines)
  }

  mutating func read(_ root: XMLElement, _ configuration: inout BrokerConfiguration) {
    guard root.name == XMLName("broker", namespace: BrokerConfiguration.namespace) else {
      faults.add(
        "CONFIGURATION_ROOT", "\(Self.shown(root)) is no configuration of the broker", at: document.place(root.position),
        hint: "the root is <broker xmlns=\"\(BrokerConfiguration.namespace)\">")
      return
    }
    check(root, BrokerConfiguration.element)
    for section in BrokerConfiguration.sections { read(section, in: root, &configuration) }
  }

  private mutating func read<Section: ConfigurationSection>(
    _ section: Section.Type, in root: XMLElement, _ configuration: inout BrokerConfiguration
  ) {
    let declaration = section.element
    guard let element = root.element(XMLName(declaration.name, namespace: BrokerConfiguration.namespace)) else { return }
    let node = ConfigurationNode(declaration: declaration, element: element, document: document)
    configuration[section] = section.value(of: node, &faults)
  }

  private mutating func check(_ element: XMLElement, _ declaration: ConfigurationElement) {
    checkAttributes(element, declaration)
    var seen: Set<String> = []
    for child in element.elements {
      let place = document.place(child.position)
      guard child.name.namespace == BrokerConfiguration.namespace,
        let declared = declaration.elements.first(where: { $0.name == child.name.local })
      else {
        faults.add(
          "CONFIGURATION_UNKNOWN_ELEMENT", "<\(declaration.name)> has no element \(Self.shown(child))", at: place,
          hint: Self.choices(child.name.local, declaration.elements.map(\.name)))
        continue
      }
      if !seen.insert(declared.name).inserted, !declared.repeats {
        faults.add("CONFIGURATION_REPEATED", "<\(declared.name)> stands in <\(declaration.name)> twice", at: place, hint: "write it once")
      }
      check(child, declared)
    }
    for case .text(let text) in element.children where !text.value.allSatisfy(\.isWhitespace) {
      faults.add(
        "CONFIGURATION_TEXT", "<\(declaration.name)> takes no text, and '\(Self.shown(text.value))' is some",
        at: document.place(text.firstCharacter), hint: "values stand in attributes")
    }
  }

  private mutating func checkAttributes(_ element: XMLElement, _ declaration: ConfigurationElement) {
    // xsi:schemaLocation and its like belong to editors.
    for attribute in element.attributes where attribute.name.namespace == nil {
      guard let declared = declaration.attributes.first(where: { $0.name == attribute.name.local }) else {
        faults.add(
          "CONFIGURATION_UNKNOWN_ATTRIBUTE", "<\(declaration.name)> has no attribute '\(attribute.name)'",
          at: document.place(attribute.position),
          hint: Self.choices(attribute.name.local, declaration.attributes.map(\.name)))
        continue
      }
      if !declared.kind.takes(declared.kind.collapsed(attribute.value)) {
        faults.add(
          "CONFIGURATION_VALUE", "'\(Self.shown(attribute.value))' is no value of \(declared.name)",
          at: document.place(attribute.valuePosition),
          hint: Self.meant(attribute.value, declared.kind) + "write \(declared.kind.description)")
      }
    }
    for missing in declaration.attributes where missing.isRequired && element.attribute(XMLName(missing.name)) == nil {
      faults.add(
        "CONFIGURATION_MISSING_ATTRIBUTE", "<\(declaration.name)> needs the attribute \(missing.name)",
        at: document.place(element.position), hint: "write \(missing.kind.description)")
    }
  }

  /// What there is, the nearest first where a slip of the keys explains the word.
  private static func choices(_ word: String, _ names: [String]) -> String {
    if names.isEmpty { return "it has none" }
    let alike = names.filter { $0.lowercased().hasPrefix(word.lowercased().prefix(3)) || word.lowercased().hasPrefix($0.prefix(3)) }
    let near = NameSuggestion.nearest(to: word, among: names) ?? (alike.count == 1 ? alike[0] : nil)
    let question = near.map { "did you mean \($0)? " } ?? ""
    return "\(question)there are: \(names.joined(separator: ", "))"
  }

  /// The words of a choice that somebody probably meant, as a question; empty where nothing is near.
  private static func meant(_ text: String, _ kind: ConfigurationValueKind) -> String {
    guard case .choice(let words) = kind.asChoice else { return "" }
    let near = text.split(whereSeparator: \.isWhitespace).map(String.init).filter { !words.contains($0) }
      .compactMap { NameSuggestion.nearest(to: $0, among: words) }
    return near.isEmpty ? "" : "did you mean \(near.joined(separator: ", "))? "
  }

  /// The name of an element as it stands there; what tells it from one of ours is its namespace, where that is another.
  private static func shown(_ element: XMLElement) -> String {
    switch element.name.namespace {
    case BrokerConfiguration.namespace?: "'\(element.name.local)'"
    case let other?: "'\(element.qualifiedName)' of the namespace '\(shown(other))'"
    case nil: "'\(element.name.local)' without a namespace"
    }
  }

  private static func shown(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 80 ? line.prefix(80) + "…" : line
  }
}

extension ConfigurationValueKind {
  /// The kind with one word where this takes several.
  fileprivate var asChoice: ConfigurationValueKind { if case .choices(let words) = self { .choice(words) } else { self } }
}

extension XMLText {
  /// The place of the first character that is no white space.
  fileprivate var firstCharacter: XMLPosition {
    let before = value.unicodeScalars.prefix { $0.properties.isWhitespace }
    guard let feed = before.lastIndex(of: "\n") else {
      return XMLPosition(line: position.line, column: position.column + before.count)
    }
    return XMLPosition(line: position.line + before.count { $0 == "\n" }, column: before[feed...].count)
  }
}
