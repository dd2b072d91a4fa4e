import Broker
import CDR
import CRMCore
import Identity

// Rows for tests: what a test does not say is of no meaning to it.

extension CommonID {
  static func number(_ number: Int) -> CommonID { CommonID(high: 0x0190_0000_0000_7000, low: 0x8000_0000_0000_0000 | UInt64(number)) }
}

extension LinkKey {
  static func product(_ id: String, of system: String = "erp") -> LinkKey {
    LinkKey(entity: "Product", system: system, id: ForeignID(id))
  }
}

extension Link {
  static func test(_ key: LinkKey, _ thing: Int, from time: Int64 = 1) -> Link {
    Link(key: key, common: .number(thing), validFrom: time, who: "broker", why: "message 1")
  }
}

extension MessageRow {
  static func test(_ sequence: Int64, id: String, system: String = "erp", body: [UInt8] = [1, 0, 255]) -> MessageRow {
    MessageRow(
      sequence: sequence, system: system, messageID: id, operation: "pushProducts", digest: [UInt8](repeating: 7, count: 32), body: body,
      format: WireFormat(byteOrder: .bigEndian, version: .giop10, characterCodeSet: .latin1), alignedAt: 12,
      receivedAt: 1_700_000_000_000_000,
      itemCount: 2, outcome: "partial", receipt: [9, 8])
  }
}

extension ItemRow {
  static func test(_ message: Int64, _ number: Int, outcome: ItemOutcome = .applied) -> ItemRow {
    ItemRow(message: message, number: number, entity: "Product", key: "ITEM-\(number)", outcome: outcome)
  }
}

extension ObjectRow {
  static func test(_ id: String, _ thing: Int, code: String = "", name: String = "", entity: String = "Product") -> ObjectRow {
    ObjectRow(
      entity: entity, id: id, common: .number(thing), code: code, name: name, status: "active", body: [0, 1, 2, 255], changedAt: 5,
      changedBy: "erp")
  }
}

extension HeldRow {
  static func test(
    _ id: Int64, key: LinkKey = .product("ITEM-1"), waitingFor causes: [Cause] = [], state: State = .waiting
  ) -> HeldRow {
    HeldRow(
      id: id, message: 1, item: 1, key: key, version: 3, sourceType: "Product", source: [1, 2, 3], code: "UNKNOWN_ID", explanation: "why",
      causes: causes, state: state, since: 10, changedAt: 10)
  }
}

extension DeliveryRow {
  static func test(
    _ id: Int64, contract: String = "V-000001", state: State = .ready, waitingFor: LinkKey? = nil, at time: Int64 = 100
  ) -> DeliveryRow {
    DeliveryRow(
      id: id, destination: "erp", contract: contract, party: .number(1), correlationKey: "key-\(id)", customerKey: "customer-1",
      state: state,
      waitingFor: waitingFor, attempts: 2, nextAttemptAt: time, createdAt: 1, changedAt: 2, order: [4, 5], orderNumber: "SO-\(id)",
      customerNumber: "D-1", code: "C", explanation: "E", lines: [6], progress: .shipped, orderStatus: "S-\(id)",
      action: id % 2 == 0 ? .change : .create, revision: id % 2 == 0 ? 2 : 1, original: id % 2 == 0 ? id - 1 : nil, callOff: 3,
      amendment: [7, UInt8(truncatingIfNeeded: id)], mayBeThere: id % 2 == 0, failures: Int(id), failingSince: id % 2 == 0 ? nil : id)
  }
}

extension SystemRow {
  static func test(_ name: String) -> SystemRow {
    SystemRow(
      name: name, type: "canonical", adapter: "inbound", secretHash: "pbkdf2$1", reference: "IOR:00", guarantee: .strongProbe,
      takesOrders: true, state: .active, createdAt: 1, changedAt: 2)
  }
}
