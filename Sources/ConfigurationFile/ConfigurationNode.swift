public import Mapping
import MappingFiles
import XMLStream

/// An element of broker.xml that was checked against its declaration: its attributes are of their kinds, nothing unknown stands in it.
public struct ConfigurationNode: Sendable {
  let declaration: ConfigurationElement
  let element: XMLElement
  let document: ConfigurationDocument

  /// The name of the element.
  public var name: String { declaration.name }

  /// Where the element stands.
  public var place: SourcePlace { document.place(element.position) }

  /// Where the value of an attribute stands; the element's place where it is absent.
  public func place(_ attribute: String) -> SourcePlace {
    element.attribute(XMLName(attribute)).map { document.place($0.valuePosition) } ?? place
  }

  /// Whether the attribute is written.
  public func has(_ attribute: String) -> Bool { element.attribute(XMLName(attribute)) != nil }

  /// The value of an attribute or its default, without the blanks that do not count; nil where there is neither.
  public func text(_ attribute: String) -> String? {
    guard let declared = declaration.attributes.first(where: { $0.name == attribute }) else {
      preconditionFailure("\(name) declares no attribute \(attribute)")
    }
    guard let written = element[XMLName(attribute)] else { return declared.defaultText }
    let text = declared.kind.collapsed(written)
    // What is no value was told; the section is read on, so that everything else that is wrong is told, too.
    return declared.kind.takes(text) ? text : declared.defaultText
  }

  /// The value of an attribute that is required or has a default.
  public func required(_ attribute: String) -> String { text(attribute) ?? "" }

  /// The number that an attribute of the kind `integer` holds.
  public func integer(_ attribute: String) -> Int { text(attribute).flatMap(ConfigurationValueKind.integer) ?? 0 }

  /// The time that an attribute of the kind `duration` holds.
  public func duration(_ attribute: String) -> Duration { text(attribute).flatMap(ConfigurationDuration.duration) ?? .zero }

  /// What an attribute of the kind `flag` holds.
  public func flag(_ attribute: String) -> Bool { ["true", "1"].contains(text(attribute) ?? "") }

  /// The words that an attribute of the kinds `names` and `choices` holds, in their order.
  public func words(_ attribute: String) -> [String] { (text(attribute) ?? "").split(separator: " ").map(String.init) }

  /// The case that an attribute of the kind `choice` names; nil where it is absent and has no default.
  public func choice<Choice: RawRepresentable<String>>(_ attribute: String, _: Choice.Type = Choice.self) -> Choice? {
    text(attribute).flatMap(Choice.init(rawValue:))
  }

  /// The path that an attribute of the kind `path` holds, from the folder of broker.xml on where it is relative.
  public func path(_ attribute: String) -> String {
    let text = required(attribute)
    return text.hasPrefix("/") || document.folder.isEmpty ? text : "\(document.folder)/\(text)"
  }

  /// The elements of a name inside.
  public func elements(_ name: String) -> [ConfigurationNode] {
    guard let declared = declaration.elements.first(where: { $0.name == name }) else {
      preconditionFailure("\(declaration.name) declares no element \(name)")
    }
    return element.elements(XMLName(name, namespace: BrokerConfiguration.namespace)).map {
      ConfigurationNode(declaration: declared, element: $0, document: document)
    }
  }
}

/// The file that is read: its name, and its lines to point into.
struct ConfigurationDocument: Sendable {
  let file: String
  let lines: XMLSourceLines

  /// The folder of the file; empty for the current one.
  var folder: String { file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "" }

  func place(_ position: XMLPosition) -> SourcePlace { SourcePlace(file: file, line: position.line, column: position.column) }
}

/// Everything that is wrong with a broker.xml.
public struct ConfigurationFaults: Error, Sendable, CustomStringConvertible {
  /// In the order of the file.
  public private(set) var faults: [MappingDiagnostic] = []
  private var lines: XMLSourceLines?

  init(_ lines: XMLSourceLines? = nil) { self.lines = lines }

  /// Adds one.
  ///
  /// - Parameters:
  ///   - code: a stable name, such as `CONFIGURATION_VALUE`.
  ///   - message: what is wrong, in one line that quotes the bad value.
  public mutating func add(_ code: String, _ message: String, at place: SourcePlace, hint: String = "") {
    faults.append(
      MappingDiagnostic(.init(rawValue: code), message, at: place, hint: hint, excerpt: lines?.excerpt(at: place)))
    faults.sort { $0.place < $1.place }
  }

  /// `file:line:column: error: …`, one after the other.
  public var description: String { faults.map(\.description).joined(separator: "\n") }
}
