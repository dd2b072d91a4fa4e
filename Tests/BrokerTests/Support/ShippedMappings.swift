import BrokerRuntime
import CDR
import CRMCore
import ForeignORB
import Foundation
import Identity
import InterchangeIDL
import Mapping
import MappingFiles

/// The mapping files of the canonical model, as they ship, and others that a test adds.
struct ShippedMappings: MappingSource {
  let files: MappingSet
  let diagnostics: [MappingDiagnostic]

  static let shared = ShippedMappings()

  static let types: DialectRegistry = {
    var types = DialectRegistry()
    types.register(EntityKind.all.map(\.type))
    types.register([
      Interchange.V1.OrderVerdict.recordType, Interchange.V1.CreditQuestion.recordType, Interchange.V1.CreditVerdict.recordType,
    ])
    types.declare(entities: EntityKind.all.map(\.name))
    return types
  }()

  /// - Parameter others: documents beside the shipped ones.
  init(adding others: String...) {
    let folder = repositoryPath("Mappings")
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
      $0.hasPrefix("canonical-") || $0 == "status-words.xml"
    }
    let shipped = names.sorted().map { name in
      (file: "Mappings/\(name)", bytes: Array(FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data()))
    }
    (files, diagnostics) = MappingSet.load(
      shipped + others.enumerated().map { ("test-\($0).xml", Array($1.utf8)) }, types: Self.types)
  }

  var valueMaps: ValueMapSet { files.valueMaps }

  func plan(from sourceType: String, target: String?, system: String, systemType: String) -> MappingPlan? {
    files.plan(from: sourceType, target: target, system: system, systemType: systemType)
  }

  func type(named name: String) -> RecordType? { Self.types.type(named: name) }

  /// The shipped mapping of orders, changed for one system.
  static func orderMapping(for system: String, replacing text: String, by other: String) -> String? {
    guard let shipped = try? String(contentsOfFile: repositoryPath("Mappings/canonical-order.xml"), encoding: .utf8), shipped.contains(text)
    else { return nil }
    let cut = shipped.range(of: "  <test").map { String(shipped[..<$0.lowerBound]) + "</mapping>" } ?? shipped
    return cut.replacingOccurrences(of: text, with: other)
      .replacingOccurrences(of: "name=\"canonical-order\"", with: "name=\"\(system)-order\" system=\"\(system)\"")
  }
}
