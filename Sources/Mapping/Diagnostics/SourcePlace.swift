import Identity

/// A place in a file that people write: a mapping, a value map, a test.
public struct SourcePlace: Sendable, Hashable {
  /// The file as it was named; empty for none.
  public let file: String
  /// From 1; 0 where no place is known.
  public let line: Int
  /// In Unicode scalars, from 1; 0 where no place is known.
  public let column: Int

  public init(file: String = "", line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// No place at all.
  public static let unknown = SourcePlace(line: 0, column: 0)
}

extension SourcePlace: CustomStringConvertible, Comparable {
  /// `file:line:column`, as far as known.
  public var description: String {
    // A file's name may hold anything but a slash, such as the end of a line.
    let file = VisibleText.line(file)
    return line > 0 ? "\(file.isEmpty ? "" : file + ":")\(line):\(column)" : file
  }

  public static func < (left: SourcePlace, right: SourcePlace) -> Bool {
    (left.file, left.line, left.column) < (right.file, right.line, right.column)
  }
}

/// Text that somebody wrote at a place: an attribute's value.
public struct SourceText: Sendable {
  public let text: String
  /// Where the text begins.
  public let place: SourcePlace
  private let locate: @Sendable (Int) -> SourcePlace

  /// - Parameter locate: The place of the character at so many octets of the text's UTF-8; without it, columns count from `place`.
  public init(_ text: String, at place: SourcePlace = .unknown, locate: (@Sendable (Int) -> SourcePlace)? = nil) {
    self.text = text
    self.place = place
    self.locate =
      locate ?? { offset in
        guard place.line > 0 else { return place }
        let scalars = String(decoding: text.utf8.prefix(offset), as: UTF8.self).unicodeScalars.count
        return SourcePlace(file: place.file, line: place.line, column: place.column + scalars)
      }
  }

  /// The place of the character at so many octets of the text's UTF-8.
  public func place(utf8Offset: Int) -> SourcePlace { locate(utf8Offset) }
}
