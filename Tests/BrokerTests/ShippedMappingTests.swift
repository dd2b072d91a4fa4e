import Mapping
import MappingFiles
import Testing

/// The mapping files of the canonical model are right, and do what the tests inside them say.
@Suite struct ShippedMappingTests {
  @Test func areRight() {
    #expect(ShippedMappings.shared.diagnostics.map(\.description) == [])
    #expect(
      ShippedMappings.shared.files.mappings.map(\.plan.name) == [
        "canonical-availability", "canonical-category", "canonical-contact", "canonical-contract", "canonical-credit-question",
        "canonical-credit-terms",
        "canonical-customer-product", "canonical-order-response", "canonical-order-status", "canonical-order", "canonical-party",
        "canonical-price-line", "canonical-price-list", "canonical-product", "canonical-receivable", "canonical-unit",
      ])
  }

  @Test func doWhatTheirTestsSay() {
    let results = ShippedMappings.shared.files.runTests()
    #expect(results.filter { !$0.passed }.map(\.description) == [])
    #expect(results.count == 26)
    #expect(ShippedMappings.shared.files.mappings.allSatisfy { $0.testCount > 0 })
  }
}
