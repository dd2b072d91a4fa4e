import BrokerRuntime
import EAIChannel
import XMLStream

/// The root of an answer, or the failure that it is.
enum AnswerDocument {
  /// Reads an answer within bounds: a return has one item, a query's answer few orders.
  static let limits = XMLLimits(documentBytes: 4 << 20, depth: 16, distinctNames: 2_000, textBytes: 64 << 10, issues: 5)

  /// The root of a `ufinterface` document.
  ///
  /// An interface answers business errors with the status 200 and what is malformed with 500, and some put a page of words there: a
  /// status alone is believed only where it says that the request was not looked at.
  ///
  /// - Throws: `AdapterFailure`.
  static func root(of answer: ChannelAnswer) throws -> XMLElement {
    do {
      let root = try XMLDocument(parsing: answer.body, file: "answer", limits: limits).root
      if root.name.local == "ufinterface" { return root }
      if answer.status < 300 { throw notUnderstood(answer, "it is a <\(root.name.local.prefix(40))>, no ufinterface document") }
    } catch let issues as XMLIssues {
      if answer.status < 300 { throw notUnderstood(answer, issues.issues.first?.message ?? "it is no XML") }
    }
    throw failure(of: answer)
  }

  /// What a status without an answer says of the request.
  private static func failure(of answer: ChannelAnswer) -> AdapterFailure {
    let status = answer.status
    switch status {
    case 307, 308:
      return AdapterFailure(
        .notExecuted, code: "REDIRECTED", message: "the interface answered \(status): it is now at \(quoted(answer.location))",
        hint: "nothing is sent to another address; add the system anew with it")
    case 300..<400:
      return AdapterFailure(
        .unknown, code: "REDIRECTED", message: "the interface answered \(status) and points at \(quoted(answer.location))",
        hint: "nothing is sent to another address; correct the reference of the system")
    case 400...405, 407, 408, 411, 413...415, 421, 426, 429, 431:
      return AdapterFailure(
        .notExecuted, code: "HTTP_\(status)", message: "the interface did not take the request: \(status) \(excerpt(answer.body))",
        hint: "are the path and the rights of the reference right?")
    default:
      return AdapterFailure(
        .unknown, code: "HTTP_\(status)", message: "the interface failed: \(status) \(excerpt(answer.body))",
        hint: "look in U8 whether the order is there")
    }
  }

  /// An answer that says nothing that we understand: the order may be there.
  static func notUnderstood(_ answer: ChannelAnswer, _ why: String) -> AdapterFailure {
    AdapterFailure(
      .unknown, code: "ANSWER_NOT_UNDERSTOOD", message: "the interface answered \(answer.status) with \(answer.body.count) octets: \(why)",
      hint: excerpt(answer.body))
  }

  /// The beginning of an answer, made safe to print.
  private static func excerpt(_ body: [UInt8]) -> String { quoted(String(decoding: body.prefix(160), as: UTF8.self)) }

  private static func quoted(_ text: String) -> String {
    let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
    return line.isEmpty ? "nothing" : "\"\(line.prefix(160))\""
  }
}
