import ForeignORB
import TesseraProcess
import Testing
import XMLStream

/// A vocabulary that the program knows nothing of: an integrator describes it, with published schemas that stay where they are.
@Suite(.needsCorpus) struct VocabularyTests {
  private static let integrator = repositoryPath("Tests/AcceptGatewayTests/Integrator")

  /// The description of the dialect, written where the schemas of this machine are known.
  private static func dialect(on server: TesseraServer) throws -> String {
    let text = """
      <dialect xmlns="urn:tessera:dialect:1" name="ubl" protocol="receipt">
        <schemas folder="\(try Corpus.path("ubl-2.1/xsd"))"/>
        <document type="CatalogueLine" root="Catalogue" namespace="urn:oasis:names:specification:ubl:schema:xsd:Catalogue-2"
                  items="CatalogueLine" message="ID" key="Item/SellersItemIdentification/ID" schema="maindoc/UBL-Catalogue-2.1.xsd">
          <sample file="\(integrator)/catalogue-sample.xml"/>
        </document>
      </dialect>
      """
    return try server.write(text, to: "ubl.xml")
  }

  @Test func aCatalogueComesInThroughAMappingOfTheIntegrators() async throws {
    let server = try TesseraServer()
    let options = ["--dialect", try Self.dialect(on: server), "--mappings", "\(Self.integrator)/Mappings"]
    let tested = try await ChildProcess.run(builtExecutable("tessera"), ["mapping", "test"] + options, folder: server.folder)
    #expect(tested.exit == .code(0), "\(tested.output)\(tested.errors)")
    let gateway = try await Gateway(on: server, serving: options)
    let token = try await Gateway.addPartner("adventure-works", on: server, ["--documents", "ubl:*"])

    let answer = try await gateway.post(file: Corpus.path("adventureworks/ubl/Catalogue-AdventureWorks.xml"), token: token)
    #expect(answer.status == 200)
    #expect(try answer.root.element(XMLName("outcome", namespace: "urn:tessera:interchange:1"))?.text == "accepted")
    let results = try #require(try answer.root.element(XMLName("results", namespace: "urn:tessera:interchange:1")))
    #expect(results.elements.count == 504)

    // Counted by somebody else, against the CSV that the catalogue was made of.
    #expect(try await server.rows("SELECT count(*) FROM linked_products WHERE system = 'adventure-works'") == "504")
    let frame = try await server.json("products", "show", "adventure-works:FR-R92B-58")
    #expect(frame["name"]?.string == "HL Road Frame - Black, 58" || "\(frame)".contains("HL Road Frame - Black, 58"))
    #expect("\(frame)".contains("1431.5"))
    #expect("\(frame)".contains("Components/Road Frames"))

    // The second time the same catalogue changes nothing, and gets its first receipt.
    #expect(try await gateway.post(file: Corpus.path("adventureworks/ubl/Catalogue-AdventureWorks.xml"), token: token).body == answer.body)
  }

  @Test func breachesOfThePublishedSchemaAreFound() async throws {
    let server = try TesseraServer()
    let options = ["--dialect", try Self.dialect(on: server), "--mappings", "\(Self.integrator)/Mappings"]
    let gateway = try await Gateway(on: server, serving: options)
    let token = try await Gateway.addPartner("adventure-works", on: server, ["--documents", "ubl:*"])
    let catalogue = try text(ofFile: Corpus.path("adventureworks/ubl/Catalogue-AdventureWorks.xml"))
    let wrong = catalogue.replacing("<cbc:OrderableIndicator>false", with: "<cbc:OrderableIndicator>perhaps", maxReplacements: 1)
    let answer = try await gateway.post(wrong, token: token)
    #expect(answer.status == 422)
    #expect(answer.body.contains("/Catalogue/cac:CatalogueLine/cbc:OrderableIndicator"), "\(answer.body)")
    #expect(answer.body.contains("line 6"))
  }
}
