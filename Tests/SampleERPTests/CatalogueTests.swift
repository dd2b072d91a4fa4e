import ForeignORB
import Testing

@testable import SampleERPServer

@Suite("The catalogue of the sample ERP")
struct CatalogueTests {
  private let catalogue = Catalogue()

  @Test("has the figures that tests and demonstrations state")
  func figures() {
    #expect(catalogue.items.count == 2000)
    #expect(catalogue.units.count == 8)
    #expect(catalogue.groups.count == 14)
    #expect(catalogue.debtors.count == 40)
    #expect(catalogue.partnerProducts.count == 320)
    #expect(
      catalogue.summary
        == CatalogueSummary(
          items: 2000, units: 8, groups: 14, debtors: 40, creditAccounts: 36, openItems: 72, priceGroups: 4, priceRows: 210, stock: 107,
          matched: 250,
          ambiguous: 20, partnerOnly: 30,
          rejected: 12, unknownGroup: 15,
          unknownGroups: ["910001": 5, "910002": 5, "910003": 5]))
    #expect(catalogue.summary.held == 35)
    #expect(catalogue.summary.linked == 1953)
  }

  @Test("meets the partner's products as its summary says, counted from the rows")
  func meeting() {
    let products = Dictionary(grouping: catalogue.partnerProducts, by: \.code).mapValues(\.count)
    let numbers = Set(catalogue.items.map(\.number))
    #expect(numbers.count == 2000)
    #expect(numbers.filter { products[$0] == 1 }.count == 250)
    #expect(numbers.filter { products[$0] == 2 }.count == 20)
    #expect(products.keys.filter { !numbers.contains($0) }.count == 30)
    let groups = Set(catalogue.groups.map(\.number))
    let strangers = Dictionary(grouping: catalogue.items.filter { !groups.contains($0.group) }, by: \.group).mapValues(\.count)
    #expect(strangers == ["910001": 5, "910002": 5, "910003": 5])
  }

  @Test("has twelve faulty items, none of which is special otherwise")
  func faults() {
    let currencies: Set<Int16> = [978, 156, 756]
    let units = Set(catalogue.units.map(\.code))
    let faulty = catalogue.items.filter { item in
      item.grossPrice < 0 || !currencies.contains(item.currency) || item.text.allSatisfy(\.isWhitespace) || item.text.utf8.count > 10_000
        || item.state == 77 || !units.contains(item.unit) || item.packs.contains { $0.content <= 0 }
    }
    #expect(faulty.count == 12)
    #expect(faulty.filter { $0.grossPrice < 0 }.count == 3)
    #expect(faulty.filter { $0.currency == 0 }.count == 2)
    #expect(faulty.filter { $0.text.allSatisfy(\.isWhitespace) }.count == 3)
    let known = Set(catalogue.partnerProducts.map(\.code))
    let groups = Set(catalogue.groups.map(\.number))
    #expect(faulty.allSatisfy { !known.contains($0.number) && groups.contains($0.group) })
  }

  @Test("fits into the bounds of the IDL and speaks four languages")
  func shape() {
    #expect(catalogue.items.allSatisfy { $0.number.utf8.count <= 18 && $0.group.utf8.count <= 6 && $0.unit.utf8.count <= 3 })
    #expect(catalogue.items.allSatisfy { $0.packs.allSatisfy { $0.code.utf8.count <= 4 } })
    for language in Language.allCases { #expect(catalogue.items.filter { $0.language == language }.count > 400) }
    #expect(catalogue.items.contains { $0.text.contains("挖掘机") })
    #expect(catalogue.items.contains { $0.text.contains("Straßenwalze") })
    let parents = Set(catalogue.groups.map(\.number)).union([""])
    #expect(catalogue.groups.allSatisfy { parents.contains($0.above) })
  }

  @Test("is the same every time, and larger on demand with the same special items")
  func repeatable() {
    let again = Catalogue()
    #expect(again.items == catalogue.items)
    #expect(again.partnerProducts == catalogue.partnerProducts)
    let large = Catalogue(itemCount: 10_000)
    #expect(large.items.count == 10_000)
    #expect(large.summary.held == 35)
    #expect(large.partnerProducts.count == 320)
  }

  @Test("writes the partner's products as CSV")
  func csv() {
    let text = PartnerProduct.csv([
      PartnerProduct(code: "A", name: "Kran, \"groß\"", description: "", currency: "EUR", netPrice: 120_005)
    ])
    #expect(text == "code,name,description,currency,listPrice\r\nA,\"Kran, \"\"groß\"\"\",,EUR,1200.05\r\n")
  }

  @Test("has an IDL that omniidl takes as it is")
  func idl() async throws {
    try await OmniIDL.accept([repositoryPath("Adapters/SampleERP/IDL/SampleERP.idl")])
  }
}
