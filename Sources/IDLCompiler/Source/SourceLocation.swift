/// A place in a source file.
public struct SourceLocation: Hashable, Sendable, CustomStringConvertible {
  /// The path as the loader resolved it.
  public let file: String
  /// Counted from 1.
  public let line: Int
  /// Counted from 1 in Unicode scalars; a tab counts as one.
  public let column: Int

  /// Creates a location.
  public init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `file:line:column`.
  public var description: String { "\(file):\(line):\(column)" }
}
