internal import COpenSSL
import Foundation
public import Identity
public import Mapping
import XMLStream

/// Mapping and value-map files, checked together.
public struct MappingSet: Sendable {
  /// A mapping of the set.
  public struct Entry: Sendable {
    public let plan: MappingPlan
    public let file: String
    /// How the CSV files that the mapping reads are written, where it says so.
    public let csv: MappingDefinition.CSVForm?
    /// Of the CSV files that the mapping reads, in the order of its fields.
    public let columns: [MappingDefinition.Column]
    let tests: [MappingTest]

    /// How many tests stand inside.
    public var testCount: Int { tests.count }
  }

  /// In the order of their files.
  public let mappings: [Entry]
  public let valueMaps: ValueMapSet
  /// The file of each value map, by its name.
  public let valueMapFiles: [String: String]
  /// The files that are not used, since something is wrong with them.
  public let setAside: [MappingFileSetAside]
  let types: DialectRegistry

  /// No mapping at all.
  public init() { self.init(mappings: [], valueMaps: ValueMapSet(), valueMapFiles: [:], setAside: [], types: DialectRegistry()) }

  init(
    mappings: [Entry], valueMaps: ValueMapSet, valueMapFiles: [String: String], setAside: [MappingFileSetAside], types: DialectRegistry
  ) {
    self.mappings = mappings
    self.valueMaps = valueMaps
    self.valueMapFiles = valueMapFiles
    self.setAside = setAside
    self.types = types
  }

  /// Reads and checks files, and all `.xml` files of folders and the folders inside, in the order of their names.
  ///
  /// - Parameters:
  ///   - added: paths beside the others: a file there that is wrong is set aside alone.
  ///   - leavingOut: what of the files that are not added is not read.
  /// - Returns: The set of what is right, and everything that is wrong in the others.
  public static func load(
    _ paths: [String], added: [String] = [], leavingOut: [MappingLeftOut] = [], types: DialectRegistry
  ) -> (set: MappingSet, diagnostics: [MappingDiagnostic]) {
    var loader = MappingLoader(types: types, leavingOut: leavingOut)
    var diagnostics: [MappingDiagnostic] = []
    for (paths, isAdded) in [(paths, false), (added, true)] {
      for file in paths.flatMap({ files(at: $0, &diagnostics) }) {
        do throws(RegularFile.Failure) {
          let octets = try RegularFile.octets(of: file, limit: XMLLimits().documentBytes)
          loader.read(octets, file: file, isAdded: isAdded)
        } catch {
          let diagnostic = MappingDiagnostic(
            .unreadable, "the file cannot be read: \(error)", at: SourcePlace(file: file, line: 0, column: 0))
          if isAdded { loader.setAside(file, diagnostic) } else { diagnostics.append(diagnostic) }
        }
      }
    }
    let set = loader.finish()
    return (set, diagnostics + loader.diagnostics)
  }

  /// Checks documents that are in memory.
  public static func load(
    _ documents: [(file: String, bytes: [UInt8])], types: DialectRegistry
  ) -> (set: MappingSet, diagnostics: [MappingDiagnostic]) {
    var loader = MappingLoader(types: types)
    for document in documents { loader.read(document.bytes, file: document.file, isAdded: false) }
    let set = loader.finish()
    return (set, loader.diagnostics)
  }

  /// The mapping of a name.
  public func plan(named name: String) -> MappingPlan? { mappings.first { $0.plan.name == name }?.plan }

  /// The mapping for documents of a type, from or for a system: one of the system's own, else one of its type, else one for all.
  ///
  /// - Parameter target: A type that the mapping must emit; nil takes any mapping into the canonical model.
  public func plan(from source: String, target: String? = nil, system: String, systemType: String) -> MappingPlan? {
    // By their indices, since a plan is large and asked for with each document.
    let fitting = mappings.indices.filter { index in
      mappings[index].plan.sourceTypeName == source
        && target.map { mappings[index].plan.targetTypeNames.contains($0) }
          ?? !mappings[index].plan.targetTypeNames.contains { $0.contains(":") }
    }
    func rank(_ index: Int) -> Int? { Self.rank(mappings[index].plan.system, mappings[index].plan.systemType, system, systemType) }
    let chosen = fitting.compactMap { index in rank(index).map { (index: index, rank: $0) } }.max { $0.rank < $1.rank }
    // A file that is wrong may have meant these documents: a mapping that is made for others must not read them instead.
    if let fault = fault(from: source, target: target, system: system, systemType: systemType),
      let claim = Self.rank(fault.system, fault.systemType, system, systemType), claim >= chosen?.rank ?? 0
    {
      return nil
    }
    return chosen.map { mappings[$0.index].plan }
  }

  /// The file that is set aside and says that it maps documents of a type from, or for, a system: the one that says so most closely.
  public func fault(from source: String, target: String? = nil, system: String, systemType: String) -> MappingFileSetAside? {
    if setAside.isEmpty { return nil }
    return setAside.filter { $0.claims(source, target) }.compactMap { file in
      Self.rank(file.system, file.systemType, system, systemType).map { (file: file, rank: $0) }
    }.max { $0.rank < $1.rank }?.file
  }

  /// How closely a mapping is made for a system: for it alone, for its type, for all; nil where it is made for others.
  private static func rank(_ forSystem: String?, _ forType: String?, _ system: String, _ type: String) -> Int? {
    if let forSystem { return forSystem == system ? 3 : nil }
    if let forType { return forType == type ? 2 : nil }
    return 1
  }

  /// How the CSV files that a mapping reads are written, where it says so.
  public func csvForm(of plan: MappingPlan) -> MappingDefinition.CSVForm? { mappings.first { $0.plan.name == plan.name }?.csv }

  /// The columns of the CSV files that a mapping reads.
  public func columns(of plan: MappingPlan) -> [MappingDefinition.Column] {
    mappings.first { $0.plan.name == plan.name }?.columns ?? []
  }

  /// Runs the tests inside the mapping files, in their order.
  public func runTests() -> [MappingTestResult] {
    mappings.flatMap { entry in
      let runner = MappingTestRunner(plan: entry.plan, types: types, valueMaps: valueMaps, file: entry.file)
      return entry.tests.map(runner.run)
    }
  }

  /// The hash under which a file's content is known: SHA-256, hexadecimal.
  static func contentHash(_ bytes: [UInt8]) -> String {
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
    SHA256(bytes, bytes.count, &digest)
    return digest.map { octet in (octet < 16 ? "0" : "") + String(octet, radix: 16) }.joined()
  }

  private static func files(at path: String, _ diagnostics: inout [MappingDiagnostic]) -> [String] {
    func fault(_ message: String) {
      diagnostics.append(MappingDiagnostic(.unreadable, message, at: SourcePlace(file: path, line: 0, column: 0)))
    }
    switch RegularFile.kind(at: path) {
    case .missing: fault("there is no file or folder '\(path)'")
    case .other: fault("'\(path)' is neither a regular file nor a folder")
    case .file: return [path]
    case .folder:
      let inside = XMLFilesOfFolder(path, deep: true)
      if !inside.isTooLarge { return inside.names.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" } }
      fault("the folder has more than \(XMLFilesOfFolder.greatestCount) files and folders: it is none of mappings")
    }
    return []
  }
}
