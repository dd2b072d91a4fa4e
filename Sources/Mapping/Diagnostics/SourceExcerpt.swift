import Identity

/// A line of a file as a person sees it, with a caret below the place that is meant.
///
/// A file may come from outside, and be one line of megabytes: so the line is cut around the place, and spelled out as ``/Identity/VisibleText``
/// says.
public struct SourceExcerpt: Sendable, Hashable {
  /// Characters that are shown on either side of the place.
  private static let width = 160

  /// The part of the line.
  public let text: String
  /// What stands before the caret, as wide as the text before the place.
  private let indentation: String

  /// Cuts a line around a column; nil where either is not known.
  ///
  /// - Parameter column: in Unicode scalars, from 1.
  public init?(_ line: Substring?, column: Int) {
    guard let line, column > 0 else { return nil }
    let scalars = line.unicodeScalars
    let place = scalars.index(scalars.startIndex, offsetBy: column - 1, limitedBy: scalars.endIndex) ?? scalars.endIndex
    let start = scalars.index(place, offsetBy: -Self.width, limitedBy: scalars.startIndex) ?? scalars.startIndex
    let end = scalars.index(place, offsetBy: Self.width, limitedBy: scalars.endIndex) ?? scalars.endIndex
    let before = (start == scalars.startIndex ? "" : "… ") + Self.spelled(line[start..<place])
    text = before + Self.spelled(line[place..<end]) + (end == scalars.endIndex ? "" : " …")
    // Tabs stay tabs in the line of the caret, so that it stands below its column however wide they are shown.
    indentation = before.unicodeScalars.map { $0 == "\t" ? "\t" : " " }.joined()
  }

  /// The line, and below it the caret.
  public var lines: String { "\(text)\n  \(indentation)^" }

  private static func spelled(_ part: Substring) -> String {
    part.split(separator: "\t", omittingEmptySubsequences: false).map { VisibleText.line(String($0)) }.joined(separator: "\t")
  }
}
