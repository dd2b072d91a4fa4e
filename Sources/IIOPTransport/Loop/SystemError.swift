internal import CPosix

/// An error that the system has returned.
public struct SystemError: Error, Sendable, Hashable {
  /// The `errno`.
  public let code: Int32
  /// What was tried, to be read after "cannot".
  public let action: String

  public init(code: Int32, action: String) {
    self.code = code
    self.action = action
  }

  /// Passes on what a call returned, or throws its error.
  @discardableResult
  static func check(_ result: Int32, _ action: @autoclosure () -> String) throws(SystemError) -> Int32 {
    if result < 0 { throw SystemError(code: -result, action: action()) }
    return result
  }

  /// The system's words for the code.
  public var words: String {
    guard let text = unsafe cposix_error_text(code) else { return "error \(code)" }
    return unsafe String(cString: text)
  }
}

extension SystemError: CustomStringConvertible {
  public var description: String { "cannot \(action): \(words)" }
}
