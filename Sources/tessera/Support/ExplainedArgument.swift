import ArgumentParser
import Identity
import Synchronization

/// An argument that says why a text is none.
protocol ExplainedArgument: ExpressibleByArgument, Sendable {
  /// - Throws: ``ArgumentFault`` with what is wrong with the text, in one sentence that quotes it.
  init(explaining text: String) throws(ArgumentFault)
}

/// Why a text is no such argument.
struct ArgumentFault: Error, Hashable {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  /// The reason of the argument that was refused last: ArgumentParser learns that there is no value, and not why.
  private static let last = Mutex<String?>(nil)

  static func keep(_ fault: ArgumentFault) { last.withLock { $0 = fault.reason } }

  static var lastReason: String? { last.withLock { $0 } }
}

extension ExplainedArgument {
  init?(argument: String) {
    do { try self.init(explaining: argument) } catch {
      ArgumentFault.keep(error)
      return nil
    }
  }
}

extension ArgumentFault {
  /// The parts of a text between colons.
  ///
  /// - Parameter form: how it is written, with an example.
  static func parts(of text: String, _ count: ClosedRange<Int>, form: String) throws(ArgumentFault) -> [String] {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    if count.contains(parts.count) { return parts }
    throw ArgumentFault(
      "'\(VisibleText.beginning(text, scalars: 100))' has \(parts.count == 1 ? "1 part" : "\(parts.count) parts") between colons; it is written \(form)"
    )
  }

  /// A decimal number in a part of a text.
  static func number<Number>(_ part: String, _ what: String, of text: String, digits: String, _ read: (String) -> Number?)
    throws(ArgumentFault) -> Number
  {
    if let number = read(part) { return number }
    let text = VisibleText.beginning(text, scalars: 100)
    let part = VisibleText.beginning(part, scalars: 100)
    let words = part.isEmpty ? "nothing" : "'\(part)'"
    let mark = part.contains(",") ? "; a point stands before the decimals, and no mark between groups" : ""
    throw ArgumentFault("\(words) in '\(text)' is no \(what): it takes \(digits)\(mark)")
  }
}
