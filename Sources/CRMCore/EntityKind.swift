public import CDR
public import Identity
import InterchangeIDL

/// A kind of object in the CRM core: its canonical type, and which of its fields the broker looks at.
///
/// A class, since every item of a batch carries its kind about: a reference costs less than its fields.
public final class EntityKind: Sendable {
  /// As links and mapping files name it.
  public let name: String
  /// The letter of the CRM core's own ids: `P` makes P-000123.
  public let idLetter: String
  public let type: RecordType
  /// Fields whose values recognise a thing that another system brings.
  public let matchFields: [String]
  private let matchSlots: [Int]
  public let idSlot: Int
  public let changedAtSlot: Int
  public let versionSlot: Int
  public let statusSlot: Int
  public let codeSlot: Int?
  public let nameSlot: Int?
  /// Where it stands when the object was true, for kinds whose order follows it alone: out-of-order news of these are stale.
  private let timeSlot: Int?
  /// Every field that says when something was so, ``timeSlot`` first where there is one.
  private let timeSlots: [Int]
  /// Which fields hold amounts of money.
  let amounts: AmountFields
  /// The sequence that numbers the kind.
  public let counter: String

  /// - Parameter time: the field that says when the object was true, for kinds whose order follows it alone.
  init(
    _ name: String, idLetter: String, type: RecordType, code: String? = "code", named: String? = "name", matchFields: [String] = [],
    time: String? = nil
  ) {
    func slot(_ field: String) -> Int {
      guard let slot = type.slot(of: field) else { preconditionFailure("\(type.name) has no field \(field)") }
      return slot
    }
    self.name = name
    self.idLetter = idLetter
    self.type = type
    self.matchFields = matchFields
    idSlot = slot("id")
    changedAtSlot = slot("changedAt")
    versionSlot = slot("sourceVersion")
    statusSlot = slot("status")
    codeSlot = code.map(slot)
    nameSlot = named.map(slot)
    counter = "crm.\(name)"
    let timeSlot = time.map(slot)
    self.timeSlot = timeSlot
    let times = type.fields.indices.filter { Self.isTime(type.fields[$0].type) }
    timeSlots = (timeSlot.map { [$0] } ?? []) + times.filter { $0 != timeSlot }
    matchSlots = matchFields.map(slot)
    amounts = AmountFields(type)
    // Fingerprints leave these out by their place.
    precondition((idSlot, changedAtSlot, versionSlot) == (0, 1, 2), "\(type.name) does not begin with id, changedAt and sourceVersion")
  }

  public static let unit = EntityKind("Unit", idLetter: "U", type: Interchange.V1.Unit.recordType, matchFields: ["code"])
  public static let category = EntityKind("Category", idLetter: "K", type: Interchange.V1.Category.recordType, matchFields: ["code"])
  public static let product = EntityKind("Product", idLetter: "P", type: Interchange.V1.Product.recordType, matchFields: ["code"])
  public static let party = EntityKind(
    "Party", idLetter: "C", type: Interchange.V1.Party.recordType, code: "taxId", matchFields: ["taxId"])
  public static let contact = EntityKind(
    "Contact", idLetter: "N", type: Interchange.V1.Contact.recordType, code: "email", matchFields: ["email"])
  public static let contract = EntityKind(
    "Contract", idLetter: "V", type: Interchange.V1.Contract.recordType, code: "number", named: nil, matchFields: ["number"])
  public static let order = EntityKind("Order", idLetter: "O", type: Interchange.V1.Order.recordType, code: "number", named: nil)

  public static let creditTerms = EntityKind(
    "CreditTerms", idLetter: "T", type: Interchange.V1.CreditTerms.recordType, code: "creditArea", named: nil)
  public static let receivable = EntityKind(
    "Receivable", idLetter: "R", type: Interchange.V1.Receivable.recordType, code: "document", named: nil)

  public static let customerProduct = EntityKind("CustomerProduct", idLetter: "M", type: Interchange.V1.CustomerProduct.recordType)

  public static let orderStatus = EntityKind(
    "OrderStatus", idLetter: "S", type: Interchange.V1.OrderStatus.recordType, code: "number", named: nil)

  public static let orderResponse = EntityKind(
    "OrderResponse", idLetter: "W", type: Interchange.V1.OrderResponse.recordType, code: "orderNumber", named: nil)

  public static let priceList = EntityKind("PriceList", idLetter: "L", type: Interchange.V1.PriceList.recordType)
  public static let priceLine = EntityKind(
    "PriceLine", idLetter: "E", type: Interchange.V1.PriceLine.recordType, code: nil, named: nil)
  public static let availability = EntityKind(
    "Availability", idLetter: "A", type: Interchange.V1.Availability.recordType, code: "site", named: "siteName", time: "asOf")

  public static let all = [
    unit, category, product, party, contact, contract, order, creditTerms, receivable, customerProduct, orderStatus, orderResponse,
    priceList, priceLine,
    availability,
  ]
  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  public static func named(_ name: String) -> EntityKind? { byName[name] }

  /// The CRM core's id with that number: P-000123.
  public func id(number: Int64) -> String {
    let letter = idLetter.utf8.first!
    var (rest, count) = (number.magnitude, 6)
    while rest >= 1_000_000 {
      rest /= 10
      count += 1
    }
    return String(unsafeUninitializedCapacity: count + 2) { octets in
      (octets[0], octets[1]) = (letter, UInt8(ascii: "-"))
      var digits = number.magnitude
      for place in stride(from: count + 1, to: 1, by: -1) {
        octets[place] = UInt8(ascii: "0") + UInt8(digits % 10)
        digits /= 10
      }
      return count + 2
    }
  }

  /// The field that orders the states of an object for which its source counts no versions.
  public var timeField: String { type.fields[timeSlot ?? changedAtSlot].name }

  /// What is wrong with a time.
  public enum TimeFault: Sendable, Hashable {
    /// It has not come yet, by more than clocks differ: as the newest state the object would keep out all true news, and figures of such a
    /// time would never become old.
    case ahead
    /// It counts seconds, or thousandths of them: as microseconds it would be in 1970, and older than everything.
    case counts(_ unit: String)
    /// It lies before 1970: no system had news then, and what reads so was a day without a value, such as 0001-01-01.
    case before1970
  }

  /// A field of an object whose time cannot be meant. Nil where there is none.
  ///
  /// - Parameter now: microseconds since 1970 UTC.
  public func timeFault(_ record: Record, of now: Int64) -> (field: String, time: Int64, fault: TimeFault)? {
    for slot in timeSlots {
      guard case .whole(let time) = record.slots[slot], let number = Int64(exactly: time.value), let fault = Self.fault(of: number, now)
      else { continue }
      return (type.fields[slot].name, number, fault)
    }
    return nil
  }

  /// - Parameters:
  ///   - time: microseconds since 1970 UTC, as another system says.
  ///   - now: the same, as we say.
  public static func fault(of time: Int64, _ now: Int64) -> TimeFault? {
    if time > latest(now) { return .ahead }
    if time < 0 { return .before1970 }
    // From 1985 to 2096; as microseconds these are the first hours, or the first weeks, of 1970, in which no system had news.
    switch time {
    case 500_000_000...4_000_000_000: return .counts("seconds")
    case 500_000_000_000...4_000_000_000_000: return .counts("milliseconds")
    default: return nil
    }
  }

  /// The latest time that another system's clock may show, in microseconds since 1970 UTC.
  public static func latest(_ now: Int64) -> Int64 {
    let (sum, overflow) = now.addingReportingOverflow(clockTolerance)
    return overflow ? .max : sum
  }

  /// How far the clocks of systems may be apart: a day, in microseconds, which also forgives a wrong time zone.
  private static let clockTolerance: Int64 = 86_400_000_000

  /// Whether the IDL declares a field as `Timestamp` or `OptionalTimestamp`.
  private static func isTime(_ type: TypeCode) -> Bool {
    switch type {
    case .alias(_, "Timestamp", _): true
    case .alias(_, _, let original): isTime(original)
    case .optional(let element): isTime(element)
    default: false
    }
  }

  /// The version of an object's state: what its source counts, else when it changed; when it was true, for kinds that say so.
  public func version(of record: Record) -> (number: Int64, isCounted: Bool) {
    if let timeSlot {
      guard case .whole(let time) = record.slots[timeSlot], let number = Int64(exactly: time.value) else { return (0, false) }
      return (number, false)
    }
    if case .whole(let version) = record.slots[versionSlot], let number = Int64(exactly: version.value) { return (number, true) }
    guard case .whole(let time) = record.slots[changedAtSlot], let number = Int64(exactly: time.value) else { return (0, false) }
    return (number, false)
  }

  /// When an object's state was true: the time that orders its news where its source counts no versions. Nil where none is told.
  public func time(of record: Record) -> Int64? {
    guard case .whole(let time) = record.slots[timeSlot ?? changedAtSlot], let number = Int64(exactly: time.value), number > 0 else {
      return nil
    }
    return number
  }

  /// Whether an object of the kind can be made inactive; contracts and orders come to their end in other ways.
  public var canBeInactive: Bool { ![Self.contract, .order, .orderStatus, .orderResponse].contains { $0 === self } }

  /// The values in the match fields, with their fields; empty ones recognise nothing.
  public func matchValues(of record: Record) -> [MatchValue] {
    var values: [MatchValue] = []
    for index in matchSlots.indices {
      let value = text(matchSlots[index], of: record)
      if !value.isEmpty { values.append(MatchValue(field: matchFields[index], value: value)) }
    }
    return values
  }

  /// The country of an object that has addresses: that of its main one, else of the first that names one; as it was sent.
  public func country(of record: Record) -> String {
    guard let slot = type.slot(of: "addresses"), case .list(let addresses) = record.slots[slot] else { return "" }
    var first = ""
    for case .record(let address) in addresses {
      guard case .text(let country)? = address["country"], !country.isEmpty else { continue }
      if case .text("main")? = address["kind"] { return country }
      if first.isEmpty { first = country }
    }
    return first
  }

  /// Whether people and files name the CRM core's objects of the kind by their codes, so that no two of them may have one. A tax id or an
  /// e-mail may be that of several: branches, colleagues.
  public var isNamedByCode: Bool { [Self.unit, Self.category, Self.product].contains { $0 === self } }

  /// Whether the match values of an object are its code, so that they are known without its body.
  public var isMatchedByCodeAlone: Bool { matchSlots == (codeSlot.map { [$0] } ?? []) }

  /// The text in a slot, empty for anything else.
  public func text(_ slot: Int?, of record: Record) -> String {
    guard let slot, case .text(let text) = record.slots[slot] else { return "" }
    return text
  }
}
