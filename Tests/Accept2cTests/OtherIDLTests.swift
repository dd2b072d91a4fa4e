import BrokerRuntime
import CDR
import ForeignORB
import IIOPTransport
import InterchangeIDL
import Mapping
import MappingFiles
import ORBCore
import SampleERPAdapter
import SampleERPIDL
import SampleERPServer
import Testing

@Suite("An ERP that has changed its IDL")
struct OtherIDLTests {
  /// An adapter over one of the IDLs, with the mapping files for it.
  private struct Side {
    let adapter: SampleERPAdapter
    let mappings: MappingSet

    init(_ books: ObjectRef, _ interface: InterfaceDescription, types: [RecordType], files: [String]) throws {
      adapter = try SampleERPAdapter(books: books, interface: interface)
      var registry = DialectRegistry()
      registry.register(Array(CanonicalDialect.types.values))
      registry.register(types, dialect: SampleERPAdapter.dialect)
      let (set, diagnostics) = MappingSet.load(files, types: registry)
      #expect(diagnostics.isEmpty)
      mappings = set
    }

    /// Everything of a feed, read page by page and mapped.
    func outcomes(of name: String) async throws -> [MappingOutcome] {
      let feed = try #require(adapter.feeds.first { $0.name == name })
      let plan = try #require(mappings.plan(from: feed.sourceType, system: "erp", systemType: "sample-erp"))
      let mapping = plan.bound(to: MappingContext(valueMaps: mappings.valueMaps, documentTime: 0))
      var found: [MappingOutcome] = []
      var position: String?
      while true {
        let page = try await adapter.read(feed, after: position, limit: 150)
        found += page.records.map { mapping.run($0) }
        position = page.next
        if page.isLast { return found }
      }
    }

    /// A canonical order, sent in the ERP's dialect and answered in ours.
    func order(_ order: Interchange.V1.Order, product: String) async throws -> Interchange.V1.OrderVerdict {
      let context = MappingContext(valueMaps: mappings.valueMaps, documentTime: 0)
      let out = try #require(mappings.plan(from: "Order", target: adapter.orderType, system: "erp", systemType: "sample-erp"))
      let item = try #require(out.run(order.record, in: context).items.first)
      let ids = ["Product": product, "Unit": "ST"]
      let record = item.resolving(item.references.map { ids[$0.entity] }).record
      #expect(try await adapter.findOrder(key: order.id) == nil)
      let answer = try await adapter.createOrder(key: order.id, order: record)
      #expect(try await adapter.findOrder(key: order.id) == answer)
      let back = try #require(mappings.plan(from: adapter.verdictType, target: "OrderVerdict", system: "erp", systemType: "sample-erp"))
      return try Interchange.V1.OrderVerdict(record: try #require(back.run(answer, in: context).items.first).record)
    }
  }

  @Test("is read and ordered from by the same adapter, with another mapping file alone")
  func otherNames() async throws {
    try await withTemporaryFolder { folder in
      let store = try BookStore(folder: folder, itemCount: 400)
      let server = ORB()
      let transport = try IIOPTransport(orb: server)
      try transport.listen()
      let other = try server.adapter(named: "other").activate(OtherBooks(store: store), as: OtherERP.Books.self).objectRef
      let erp = try RunningERP.start("\(folder)/sample")
      let client = ORB()
      let clientTransport = try IIOPTransport(orb: client)

      let shipped = repositoryPath("Adapters/SampleERP/Mappings")
      let today = try Side(
        try ObjectRef(stringified: try await erp.reference(), orb: client), SampleERP.Books.interfaceDescription,
        types: [
          SampleERP.UnitOfMeasure.recordType, SampleERP.ItemGroup.recordType, SampleERP.Item.recordType, SampleERP.Debtor.recordType,
          SampleERP.SalesOrder.recordType, SampleERP.OrderConfirmation.recordType, SampleERP.CreditAccount.recordType,
          SampleERP.OpenItem.recordType, SampleERP.CreditEnquiry.recordType, SampleERP.CreditReply.recordType,
          SampleERP.OrderNews.recordType, SampleERP.PriceGroup.recordType, SampleERP.PriceRow.recordType, SampleERP.StockRow.recordType,
        ], files: [shipped])
      let unchanged = ["unit", "group", "debtor", "order", "confirmation"].map { "\(shipped)/\($0).xml" }
      let values = ["order-kinds", "states", "currencies", "countries", "terms", "tax", "rec20", "verdicts", "reasons"].map {
        "\(shipped)/values-\($0).xml"
      }
      let tomorrow = try Side(
        try ObjectRef(stringified: other.stringified, orb: client), OtherERP.Books.interfaceDescription,
        types: [
          OtherERP.UnitOfMeasure.recordType, OtherERP.ItemGroup.recordType, OtherERP.Item.recordType, OtherERP.Debtor.recordType,
          OtherERP.SalesOrder.recordType, OtherERP.OrderConfirmation.recordType,
        ], files: unchanged + values + [repositoryPath("Tests/Accept2cTests/OtherMappings/item.xml")])

      for feed in ["units", "groups", "items", "debtors"] {
        let before = try await today.outcomes(of: feed)
        let after = try await tomorrow.outcomes(of: feed)
        #expect(before.count == after.count)
        #expect(before.map { $0.items.map(\.record) } == after.map { $0.items.map(\.record) })
        #expect(before.map { $0.items.map(\.identity) } == after.map { $0.items.map(\.identity) })
        #expect(before.map { $0.problems.map(\.code.rawValue) } == after.map { $0.problems.map(\.code.rawValue) })
      }
      let items = try await tomorrow.outcomes(of: "items")
      #expect(items.count == 400)
      // The twelve faulty items but the one whose unit nobody knows, which is found when ids are looked up.
      #expect(items.filter(\.isRejected).count == 11)

      let page = try store.items(after: 0, limit: 400)
      let item = try #require(page.changedItems.first { $0.uomCode == "ST" && $0.stateNo == 10 && $0.grossPrice > 0 })
      for side in [today, tomorrow] {
        let verdict = try await side.order(Self.order, product: item.itemNo)
        #expect(verdict.outcome == "accepted" && !verdict.orderNumber.isEmpty && verdict.lines.map(\.outcome) == ["accepted"])
      }
      try await erp.process.kill()
      await clientTransport.shutDown(patience: .seconds(1))
      await transport.shutDown(patience: .seconds(1))
    }
  }

  @Test("is refused at once where an operation is missing or a page has another shape")
  func unfit() throws {
    let interface = InterfaceDescription(id: "IDL:x:1.0", name: "Books", operations: [])
    let reference = ORB().reference(key: ObjectKey("x"), typeID: "IDL:x:1.0")
    let failure = #expect(throws: AdapterFailure.self) { try SampleERPAdapter(books: reference, interface: interface) }
    #expect(failure?.code == "IDL_UNFIT" && failure?.message == "the interface Books has no operation units_since")
    let flat = InterfaceDescription(
      id: "IDL:x:1.0", name: "Books",
      operations: [
        OperationDescription(
          "units_since", parameters: [.init("watermark", .in, .longLong), .init("limit", .in, .long)], result: .longLong, raises: [])
      ])
    #expect(throws: AdapterFailure.self) { try SampleERPAdapter(books: reference, interface: flat) }
  }

  private static let order: Interchange.V1.Order = {
    let address = Interchange.V1.Address(
      kind: "main", line1: "Tor 3", line2: "", city: "Köln", region: "", postalCode: "50667", country: "DE")
    let customer = Interchange.V1.Party(
      id: "C-000001", changedAt: 0, sourceVersion: nil, status: "active", attributes: [], name: "上海建机", kind: "customer", parent: "",
      taxId: "DE1", paymentTerms: "", addresses: [address])
    let line = Interchange.V1.OrderLine(
      number: 1, contractLine: 1, product: "P-000001", packaging: "", quantity: .init("2")!, unit: "U-000001", unitPrice: .init("119.5")!,
      discount: .init("0")!, taxCode: "", deliveryDate: "2026-04-30")
    return Interchange.V1.Order(
      id: "O-000001", changedAt: 0, sourceVersion: nil, status: "active", attributes: [], number: "2026/9", contractKey: "V-000001",
      customerNumber: "C-000001", customerKey: "k", customer: customer, contactPerson: nil, orderDate: "2026-03-31", currency: "EUR",
      priceIncludesTax: true, lines: [line], paymentTerms: "", deliveryAddress: address, netTotal: .init("200.84")!,
      taxTotal: .init("38.16")!, grossTotal: .init("239")!, orderType: "new", callOff: 0)
  }()
}
