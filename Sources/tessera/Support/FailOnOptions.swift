import ArgumentParser
import Broker

/// Which outcomes of items make a command fail.
struct FailOnOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Which outcomes end the command with exit code 4: some of rejected, held, stale, left-out, repeated, with commas between them, or none.",
      valueName: "outcomes"))
  var failOn = FailOn([.rejected, .held, .stale])

  /// How a command ends that counted items; nil where all is in order.
  func verdict(on counts: ReceiptCounts) -> CommandFailure.Exit? {
    let counted: [(FailOn.Outcome, Int)] = [
      (.rejected, counts.rejected), (.held, counts.held), (.stale, counts.stale), (.leftOut, counts.leftOut),
      (.repeated, counts.repeated - counts.stale),
    ]
    return counted.contains { failOn.outcomes.contains($0.0) && $0.1 > 0 } ? .notAll : nil
  }
}

/// Outcomes, as `--fail-on` names them.
struct FailOn: ExplainedArgument {
  enum Outcome: String, CaseIterable, Sendable {
    case rejected, held, stale
    case leftOut = "left-out"
    case repeated
  }

  let outcomes: Set<Outcome>

  init(_ outcomes: Set<Outcome>) { self.outcomes = outcomes }

  init(explaining text: String) throws(ArgumentFault) {
    var outcomes: Set<Outcome> = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) where text != "none" {
      guard let outcome = Outcome(rawValue: String(word)) else {
        throw ArgumentFault(
          "'\(word)' is no outcome; there are: \(Outcome.allCases.map(\.rawValue).joined(separator: ", ")), and none alone")
      }
      outcomes.insert(outcome)
    }
    self.outcomes = outcomes
  }

  var defaultValueDescription: String { Outcome.allCases.filter(outcomes.contains).map(\.rawValue).joined(separator: ",") }
}
