import Identity
import Logging

/// Writes the log: one line for each event, whatever stands in it.
///
/// Much of it comes from outside, some of it from strangers. So it is spelled out as ``/Identity/VisibleText`` says; a value that is more
/// than a word stands in quotes, so that nobody can make it look like further values; and long values are cut.
struct ServeLog: LogHandler {
  private var handler: StreamLogHandler

  /// Characters of one value, and of a message.
  private static let longest = 2_000

  init(label: String) { handler = .standardError(label: label) }

  var logLevel: Logger.Level {
    get { handler.logLevel }
    set { handler.logLevel = newValue }
  }

  var metadataProvider: Logger.MetadataProvider? {
    get { handler.metadataProvider }
    set { handler.metadataProvider = newValue }
  }

  var metadata: Logger.Metadata {
    get { handler.metadata }
    set { handler.metadata = Self.visible(newValue) }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { handler[metadataKey: key] }
    set { handler[metadataKey: key] = newValue.map(Self.visible) }
  }

  func log(event: LogEvent) {
    var event = event
    event.message = "\(Self.line(event.message.description))"
    event.metadata = event.metadata.map(Self.visible)
    if let error = event.error {
      event.error = nil
      event.metadata = (event.metadata ?? [:]).merging(["error": Self.visible("\(error)")]) { $1 }
    }
    handler.log(event: event)
  }

  private static func visible(_ metadata: Logger.Metadata) -> Logger.Metadata { metadata.mapValues(visible) }

  private static func visible(_ value: Logger.MetadataValue) -> Logger.MetadataValue { .string(word(value.description)) }

  private static func line(_ text: String) -> String { VisibleText.line(VisibleText.beginning(text, scalars: longest)) }

  /// The value as it stands in a line: as it is where it is one word.
  static func word(_ text: String) -> String {
    // Nearly all are: every request has such a value, logged or not.
    let isPlain = text.utf8.count <= longest && text.utf8.allSatisfy { (0x21..<0x7F).contains($0) && $0 != 0x22 && $0 != 0x3D }
    if isPlain, !text.isEmpty { return text }
    let line = line(text)
    let isWord = !line.isEmpty && !line.unicodeScalars.contains { $0 == "\"" || $0 == "=" || $0.properties.isWhitespace }
    if isWord { return line }
    return "\"\(line.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\""))\""
  }
}
