import ConfigurationFile
import ForeignORB
import Mapping
import Testing

/// broker.xml is read whole, or refused with everything that is wrong.
@Suite struct ReaderTests {
  private static func read(_ inside: String) throws -> BrokerConfiguration {
    try BrokerConfiguration(Array("<broker xmlns=\"urn:tessera:broker:1\">\n\(inside)\n</broker>\n".utf8), file: "data/broker.xml")
  }

  private static func faults(_ inside: String) -> [String] {
    do {
      _ = try read(inside)
      return []
    } catch let faults as ConfigurationFaults {
      return faults.faults.map { "\($0.place) \($0.code)" }
    } catch { return ["\(error)"] }
  }

  @Test func withoutAFileAllDefaultsHold() throws {
    let folder = try TemporaryFolder()
    let configuration = try BrokerConfiguration(dataFolder: folder.path)
    #expect(configuration[FilesSection.self] == FilesSection.Value())
  }

  @Test func anEmptyConfigurationSaysNothing() throws {
    #expect(try Self.read("")[FilesSection.self] == FilesSection.Value())
    #expect(try Self.read("<files/>")[FilesSection.self] == FilesSection.Value())
  }

  @Test func everythingThatIsWrongIsToldAtOnceWithItsPlace() {
    let found = Self.faults(
      """
      <file/>
      <files folder="x">
        <mappings path=""/>
        <mappings/>
        <leave-out kind="mappings" name="a b"/> text
        <schemas path="nowhere"/>
      </files>
      <files/>
      """)
    #expect(
      found == [
        "data/broker.xml:2:1 CONFIGURATION_UNKNOWN_ELEMENT", "data/broker.xml:3:8 CONFIGURATION_UNKNOWN_ATTRIBUTE",
        "data/broker.xml:4:19 CONFIGURATION_VALUE",
        "data/broker.xml:5:3 CONFIGURATION_MISSING_ATTRIBUTE", "data/broker.xml:6:20 CONFIGURATION_VALUE",
        "data/broker.xml:6:36 CONFIGURATION_VALUE", "data/broker.xml:6:43 CONFIGURATION_TEXT",
        "data/broker.xml:7:18 CONFIGURATION_PATH_MISSING",
        "data/broker.xml:9:1 CONFIGURATION_REPEATED",
      ])
  }

  @Test func unknownElementsAreNamedWithWhatThereIs() {
    #expect(throws: ConfigurationFaults.self) { try Self.read("<file/>") }
    do { _ = try Self.read("<file/>") } catch {
      #expect("\(error)".contains("<broker> has no element 'file' ["))
      #expect("\(error)".contains("did you mean files?"))
    }
  }

  @Test(
    "One thing that is wrong is told once, at its place, by the name that stands there",
    arguments: [
      ("<x:files xmlns:x='urn:y'/>", "2:1", "has no element 'x:files' of the namespace 'urn:y'"),
      ("<file xmlns=''/>", "2:1", "has no element 'file' without a namespace"),
      ("<files>\n\n  stray</files>", "4:3", "'stray' is some"), ("stray<files/>", "2:1", "'stray' is some"),
      ("<orders inactve='warn'/>", "2:9", "did you mean inactive?"),
      ("<identity><ids system='e' entity='Party' form='uppercase'/></identity>", "2:48", "did you mean upper-case?"),
      ("<identity><ids system='e' entity='Party' form='trim widht'/></identity>", "2:48", "did you mean width?"),
      ("<identity><ids system='e' entity='Partty' form='trim'/></identity>", "2:35", "did you mean Party?"),
      ("<identity><match entity='Partty' field='taxId' form='trim'/></identity>", "2:26", "did you mean Party?"),
    ])
  func wordsAndPlaces(inside: String, place: String, words: String) {
    let error = #expect(throws: ConfigurationFaults.self) { try Self.read(inside) }
    let said = error.map { "\($0)" } ?? ""
    #expect(error?.faults.count == 1, "\(said)")
    #expect(said.contains("broker.xml:\(place): error") && said.contains(words), "\(said)")
  }

  @Test(arguments: [
    ("<mapping/>", "CONFIGURATION_ROOT"), ("<broker/>", "CONFIGURATION_ROOT"),
    ("<broker xmlns=\"urn:tessera:broker:1\">", "XML_NOT_WELL_FORMED"), ("", "XML_NOT_WELL_FORMED"),
  ])
  func whatIsNoConfigurationIsRefused(text: String, code: String) {
    do {
      _ = try BrokerConfiguration(Array(text.utf8), file: "broker.xml")
      Issue.record("'\(text)' was taken")
    } catch { #expect(error.faults.map(\.code.rawValue) == [code]) }
  }

  @Test func pathsStartAtTheFolderOfTheFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "data/own/a.xml")
    let configuration = try BrokerConfiguration(
      Array("<broker xmlns='urn:tessera:broker:1'><files><mappings path=' own '/></files></broker>".utf8),
      file: "\(folder.path)/data/broker.xml")
    #expect(configuration[FilesSection.self].mappings == ["\(folder.path)/data/own"])
  }

  @Test func aFolderOrAFileTooLargeIsRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "data/broker.xml/inside")
    #expect(throws: ConfigurationFaults.self) { try BrokerConfiguration(dataFolder: "\(folder.path)/data") }
    try folder.write(String(repeating: " ", count: BrokerConfiguration.maximumOctets + 1), to: "large/broker.xml")
    #expect(throws: ConfigurationFaults.self) { try BrokerConfiguration(dataFolder: "\(folder.path)/large") }
  }

  @Test(arguments: [("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("2h", 7_200_000), ("7d", 604_800_000), ("0s", 0)])
  func timesAreReadAndWritten(text: String, milliseconds: Int) {
    #expect(ConfigurationDuration.duration(text) == .milliseconds(milliseconds))
    #expect(ConfigurationDuration.text(.milliseconds(milliseconds)) == text)
  }

  @Test(arguments: ["", "5", "s", "-5s", "5 s", "5S", "1.5s", "٣s", "9999999999s"])
  func whatIsNoTimeIsNone(text: String) { #expect(ConfigurationDuration.duration(text) == nil) }
}
