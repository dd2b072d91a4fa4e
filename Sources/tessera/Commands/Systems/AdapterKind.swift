import ArgumentParser

/// What carries a system's calls.
enum AdapterKind: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// It calls us with our IDL.
  case inbound
  /// It implements our `OrderDesk`, and may call us.
  case orderDesk = "order-desk"
  case sampleERP = "sample-erp"

  /// Whether we call it.
  var isCalled: Bool { self != .inbound }

  /// The type of such systems unless another is named.
  var systemType: String {
    switch self {
    case .inbound, .orderDesk: "canonical"
    case .sampleERP: "sample-erp"
    }
  }
}
