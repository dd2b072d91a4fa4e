/// Writes Swift for checked models, one file for each; all files together belong to one Swift module.
public struct SwiftBackEnd: Sendable {
  /// The Swift text for one IDL file.
  public struct GeneratedFile: Hashable, Sendable {
    /// The path of the IDL file.
    public let source: String
    /// What to write.
    public let text: String

    /// A text for a file.
    public init(source: String, text: String) {
      self.source = source
      self.text = text
    }
  }

  public let options: SwiftOptions

  public init(options: SwiftOptions = SwiftOptions()) { self.options = options }

  /// Generates the code of one Swift module.
  ///
  /// The `enum` of an IDL module is written into the first file that opens it, so the order of the models matters and must be stable.
  ///
  /// - Parameter canonicalPath: gives all paths of one file the same form, for files that are both given and included.
  /// - Returns: the files in the order of the models, and what is wrong; with an error among the diagnostics the texts are of no use.
  public func generate(
    _ models: [Model], canonicalPath: (String) -> String = { $0 }
  ) -> (files: [GeneratedFile], diagnostics: [Diagnostic]) {
    let given = Set(models.map { canonicalPath($0.mainFile.path) })
    let files = Set(models.flatMap(\.files).map(\.path))
    let localFiles = files.filter { given.contains(canonicalPath($0)) }
    var diagnostics = SwiftDiagnostics()
    var modules: Set<[String]> = []
    var aliases: Set<String> = []
    var generated: [GeneratedFile] = []
    for model in models {
      let writer = FileWriter(model, options: options, localFiles: localFiles, diagnostics: diagnostics)
      generated.append(GeneratedFile(source: model.mainFile.path, text: writer.write(modules: &modules, aliases: &aliases)))
      diagnostics = writer.diagnostics
    }
    return (generated, diagnostics.all)
  }
}
