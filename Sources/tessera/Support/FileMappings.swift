import BrokerRuntime
import CDR
import Identity
import Mapping
import MappingFiles

/// Mapping plans and value maps from files.
struct FileMappings: MappingSource {
  let files: MappingSet
  let types: DialectRegistry

  /// Reads and checks all files in use.
  ///
  /// A file beside those that ship is set aside alone where something is wrong with it: ``faults`` names it, and the documents that it
  /// says to map are refused.
  ///
  /// - Throws: ``Refusal`` with code `MAPPINGS_INVALID` and everything that is wrong with the others: a broker does not run on half of its
  ///   mappings.
  init(_ inUse: FilesInUse, types: DialectRegistry) throws {
    let (set, diagnostics) = inUse.load(types)
    let aside = Set(set.setAside.filter(\.isAdded).map(\.file))
    let errors = diagnostics.filter { $0.severity == .error && !aside.contains($0.place.file) }
    if !errors.isEmpty {
      let shown = errors.prefix(5).map(\.description).joined(separator: "\n")
      throw Refusal(
        "MAPPINGS_INVALID", "\(errors.count) errors in the mapping files of \(inUse.mappings.joined(separator: ", ")):",
        details: shown,
        hint: "`tessera mapping check` shows them all")
    }
    files = set
    self.types = types
  }

  /// The files that are not used: what is wrong with each, in one line.
  var faults: [String] {
    files.setAside.map { "\($0.reason.place): \($0.reason.message) [\($0.reason.code)]" }
  }

  func plan(from sourceType: String, target: String?, system: String, systemType: String) -> MappingPlan? {
    files.plan(from: sourceType, target: target, system: system, systemType: systemType)
  }

  func fault(from sourceType: String, target: String?, system: String, systemType: String) -> String? {
    files.fault(from: sourceType, target: target, system: system, systemType: systemType).map { file in
      let hint = file.reason.hint.isEmpty ? "" : " (\(file.reason.hint))"
      return "\(VisibleText.line(file.file)) is not used, since it is wrong: \(file.reason.place): \(file.reason.message)\(hint)"
    }
  }

  var valueMaps: ValueMapSet { files.valueMaps }

  func type(named name: String) -> RecordType? { Composition.type(named: name, types) }
}
