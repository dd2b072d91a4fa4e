import Broker
import BrokerRuntime
import GIOPCore
import U8EAIChannel

/// References to objects of other processes, as people write them.
enum Reference {
  /// The text of a reference that is kept from now on.
  ///
  /// - Parameters:
  ///   - text: `IOR:…`, `corbaloc:…`, or `@` and a file with one of them.
  ///   - codeSet: what its server takes, where the operator says so; the reference says it then.
  /// - Throws: ``Refusal`` where it is none of them.
  static func pinned(_ text: String, codeSet: PeerCodeSet? = nil) throws -> String {
    let reference =
      text.hasPrefix("@")
      ? String(decoding: try Files.read(String(text.dropFirst()), limit: StringifiedReference.maximumLength), as: UTF8.self) : text
    let trimmed = String(reference.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    do {
      let known = try StringifiedReference(trimmed)
      if let codeSet { return try declaring(codeSet, known, trimmed) }
    } catch let error as ReferenceTextError {
      let shown = trimmed.count > 60 ? trimmed.prefix(60) + "…" : trimmed
      throw Refusal(
        "REFERENCE_INVALID", "\"\(shown)\" is no object reference: \(error)",
        hint: "write IOR:…, corbaloc:iiop:HOST:PORT/KEY, or @FILE with one of them inside")
    }
    return trimmed
  }

  private static func declaring(_ codeSet: PeerCodeSet, _ reference: StringifiedReference, _ text: String) throws -> String {
    if case .reference(let ior) = reference, let declared = ior.declaring(codeSet.id) { return declared.stringified }
    throw Refusal(
      "CODE_SET_NOT_POSSIBLE", "\"\(text.prefix(60))\" is of IIOP 1.0, which knows no code sets",
      hint: "write the version in front of the host where the system takes it: corbaloc:iiop:1.2@HOST:PORT/KEY")
  }

  /// The text of a reference to a U8 EAI interface that is kept from now on.
  ///
  /// - Throws: ``Refusal`` where it is none, or does not let the interface keep what is promised of it.
  static func ofU8EAI(_ text: String, _ guarantee: CreateGuarantee) throws -> String {
    do {
      let channel = try U8EAIChannel(reference: text)
      if guarantee == .strongProbe, !channel.answersQueries {
        throw Refusal(
          "GUARANTEE_UNFOUNDED", "strong-probe promises that orders can be asked for by our key; the reference names no column for that",
          hint: "add &query=COLUMN behind the URL, or take --guarantee none")
      }
    } catch let failure as AdapterFailure {
      throw Refusal("REFERENCE_INVALID", failure.message, hint: failure.hint)
    }
    return text
  }
}

/// In which code set a system that we call reads and writes text, where its reference does not say it.
enum PeerCodeSet: String, CaseIterable, Sendable {
  case utf8 = "utf-8"
  case latin1 = "iso-8859-1"

  var id: CodeSetID { self == .utf8 ? .utf8 : .latin1 }
}
