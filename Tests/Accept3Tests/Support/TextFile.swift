import Foundation

/// Small files.
enum TextFile {
  /// The lines of a file, without their ends.
  static func lines(_ path: String) throws -> [String] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  /// Copies a folder with everything in it.
  static func copy(_ folder: String, to other: String) throws { try FileManager.default.copyItem(atPath: folder, toPath: other) }

  static func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: path) }
}
