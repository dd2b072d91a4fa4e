/// What a command was asked to do cannot be done as asked: a stable code, words that quote the bad value, and what to do.
struct Refusal: Error, Hashable {
  var code: String
  var message: String
  /// What is wrong in a file, one fault after another, each with its line and a mark under the place: lines of their own below the message.
  var details: String
  var hint: String

  init(_ code: String, _ message: String, details: String = "", hint: String = "") {
    self.code = code
    self.message = message
    self.details = details
    self.hint = hint
  }

  /// The message, and below what, in one line.
  var line: String { ([message] + details.split(separator: "\n").map { $0.drop { $0 == " " }.description }).joined(separator: " ") }
}

/// The installation, the disk or another process failed; nothing that was asked is wrong.
struct InfrastructureFailure: Error, Hashable {
  var code: String
  var message: String
  var hint: String

  init(_ code: String, _ message: String, hint: String = "") {
    self.code = code
    self.message = message
    self.hint = hint
  }
}
