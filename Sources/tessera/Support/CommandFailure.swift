import ArgumentParser
import Broker
import BrokerRuntime
import Identity
import InterchangeIDL
import StoreAPI

/// How a command ended that did not do what it was asked to, as people and scripts see it.
struct CommandFailure {
  /// The exit codes of every command; 0 is: done.
  enum Exit: Int32 {
    /// Refused, in words with a stable code.
    case refused = 1
    /// The command line is wrong.
    case commandLine = 2
    /// The installation, the disk or another process failed.
    case infrastructure = 3
    /// Items were taken, and others of them rejected, held or stale; `--fail-on` says which of these count.
    case notAll = 4
  }

  var exit: Exit
  var code: String
  var message: String
  /// Lines below the message.
  var details: String
  var hint: String

  init(_ error: any Error) {
    switch error {
    case let error as Refusal: self.init(.refused, error.code, error.message, details: error.details, error.hint)
    case let error as ContractRefusal: self.init(.refused, error.code, error.explanation)
    case let error as LinkConflict: self.init(.refused, error.code, error.explanation, Self.remedy(of: error))
    case let error as CanonicalForm.Fault: self.init(.refused, error.code, error.explanation)
    case let error as Interchange.V1.MessageConflict: self.init(.refused, "MESSAGE_CONFLICT", error.explanation)
    case let error as InfrastructureFailure: self.init(.infrastructure, error.code, error.message, error.hint)
    case let error as FormsChanged: self.init(.infrastructure, FormsChanged.code, error.description, "run the command again")
    case let error as MappingMissing: self.init(.infrastructure, error.code, error.description)
    case let error as StoreError: self.init(.infrastructure, error.code.rawValue, error.message, error.hint)
    case is ValidationError: self.init(.commandLine, "COMMAND_LINE", Tessera.message(for: error))
    default: self.init(.infrastructure, "UNEXPECTED", String(describing: error))
    }
  }

  private init(_ exit: Exit, _ code: String, _ message: String, details: String = "", _ hint: String = "") {
    self.exit = exit
    self.code = code
    self.message = message
    self.details = details
    self.hint = hint
  }

  private static func remedy(of conflict: LinkConflict) -> String {
    switch conflict {
    case .alreadyLinked, .differentThings: "`tessera identity link … --replace` ends what stands against it"
    default: ""
    }
  }

  var json: JSON {
    ["error": ["code": .string(code), "message": .string(details.isEmpty ? message : "\(message)\n\(details)"), "hint": .optional(hint)]]
  }

  /// `tessera: CODE: message`, and the hint on a line of its own.
  var text: String {
    ([Terminal.visible("tessera: \(code): \(message)")] + details.split(separator: "\n").map { Terminal.visible(String($0)) })
      .map { $0 + "\n" }.joined() + (hint.isEmpty ? "" : "  hint: \(Terminal.visible(hint))\n")
  }
}
