import Glibc

/// Where the files that ship with the program are.
enum Installation {
  /// The folder that holds `Mappings/`: `TESSERA_HOME`, else the first above the program that does.
  ///
  /// - Throws: ``InfrastructureFailure`` where there is none.
  static func home() throws -> String {
    if let named = getenv("TESSERA_HOME").map({ String(cString: $0) }), !named.isEmpty {
      if Files.isFolder("\(named)/Mappings") { return named }
      throw InfrastructureFailure("HOME_INVALID", "TESSERA_HOME is \(named), which has no folder Mappings")
    }
    var parts = try executable().split(separator: "/").dropLast()
    while true {
      let folder = "/" + parts.joined(separator: "/")
      if Files.isFolder("\(folder)/Mappings") { return folder }
      if parts.isEmpty { break }
      parts.removeLast()
    }
    throw InfrastructureFailure(
      "HOME_MISSING", "no folder above \(try executable()) holds a folder Mappings",
      hint: "set TESSERA_HOME to the folder that does, or name the mapping files with --mappings")
  }

  /// The folders of the mapping files that ship: the canonical ones, and those beside each adapter.
  static func mappingFolders() throws -> [String] {
    let home = try home()
    let beside = Files.names(in: "\(home)/Adapters").map { "\(home)/Adapters/\($0)/Mappings" }
    return ["\(home)/Mappings"] + beside.filter(Files.isFolder)
  }

  /// The descriptions of XML dialects that ship beside adapters; none where nothing is installed.
  static func dialectFiles() -> [String] {
    guard let home = try? home() else { return [] }
    return Files.names(in: "\(home)/Adapters").flatMap { adapter in
      Files.xml(in: "\(home)/Adapters/\(adapter)/Dialects")
    }
  }

  /// The program's own file.
  private static func executable() throws -> String {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!, $0.count) }
    if count < 0 { throw Files.failure("HOME_MISSING", "cannot find the program's own file") }
    return String(decoding: buffer[..<count], as: UTF8.self)
  }
}

extension Files {
  /// The names inside a folder, sorted; none where there is no folder.
  static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }

  /// The paths of the XML files in a folder, but not of those in folders inside, sorted; none where there is no folder.
  static func xml(in folder: String) -> [String] { names(in: folder).filter { $0.hasSuffix(".xml") }.map { "\(folder)/\($0)" } }
}
