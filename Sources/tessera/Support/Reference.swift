import Broker
import BrokerRuntime
import GIOPCore
import U8EAIChannel

/// References to objects of other processes, as people write them.
enum Reference {
  /// The text of a reference that is kept from now on.
  ///
  /// - Parameter text: `IOR:…`, `corbaloc:…`, or `@` and a file with one of them.
  /// - Throws: ``Refusal`` where it is none of them.
  static func pinned(_ text: String) throws -> String {
    let reference =
      text.hasPrefix("@")
      ? String(decoding: try Files.read(String(text.dropFirst()), limit: StringifiedReference.maximumLength), as: UTF8.self) : text
    let trimmed = String(reference.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    do throws(ReferenceTextError) { _ = try StringifiedReference(trimmed) } catch {
      let shown = trimmed.count > 60 ? trimmed.prefix(60) + "…" : trimmed
      throw Refusal(
        "REFERENCE_INVALID", "\"\(shown)\" is no object reference: \(error)",
        hint: "write IOR:…, corbaloc:iiop:HOST:PORT/KEY, or @FILE with one of them inside")
    }
    return trimmed
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
