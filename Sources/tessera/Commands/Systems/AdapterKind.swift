import ArgumentParser

/// What carries a system's calls.
enum AdapterKind: String, ExpressibleByArgument, CaseIterable, Sendable {
  /// It calls us with our IDL.
  case inbound
  /// It sends us XML over HTTP: a partner of the gateway.
  case eai
  /// It implements our `OrderDesk`, and may call us.
  case orderDesk = "order-desk"
  case sampleERP = "sample-erp"
  /// It takes orders as documents of a U8 EAI interface.
  case u8EAI = "u8-eai"

  /// Whether we call it.
  var isCalled: Bool { self != .inbound && self != .eai }

  /// The type of such systems unless another is named.
  var systemType: String {
    switch self {
    case .inbound, .eai, .orderDesk: "canonical"
    case .sampleERP: "sample-erp"
    case .u8EAI: "ufinterface"
    }
  }
}
