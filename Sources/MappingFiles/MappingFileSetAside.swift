public import Mapping
import XMLStream

/// A mapping file, or value map, that is not used, since something is wrong with it.
///
/// The documents that it says to map are refused, rather than read by a mapping that was made for others.
public struct MappingFileSetAside: Sendable {
  public let file: String
  /// The first thing that is wrong with it.
  public let reason: MappingDiagnostic
  /// Whether the file was added to those that ship.
  public let isAdded: Bool
  /// What the mapping reads, as far as that can be read; nil for value maps.
  let from: String?
  let system: String?
  let systemType: String?
  /// What it makes; nil where that is not known.
  let targets: [String]?

  init(_ file: String, _ reason: MappingDiagnostic, isAdded: Bool, _ claim: MappingClaim? = nil) {
    self.file = file
    self.reason = reason
    self.isAdded = isAdded
    from = claim?.from
    system = claim?.system
    systemType = claim?.systemType
    targets = claim?.targets
  }

  func claims(_ source: String, _ target: String?) -> Bool {
    guard from == source else { return false }
    guard let targets else { return true }
    return target.map(targets.contains) ?? !targets.contains { $0.contains(":") }
  }
}

/// What of the files that ship is not used.
public struct MappingLeftOut: Sendable, Hashable {
  public enum Kind: String, Sendable { case mapping, valueMap = "value-map" }

  public let kind: Kind
  public let name: String
  /// Where somebody wrote so.
  public let place: SourcePlace

  public init(_ kind: Kind, _ name: String, at place: SourcePlace) {
    self.kind = kind
    self.name = name
    self.place = place
  }
}

/// What a mapping file says that it maps.
struct MappingClaim {
  let from: String
  let system: String?
  let systemType: String?
  let targets: [String]?

  init(_ definition: MappingDefinition) {
    from = definition.from.text
    system = definition.system?.text
    systemType = definition.systemType?.text
    targets = definition.emits.map(\.to.text)
  }

  /// The claim of a file that is not well-formed, or lacks what it needs: what its root says, if that can be read.
  init?(rootOf bytes: [UInt8], file: String) {
    guard let reader = try? XMLReader(bytes: bytes, file: file), case .startElement(let tag)? = try? reader.next() else { return nil }
    func value(_ name: XMLName) -> String? { tag.attributes.first { $0.name == name }?.value }
    guard tag.name.local == "mapping", let from = value("from") else { return nil }
    self.from = from
    system = value("system")
    systemType = value("system-type")
    targets = nil
  }
}
