import CDR
import ConfigurationFile
import Glibc
import Mapping
import MappingFiles

/// Which files of mappings, dialects and schemas count: what ships, what broker.xml adds to it, and what options say.
struct FilesInUse: Sendable {
  /// Folders of mapping files of which each file must be right: those that ship, or the one that replaces them.
  private(set) var mappings: [String] = []
  /// Folders and files beside them, of which one that is wrong is set aside alone.
  private(set) var addedMappings: [String] = []
  /// Descriptions of dialects that must be right: those that ship, and those that options name.
  private(set) var dialects: [String] = []
  /// Those that broker.xml names, of which one that is wrong is set aside alone.
  private(set) var addedDialects: [String] = []
  /// Folders where dialects find schemas that their own folders do not have.
  private(set) var schemas: [String] = []
  private let leftOut: [FilesSection.LeftOut]
  private let shippedDialects: Set<String>
  private let options: Options

  /// - Parameters:
  ///   - configuration: what broker.xml says, where it was read already.
  ///   - besideServe: whether options of a running `serve` hold where the command has none: else it would map with other files than `serve`.
  /// - Throws: ``Refusal`` where broker.xml is wrong, ``InfrastructureFailure`` where nothing ships.
  init(_ common: CommonOptions, _ configuration: BrokerConfiguration? = nil, besideServe: Bool = true) throws {
    let configured = (try configuration ?? Composition.configuration(common))[FilesSection.self]
    let own = Options(mappings: common.mappings, addMappings: common.addMappings, dialects: common.dialect)
    let folder = DataFolder(named: common.data)
    let served = besideServe && own == Options() ? try Options(keptBy: folder) : nil
    options = served ?? own
    leftOut = configured.leftOut
    schemas = configured.schemas
    let shipped = Installation.dialectFiles()
    shippedDialects = Set(shipped)
    dialects = shipped + options.dialects
    addedDialects = configured.dialects.flatMap(Self.dialectFiles)
    if let replaced = options.mappings {
      mappings = [replaced]
    } else {
      mappings = try Installation.mappingFolders()
      addedMappings = configured.mappings
    }
    addedMappings += options.addMappings
  }

  /// Reads and checks the mapping files.
  func load(_ types: DialectRegistry) -> (set: MappingSet, diagnostics: [MappingDiagnostic]) {
    // A folder that replaces what ships is taken as it is.
    let leavingOut =
      options.mappings != nil
      ? []
      : leftOut.compactMap { one in
        MappingLeftOut.Kind(rawValue: one.kind.rawValue).map { MappingLeftOut($0, one.name, at: one.place) }
      }
    return MappingSet.load(mappings, added: addedMappings, leavingOut: leavingOut, types: types)
  }

  /// Whether broker.xml leaves a dialect out that ships.
  func leavesOut(dialect name: String, describedIn path: String) -> Bool {
    shippedDialects.contains(path) && leftOut.contains { $0.kind == .dialect && $0.name == name }
  }

  /// Writes down what options of `serve` say, for the commands beside it.
  func keep(in folder: DataFolder) throws {
    if options == Options() { return try Files.remove(folder.filesInUseFile) }
    try Files.replace(folder.filesInUseFile, with: "process \(getpid())\n" + options.text)
  }

  /// The files in a folder that describe dialects; a file is itself.
  private static func dialectFiles(at path: String) -> [String] { Files.isFolder(path) ? Files.xml(in: path) : [path] }

  /// What options of one command say.
  fileprivate struct Options: Hashable {
    var mappings: String?
    var addMappings: [String] = []
    var dialects: [String] = []

    /// A word and a path in each line; paths are absolute, since commands run in other folders.
    var text: String {
      let replaced = mappings.map { [("mappings", $0)] } ?? []
      let lines = replaced + addMappings.map { ("add-mappings", $0) } + dialects.map { ("dialect", $0) }
      return lines.map { "\($0.0) \(Files.absolute($0.1))\n" }.joined()
    }
  }
}

extension FilesInUse.Options {
  /// What the options of the `serve` that runs say; nil where none runs, even if one that was killed left its file, or where it has no such options.
  fileprivate init?(keptBy folder: DataFolder) throws {
    let file = folder.filesInUseFile
    guard Files.isFile(file), ServeLock.isHeld(folder), let holder = ServeLock.holder(folder) else { return nil }
    self.init()
    for line in String(decoding: try Files.read(file, limit: 1 << 20), as: UTF8.self).split(separator: "\n") {
      guard let blank = line.firstIndex(of: " ") else { continue }
      let path = String(line[line.index(after: blank)...])
      switch line[..<blank] {
      case "process": if path != holder { return nil }
      case "mappings": mappings = path
      case "add-mappings": addMappings.append(path)
      case "dialect": dialects.append(path)
      default: break
      }
    }
  }
}
