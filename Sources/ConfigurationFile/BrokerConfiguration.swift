import Foundation
import Mapping
import XMLStream

/// What broker.xml in the data folder says. Without the file, and for every element that is not there, the defaults hold.
///
/// It is read once by every command and by `serve`: a change of the file holds from the next start on.
public struct BrokerConfiguration: Sendable {
  /// Everything that broker.xml may hold, in the order of the schema and of the reference page.
  public static let sections: [any ConfigurationSection.Type] = [
    FilesSection.self, DaysSection.self, OrdersSection.self, AmountsSection.self, IdentitySection.self, DeliveriesSection.self,
    LimitsSection.self,
  ]

  /// The namespace of its elements.
  public static let namespace = "urn:tessera:broker:1"
  /// Its name in the data folder.
  public static let fileName = "broker.xml"
  /// The largest file that is read, in octets.
  public static let maximumOctets = 1 << 20

  private var values: [ObjectIdentifier: any Sendable] = [:]

  /// All defaults.
  public init() {}

  /// The value of a section.
  public subscript<Section: ConfigurationSection>(_ section: Section.Type) -> Section.Value {
    get { values[ObjectIdentifier(section)] as? Section.Value ?? section.defaultValue }
    set { values[ObjectIdentifier(section)] = newValue }
  }

  /// Reads the octets of a broker.xml.
  ///
  /// - Parameter file: its name, in whose folder relative paths start.
  /// - Throws: ``ConfigurationFaults`` with everything that is wrong.
  public init(_ octets: [UInt8], file: String) throws(ConfigurationFaults) {
    let document = ConfigurationDocument(file: file, lines: XMLSourceLines(octets))
    var reader = ConfigurationReader(document)
    do throws(XMLIssues) {
      let tree = try XMLDocument(parsing: octets, file: file, limits: XMLLimits(documentBytes: Self.maximumOctets))
      reader.read(tree.root, &self)
    } catch {
      for issue in error.issues {
        reader.faults.add(issue.code.rawValue, issue.message, at: document.place(issue.position), hint: issue.hint)
      }
    }
    if !reader.faults.faults.isEmpty { throw reader.faults }
  }

  /// Reads the broker.xml of a data folder; all defaults where there is none.
  ///
  /// - Throws: ``ConfigurationFaults`` with everything that is wrong.
  public init(dataFolder: String) throws(ConfigurationFaults) {
    let file = dataFolder.hasSuffix("/") ? dataFolder + Self.fileName : "\(dataFolder)/\(Self.fileName)"
    guard let octets = try Self.octets(of: file, followsLinks: false) else {
      self.init()
      return
    }
    try self.init(octets, file: file)
  }

  /// The octets of a file; nil where there is none.
  ///
  /// - Parameter followsLinks: false for the file of a data folder: whoever may write there could make us read anything.
  /// - Throws: ``ConfigurationFaults`` where it cannot be read, is no regular file or is too large.
  public static func octets(of file: String, followsLinks: Bool) throws(ConfigurationFaults) -> [UInt8]? {
    func fault(_ message: String, hint: String = "") -> ConfigurationFaults {
      var faults = ConfigurationFaults()
      faults.add("CONFIGURATION_UNREADABLE", message, at: .init(file: file, line: 0, column: 0), hint: hint)
      return faults
    }
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: file) else {
      // A link that leads nowhere, or a folder that may not be entered, is not the same as no file.
      if access(file, F_OK) != 0, errno == ENOENT, (try? FileManager.default.destinationOfSymbolicLink(atPath: file)) == nil { return nil }
      throw fault("the file cannot be looked at", hint: "check who may read it")
    }
    guard attributes[.type] as? FileAttributeType != .typeSymbolicLink || followsLinks else {
      throw fault("the file is a link, which is not followed", hint: "put the file itself there")
    }
    do throws(RegularFile.Failure) {
      return try RegularFile.octets(of: file, limit: maximumOctets, followsLinks: followsLinks)
    } catch { throw fault("the file cannot be read: \(error)", hint: "\(fileName) is a regular file") }
  }

  /// The root, with all sections.
  public static var element: ConfigurationElement {
    ConfigurationElement("broker", "The configuration of a broker.", elements: sections.map { $0.element })
  }
}
