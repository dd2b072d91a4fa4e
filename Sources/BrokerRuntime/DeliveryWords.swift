public import Broker
import CRMCore

extension DeliveryRow {
  /// What the delivery brings, in words for people: `the order`, `change 2 of the order`.
  private var subject: String {
    switch action {
    case .create: "the order"
    case .change: "change \(revision) of the order \(orderNumber)"
    case .cancel: "the cancellation of the order \(orderNumber)"
    }
  }

  /// How the delivery stands, in words for people.
  public var words: String {
    let text = explanation.isEmpty ? "" : " (\(explanation))"
    return switch state {
    case .ready where attempts == 0: code.isEmpty ? "\(subject) is about to be sent" : "\(subject) cannot be sent yet: \(code)\(text)"
    case .ready: "\(subject) is tried again after \(attempts) attempts\(text)"
    case .waiting: "\(subject) waits\(text)"
    case .sending: "\(subject) is being sent"
    case .uncertain:
      "nobody knows whether \(subject) was taken\(text); look it up there and settle it with `tessera contracts settle`"
    case .ordered:
      "ordered as \(orderNumber)\(customerNumber.isEmpty ? "" : ", customer \(customerNumber)")\(progress.map { ", \($0.words)" } ?? "")\(text)"
    case .confirmed: "\(subject) is carried out\(text)"
    case .refused where action == .create: "the order was refused\(text)"
    case .refused: "\(subject) was refused\(text); the order stays as it was"
    case .cancelled where action == .create: "cancelled\(text)"
    case .cancelled: "\(subject) was taken back before it was sent\(text)"
    }
  }
}
