/// The answer of the front end.
public struct Compilation: Sendable {
  /// The checked declarations; nil exactly when a diagnostic is an error.
  public let model: Model?

  /// All errors and warnings in reading order.
  public let diagnostics: [Diagnostic]
}

/// Reads an IDL file with all that it includes, and checks it.
///
/// - Parameters:
///   - mainFile: The path of the file, as the loader knows it.
///   - loader: Gives the text of files.
///   - includePaths: Where `#include` looks, after the folder of the including file for names in quotes.
///   - defines: Macros that are defined from the start, as `NAME` or `NAME=VALUE`.
/// - Returns: The model and what there is to say. Nothing is thrown: all errors are diagnostics.
public func compileIDL(
  mainFile: String, loader: some SourceLoader, includePaths: [String] = [], defines: [String] = []
) -> Compilation {
  compileIDL(mainFile: mainFile, loader: loader, includePaths: includePaths, defines: defines, limits: CompilerLimits())
}

/// The same with other limits, for tests.
func compileIDL(
  mainFile: String, loader: some SourceLoader, includePaths: [String] = [], defines: [String] = [], limits: CompilerLimits
) -> Compilation {
  let diagnostics = DiagnosticCollector(errorLimit: limits.errors)
  let preprocessor = Preprocessor(
    mainFile: mainFile, loader: loader, includePaths: includePaths, defines: defines, diagnostics: diagnostics, limits: limits)
  let definitions = Parser(preprocessor).parseFile()
  let model = Analyzer(mainFile: mainFile, diagnostics: diagnostics, limits: limits).analyze(definitions, files: preprocessor.files)
  return Compilation(
    model: diagnostics.errorCount == 0 ? model : nil, diagnostics: diagnostics.sorted(filesInOrder: preprocessor.files.map(\.path)))
}
