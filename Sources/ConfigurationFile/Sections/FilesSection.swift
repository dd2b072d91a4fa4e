public import Mapping
import XMLStream

/// `<files>`: which files of mappings, dialects and schemas are in use, beside those that ship.
public enum FilesSection: ConfigurationSection {
  /// What is added to what ships, and what of it is left out.
  public struct Value: Sendable, Hashable {
    /// Folders of mapping files and value maps, or single files.
    public var mappings: [String] = []
    /// Folders of descriptions of dialects, or single files.
    public var dialects: [String] = []
    /// Folders where dialects find schemas that their own folders do not have.
    public var schemas: [String] = []
    /// Names of mappings, value maps and dialects that ship and are not used.
    public var leftOut: [LeftOut] = []

    public init() {}
  }

  /// What of what ships is not used.
  public struct LeftOut: Sendable, Hashable {
    /// What is left out.
    public enum Kind: String, Sendable, CaseIterable {
      case mapping
      case valueMap = "value-map"
      case dialect
    }

    public var kind: Kind
    public var name: String
    /// Where it stands in broker.xml.
    public var place: SourcePlace

    public init(_ kind: Kind, _ name: String, place: SourcePlace) {
      self.kind = kind
      self.name = name
      self.place = place
    }
  }

  public static let defaultValue = Value()

  public static let element = ConfigurationElement(
    "files", "The files of your own that are in use beside those that ship.",
    elements: [
      ConfigurationElement(
        "mappings", "A folder of mapping files and value maps, with the folders inside, or one such file.",
        attributes: [ConfigurationAttribute("path", .path, "The folder or file.", isRequired: true)], repeats: true),
      ConfigurationElement(
        "dialects", "A folder of descriptions of dialects (the `.xml` files in it, not in folders inside), or one such file.",
        attributes: [ConfigurationAttribute("path", .path, "The folder or file.", isRequired: true)], repeats: true),
      ConfigurationElement(
        "schemas", "A folder where dialects find the schemas that the folder named by their own `<schemas>` does not have.",
        attributes: [ConfigurationAttribute("path", .path, "The folder.", isRequired: true)], repeats: true),
      ConfigurationElement(
        "leave-out", "Something that ships and is not used: a file of yours may then have its name.",
        attributes: [
          ConfigurationAttribute(
            "kind", .choice(LeftOut.Kind.allCases.map(\.rawValue)), "What it is.", isRequired: true),
          ConfigurationAttribute("name", .name, "Its name, as it stands in its file.", isRequired: true),
        ], repeats: true),
    ])

  public static func value(of node: ConfigurationNode, _ faults: inout ConfigurationFaults) -> Value {
    var value = Value()
    value.mappings = paths(node, "mappings", &faults)
    value.dialects = paths(node, "dialects", &faults)
    value.schemas = paths(node, "schemas", foldersAlone: true, &faults)
    for inside in node.elements("leave-out") {
      guard let kind = inside.choice("kind", LeftOut.Kind.self) else { continue }
      value.leftOut.append(LeftOut(kind, inside.required("name"), place: inside.place("name")))
    }
    return value
  }

  /// The paths of the elements of a name, which must be there, each once.
  private static func paths(
    _ node: ConfigurationNode, _ name: String, foldersAlone: Bool = false, _ faults: inout ConfigurationFaults
  ) -> [String] {
    var found: [String] = []
    for inside in node.elements(name) where !inside.required("path").isEmpty {
      let path = inside.path("path")
      if let fault = fault(of: path, name, foldersAlone) {
        faults.add(fault.code, fault.message, at: inside.place("path"), hint: fault.hint)
      } else if found.contains(path) {
        faults.add("CONFIGURATION_REPEATED", "'\(path)' is named twice", at: inside.place("path"), hint: "write it once")
      } else {
        found.append(path)
      }
    }
    return found
  }

  /// Why a path is none of mappings, dialects or schemas.
  private static func fault(of path: String, _ name: String, _ foldersAlone: Bool) -> (code: String, message: String, hint: String)? {
    switch RegularFile.kind(at: path) {
    case .file where !foldersAlone: return nil
    case .folder:
      if foldersAlone { return nil }
      let inside = XMLFilesOfFolder(path, deep: name == "mappings")
      if !inside.isTooLarge, inside.isEmpty || !inside.names.isEmpty { return nil }
      let what =
        inside.isTooLarge ? "has more than \(XMLFilesOfFolder.greatestCount) files and folders" : "has files, but none that ends with .xml"
      return ("CONFIGURATION_PATH_UNFIT", "the folder '\(path)' \(what): it is none of \(name)", "name the folder of your \(name) alone")
    case .other: return ("CONFIGURATION_PATH_UNFIT", "'\(path)' is neither a regular file nor a folder", "name a file or a folder")
    case .file, .missing:
      return (
        "CONFIGURATION_PATH_MISSING", "there is no \(foldersAlone ? "folder" : "file or folder") '\(path)'",
        "a relative path starts at the folder of broker.xml"
      )
    }
  }
}
