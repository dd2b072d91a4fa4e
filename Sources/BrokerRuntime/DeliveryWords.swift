public import Broker
import CRMCore

extension DeliveryRow {
  /// What the delivery brings, in words for people: `the order`, `call-off 2`, `change 2 of the order SO-1`.
  private var subject: String {
    let order = callOff == 0 ? "the order" : "call-off \(callOff)"
    return switch action {
    case .create: order
    case .change: "change \(revision) of \(order) \(orderNumber)"
    case .cancel: "the cancellation of \(order) \(orderNumber)"
    }
  }

  /// How the delivery stands, in words for people.
  public var words: String {
    let text = explanation.isEmpty ? "" : " (\(explanation))"
    return switch state {
    case .ready where attempts == 0 || failingSince == nil && !mayBeThere: "\(subject) is about to be sent\(text)"
    case .ready: "\(subject) is tried again after \(attempts) attempts\(text)"
    case .blocked: "\(subject) cannot be sent: \(code)\(text); \(toDo)"
    case .parked: "\(subject) is parked\(text); \(toDo)"
    case .waiting: "\(subject) waits\(text)"
    case .sending: "\(subject) is being sent"
    case .uncertain:
      "nobody knows whether \(subject) was \(action == .create ? "taken" : "carried out")\(text); look it up there and settle it with `tessera contracts settle`"
    case .ordered:
      "ordered as \(orderNumber)\(customerNumber.isEmpty ? "" : ", customer \(customerNumber)")\(progress.map { ", \($0.words)" } ?? "")\(text)"
    case .confirmed: "\(subject) is carried out\(text)"
    case .refused where action == .create: "the order was refused\(text)"
    case .refused: "\(subject) was refused\(text); the order stays as it was"
    case .cancelled where action == .create: "cancelled\(text)"
    case .cancelled: "\(subject) was taken back before it was sent\(text)"
    }
  }

  /// What a person can do about it; empty where it goes on by itself or has come to its end.
  public var toDo: String {
    switch state {
    case .uncertain: "look it up in \(destination) and settle it with `tessera contracts settle`"
    case .parked where mayBeThere:
      "\(destination) may have it: look there and settle it with `tessera contracts settle`, or try again with `tessera deliveries retry \(id) --reason …`"
    case .parked:
      "nothing of it is in \(destination): `tessera deliveries retry \(id) --reason …` sends it, `tessera contracts amend` or `cancel`, or `tessera deliveries withdraw \(id) --reason …` ends it"
    case .blocked:
      "put it right; it is looked at again every minute, or at once with `tessera deliveries retry \(id) --reason …`"
    default: ""
    }
  }

  /// Whether nothing goes on before a person does something.
  public var waitsForPerson: Bool { Self.statesForPeople.contains(state) }

  /// The states of what waits for a person, apart from credit holds.
  public static let statesForPeople: [State] = [.blocked, .uncertain, .parked]
}
