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
  var valueMaps: ValueMapSet { get }
  /// The type of that name in the known dialects.
  func type(named: String) -> RecordType?
}

/// No mapping file handles a type: an error of the installation.
public struct MappingMissing: Error, Sendable, CustomStringConvertible {
  public let sourceType: String
  public let target: String?
  public let system: String

  /// - Parameter target: the type that the mapping must emit; nil takes any.
  public init(sourceType: String, target: String?, system: String) {
    self.sourceType = sourceType
    self.target = target
    self.system = system
  }

  public var description: String {
    "no mapping file maps \(sourceType)\(target.map { " to \($0)" } ?? "") for \(system); add one to the mappings folder (see `tessera mapping check`)"
  }
}
