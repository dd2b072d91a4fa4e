public import CDR
public import Identity
public import Mapping

/// Where the broker finds mapping plans; loaded from files, replaced as a whole.
public protocol MappingSource: Sendable {
  /// The plan for documents of a type from, or for, a system: one of the system's own, else of its type, else the general one.
  ///
  /// - Parameters:
  ///   - sourceType: such as `Product` or `sample-erp:Item`.
  ///   - target: the type that the mapping must emit; nil takes any.
  func plan(from sourceType: String, target: String?, system: String, systemType: String) -> MappingPlan?
  /// Why there is no plan: what is wrong with the file that would give it; nil where no file says so.
  func fault(from sourceType: String, target: String?, system: String, systemType: String) -> String?
  var valueMaps: ValueMapSet { get }
  /// The type of that name in the known dialects.
  func type(named: String) -> RecordType?
}

extension MappingSource {
  public func fault(from sourceType: String, target: String?, system: String, systemType: String) -> String? { nil }

  /// The mapping that something cannot be done without.
  ///
  /// - Throws: ``MappingMissing``, which says what is wrong with the file that would give it.
  public func neededPlan(from sourceType: String, target: String? = nil, system: String, systemType: String) throws(MappingMissing)
    -> MappingPlan
  {
    if let plan = plan(from: sourceType, target: target, system: system, systemType: systemType) { return plan }
    throw MappingMissing(
      sourceType: sourceType, target: target, system: system,
      fault: fault(from: sourceType, target: target, system: system, systemType: systemType))
  }
}

/// No mapping file handles a type: an error of the installation.
public struct MappingMissing: Error, Sendable, CustomStringConvertible {
  public let sourceType: String
  public let target: String?
  public let system: String
  /// What is wrong with the file that would do it; nil where there is none.
  public let fault: String?

  /// - Parameters:
  ///   - target: the type that the mapping must emit; nil takes any.
  ///   - fault: what is wrong with the file that would do it.
  public init(sourceType: String, target: String?, system: String, fault: String? = nil) {
    self.sourceType = sourceType
    self.target = target
    self.system = system
    self.fault = fault
  }

  /// `MAPPING_INVALID` where a file would do it and is wrong, `MAPPING_MISSING` where there is none.
  public var code: String { fault == nil ? "MAPPING_MISSING" : "MAPPING_INVALID" }

  public var description: String {
    // A document that is tried may be nobody's.
    let what = "no mapping file maps \(sourceType)\(target.map { " to \($0)" } ?? "")\(system.isEmpty ? "" : " for \(system)")"
    if let fault { return "\(what): \(fault); `tessera mapping check` shows all" }
    return "\(what); add one to the mappings folder (see `tessera mapping check`)"
  }
}
