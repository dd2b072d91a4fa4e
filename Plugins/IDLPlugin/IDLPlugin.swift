import Foundation
import PackagePlugin

/// Generates Swift from every `.idl` file of a target, by one run of `idl2swift` for the target.
///
/// An optional `idl-swift.json` in the target's folder says how (see `SwiftConfiguration` of the compiler). IDL files of targets that this
/// one depends on can be included by their names: their Swift modules are imported.
@main
struct IDLPlugin: BuildToolPlugin {
  /// What of `idl-swift.json` decides which files the result depends on.
  private struct Configuration: Decodable {
    var includeDirectories: [String]?
  }

  func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
    guard let module = target.sourceModule else { return [] }
    let sources = Self.idlFiles(of: module)
    guard !sources.isEmpty else { return [] }
    let outputs = sources.map { context.pluginWorkDirectoryURL.appending(path: $0.lastPathComponent + ".swift") }
    if let twice = Dictionary(grouping: outputs, by: { $0 }).first(where: { $0.value.count > 1 }) {
      Diagnostics.error("target \(target.name) has several IDL files of the name \(twice.key.deletingPathExtension().lastPathComponent)")
      return []
    }

    var arguments = ["-o", context.pluginWorkDirectoryURL.path()]
    var inputs = sources
    for folder in Set(sources.map { $0.deletingLastPathComponent().path() }).sorted() { arguments += ["-I", folder] }
    let configuration = module.directoryURL.appending(path: "idl-swift.json")
    if FileManager.default.fileExists(atPath: configuration.path()) {
      arguments += ["--module-map", configuration.path()]
      inputs.append(configuration)
      // What is wrong with the file is reported by idl2swift, with its place.
      let content = try? JSONDecoder().decode(Configuration.self, from: Data(contentsOf: configuration))
      for directory in content?.includeDirectories ?? [] {
        inputs += Self.includable(in: URL(filePath: directory, relativeTo: module.directoryURL))
      }
    }
    for dependency in Self.modules(of: target.dependencies) where dependency.name != module.name {
      let files = Self.idlFiles(of: dependency)
      inputs += files
      for folder in Set(files.map { $0.deletingLastPathComponent().path() }).sorted() { arguments += ["-I", folder] }
      for file in files { arguments += ["--module", "\(file.path())=\(dependency.moduleName)"] }
    }
    return [
      .buildCommand(
        displayName: "Generating Swift from the IDL of \(target.name)",
        executable: try context.tool(named: "idl2swift").url,
        arguments: arguments + sources.map { $0.path() },
        inputFiles: inputs,
        outputFiles: outputs)
    ]
  }

  private static func idlFiles(of module: any SourceModuleTarget) -> [URL] {
    module.sourceFiles(withSuffix: ".idl").map(\.url).sorted { $0.path() < $1.path() }
  }

  /// What may be included from a folder.
  private static func includable(in directory: URL) -> [URL] {
    let files = try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
    return (files ?? []).filter { ["idl", "pidl", "h", "inc"].contains($0.pathExtension) }.sorted { $0.path() < $1.path() }
  }

  private static func modules(of dependencies: [TargetDependency]) -> [any SourceModuleTarget] {
    dependencies.flatMap { dependency -> [any SourceModuleTarget] in
      switch dependency {
      case .target(let target): [target.sourceModule].compactMap { $0 }
      case .product(let product): product.targets.compactMap(\.sourceModule)
      @unknown default: []
      }
    }
  }
}
