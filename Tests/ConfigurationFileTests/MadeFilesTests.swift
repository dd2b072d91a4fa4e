import ConfigurationFile
import Foundation
import Testing
import XMLStream

/// What is made of the declarations is what stands in Schemas/ and Docs/.
///
/// After a change of a section: `Scripts/configuration.py`.
@Suite struct MadeFilesTests {
  private static func text(_ name: String) throws -> String {
    let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    return String(decoding: try Data(contentsOf: repository.appending(path: name)), as: UTF8.self)
  }

  @Test func theSchemaIsThatOfTheDeclarations() throws {
    #expect(try Self.text("Schemas/broker.xsd") == ConfigurationSchema.text)
  }

  @Test func thePageShowsTheDeclarations() throws {
    #expect(try Self.text("Docs/Configuration.md").contains(ConfigurationReference.text))
  }

  @Test func theSchemaTakesWhatTheReaderTakes() throws {
    let schema = try SchemaSet([SchemaDocument(name: "broker.xsd", bytes: Array(ConfigurationSchema.text.utf8))], main: "broker.xsd")
    func issues(_ inside: String) -> Int {
      schema.validate(Array("<broker xmlns=\"urn:tessera:broker:1\">\(inside)</broker>".utf8), file: "broker.xml").issues.count
    }
    #expect(issues("") == 0)
    #expect(issues("<files><mappings path='a'/><leave-out kind='dialect' name='ubl'/><mappings path='b'/></files>") == 0)
    #expect(issues("<files/><files/>") > 0)
    #expect(issues("<file/>") > 0)
    #expect(issues("<files><mappings/></files>") > 0)
  }

  @Test func defaultsAreValuesOfTheirKinds() {
    func check(_ element: ConfigurationElement) {
      let names = element.attributes.map(\.name)
      #expect(Set(names).count == names.count)
      for attribute in element.attributes {
        #expect(!(attribute.isRequired && attribute.defaultText != nil), "\(element.name)/\(attribute.name)")
        if let text = attribute.defaultText { #expect(attribute.kind.takes(text), "\(element.name)/\(attribute.name)") }
      }
      element.elements.forEach(check)
    }
    check(BrokerConfiguration.element)
    #expect(Set(BrokerConfiguration.sections.map { $0.element.name }).count == BrokerConfiguration.sections.count)
  }
}
