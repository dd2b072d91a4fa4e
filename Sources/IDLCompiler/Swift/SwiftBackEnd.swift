/// Writes Swift for checked models, one file for each; all files together belong to one Swift module.
public struct SwiftBackEnd: Sendable {
  /// The Swift text for one IDL file.
  public struct GeneratedFile: Hashable, Sendable {
    /// The path of the IDL file.
    public let source: String
    /// What to write.
    public let text: String
  }

  public let options: SwiftOptions

  public init(options: SwiftOptions = SwiftOptions()) { self.options = options }

  /// Generates the code of one Swift module.
  ///
  /// The `enum` of an IDL module is written into the first file that opens it, so the order of the models matters and must be stable.
  ///
  /// - Returns: the files in the order of the models, and what is wrong; with an error among the diagnostics the texts are of no use.
  public func generate(_ models: [Model]) -> (files: [GeneratedFile], diagnostics: [Diagnostic]) {
    let localFiles = Set(models.map(\.mainFile.path))
    var diagnostics = SwiftDiagnostics()
    var modules: Set<[String]> = []
    var aliases: Set<String> = []
    var files: [GeneratedFile] = []
    for model in models {
      let writer = FileWriter(model, options: options, localFiles: localFiles, diagnostics: diagnostics)
      files.append(GeneratedFile(source: model.mainFile.path, text: writer.write(modules: &modules, aliases: &aliases)))
      diagnostics = writer.diagnostics
    }
    return (files, diagnostics.all)
  }
}
