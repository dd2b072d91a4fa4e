import IDLCompiler

/// One run: read, check, generate, write.
struct Run {
  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  /// Carries the run out and reports everything that is wrong; false if that includes an error.
  func succeeds() -> Bool {
    var diagnostics: [Diagnostic] = []
    let configuration = readConfiguration(&diagnostics)
    let models = compile(configuration, &diagnostics)
    var files: [SwiftBackEnd.GeneratedFile] = []
    if let models, arguments.emit == .xsd {
      let (text, problems) = SchemaBackEnd(namespace: arguments.namespace, interface: arguments.documents).generate(models[0])
      for problem in problems { report("\(models[0].mainFile.path): error: \(problem)") }
      if !problems.isEmpty { return false }
      files = [SwiftBackEnd.GeneratedFile(source: models[0].mainFile.path, text: text)]
    } else if let models {
      let (generated, found) = SwiftBackEnd(options: options(configuration)).generate(models, canonicalPath: OutputFile.canonicalPath)
      files = generated
      diagnostics += found
    }
    // A file that several others include is read by each: what is wrong there is told once.
    var told: Set<Diagnostic> = []
    for diagnostic in diagnostics where told.insert(diagnostic).inserted { report(diagnostic) }
    guard !diagnostics.contains(where: { $0.severity == .error }) else { return false }
    return arguments.isCheck || write(files)
  }

  private func readConfiguration(_ diagnostics: inout [Diagnostic]) -> SwiftConfiguration {
    guard let path = arguments.configuration else { return SwiftConfiguration() }
    guard let bytes = OutputFile.content(of: path, limit: 1 << 20) else { stop("\(path) cannot be read, or is larger than 1 MiB") }
    guard let text = String(validating: bytes, as: UTF8.self) else { stop("\(path) is not UTF-8") }
    let (configuration, found) = SwiftConfiguration.read(text, file: path)
    diagnostics += found
    return configuration
  }

  private func options(_ configuration: SwiftConfiguration) -> SwiftOptions {
    SwiftOptions(
      naming: arguments.naming ?? configuration.naming ?? .idiomatic,
      visibility: arguments.visibility ?? configuration.visibility ?? .public,
      modules: SwiftModuleMap(configuration.modules.merging(arguments.modules) { _, option in option }))
  }

  /// The models of all files, or nil if one of them has errors.
  private func compile(_ configuration: SwiftConfiguration, _ diagnostics: inout [Diagnostic]) -> [Model]? {
    let defines = configuration.defines.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + arguments.defines
    var models: [Model] = []
    for file in arguments.files {
      let compilation = compileIDL(
        mainFile: file, loader: FileSourceLoader(), includePaths: arguments.includeDirectories + configuration.includeDirectories,
        defines: defines)
      diagnostics += compilation.diagnostics
      if let model = compilation.model { models.append(model) }
    }
    return models.count == arguments.files.count ? models : nil
  }

  private func write(_ files: [SwiftBackEnd.GeneratedFile]) -> Bool {
    guard let output = arguments.output else { return false }
    let isFolder = OutputFile.isDirectory(output) || output.hasSuffix("/")
    if files.count > 1, !isFolder { stop("\(files.count) IDL files need a folder behind -o, and '\(output)' is none") }
    var paths: Set<String> = []
    for file in files {
      let name = file.source.split(separator: "/").last.map(String.init) ?? file.source
      let path = isFolder ? "\(output)\(output.hasSuffix("/") ? "" : "/")\(name).swift" : output
      guard paths.insert(path).inserted else { stop("two IDL files of the name '\(name)' would both become \(path)") }
      do { try OutputFile.write(file.text, to: path) } catch {
        report("idl2swift: error: \(error.message)")
        return false
      }
    }
    return true
  }
}
