/// Paths as text; the compiler never asks the file system what they mean.
enum SourcePath {
  /// The folder of a path with the slash, empty for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return String(path[...slash])
  }

  /// Appends a name to a folder, and takes out `.` and `name/..` so that one file has one path.
  static func join(_ folder: String, _ name: String) -> String {
    let whole = name.hasPrefix("/") || folder.isEmpty ? name : folder + (folder.hasSuffix("/") ? "" : "/") + name
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (whole.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
