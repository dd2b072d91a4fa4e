/// How files are found and opened.
extension Preprocessor {
  /// Carries out `#include` after the word was read.
  func include(at location: SourceLocation) {
    let top = frames.count - 1
    guard let header = frames[top].scanner.headerName() else {
      frames[top].scanner.skipLine()
      return diagnostics.error(.malformedDirective, "expected \"file\" or <file> after #include", at: location)
    }
    frames[top].scanner.skipLine()
    guard frames.count < limits.includeDepth else {
      return diagnostics.stop(
        .includeTooDeep, "'\(header.name)' is included more than \(limits.includeDepth) files deep", at: location)
    }
    inclusions += 1
    guard inclusions < limits.inclusions else {
      return diagnostics.stop(.tooManyFiles, "more than \(limits.inclusions) files are included", at: location)
    }
    let own = SourcePath.folder(of: frames[top].scanner.path)
    let folders = (header.isQuoted ? [own] : []) + includePaths
    for folder in folders {
      let path = SourcePath.join(folder, header.name)
      if filesToIncludeOnce.contains(path) { return note(inclusionOf: path) }
      guard let source = load(path, named: nil, at: location) else {
        if diagnostics.isStopped { return }
        continue
      }
      note(inclusionOf: path)
      frames.append(Frame(scanner: Scanner(source, path: path, diagnostics: diagnostics, limits: limits)))
      return deliver(Marker.enterFile(path))
    }
    let searched = folders.map { $0.isEmpty ? "." : $0 }.joined(separator: ", ")
    diagnostics.error(
      .missingFile, "cannot find '\(header.name)'", at: location,
      hint: folders.isEmpty ? "no include path was given" : "searched in: \(searched)")
  }

  /// Records that the current file includes another.
  private func note(inclusionOf path: String) {
    if !files.contains(where: { $0.path == path }) { files.append(SourceFile(path: path, isMain: false, includes: [])) }
    let current = frames[frames.count - 1].scanner.path
    if let index = files.firstIndex(where: { $0.path == current }), !files[index].includes.contains(path) {
      files[index].includes.append(path)
    }
  }

  /// Reads a file.
  ///
  /// - Parameter name: The name to report when the file is missing; nil when another place may have it.
  func load(_ path: String, named name: String?, at location: SourceLocation) -> CleanSource? {
    switch loader.load(path: path, limit: limits.fileBytes) {
    case .bytes(let bytes): return CleanSource(bytes)
    case .missing:
      if let name { diagnostics.error(.missingFile, "cannot find '\(name)'", at: location) }
    case .tooLarge: diagnostics.stop(.fileTooLarge, "'\(path)' is larger than \(limits.fileBytes >> 20) MiB", at: location)
    case .unreadable(let reason): diagnostics.stop(.unreadableFile, "cannot read '\(path)': \(reason)", at: location)
    }
    return nil
  }
}
