/// What a command was asked to do cannot be done as asked: a stable code, words that quote the bad value, and what to do.
struct Refusal: Error, Hashable {
  var code: String
  var message: String
  var hint: String

  init(_ code: String, _ message: String, hint: String = "") {
    self.code = code
    self.message = message
    self.hint = hint
  }
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
