import BrokerRuntime
import CDR
import Identity
import Mapping
import MappingFiles

/// Mapping plans and value maps from files.
struct FileMappings: MappingSource {
  let files: MappingSet
  let types: DialectRegistry

  /// Reads and checks all files of the folders.
  ///
  /// - Throws: ``Refusal`` with code `MAPPINGS_INVALID` and everything that is wrong: a broker does not run on half of its mappings.
  init(folders: [String], types: DialectRegistry) throws {
    let (set, diagnostics) = MappingSet.load(folders, types: types)
    let errors = diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty {
      let shown = errors.prefix(5).map(\.description).joined(separator: "\n")
      throw Refusal(
        "MAPPINGS_INVALID", "\(errors.count) errors in the mapping files of \(folders.joined(separator: ", ")):\n\(shown)",
        hint: "`tessera mapping check` shows them all")
    }
    files = set
    self.types = types
  }

  func plan(from sourceType: String, target: String?, system: String, systemType: String) -> MappingPlan? {
    files.plan(from: sourceType, target: target, system: system, systemType: systemType)
  }

  var valueMaps: ValueMapSet { files.valueMaps }

  func type(named name: String) -> RecordType? { Composition.type(named: name, types) }
}
