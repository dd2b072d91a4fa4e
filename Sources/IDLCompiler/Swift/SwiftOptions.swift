/// What the Swift back end may be told.
public struct SwiftOptions: Hashable, Sendable {
  /// How IDL names become Swift names.
  public enum Naming: String, Hashable, Sendable, CaseIterable {
    /// `UpperCamel` types, `lowerCamel` members and cases, the common prefix of enumerators stripped.
    case idiomatic
    /// As the IDL spells them.
    case verbatim
  }

  /// The access level of everything that is generated.
  public enum Visibility: String, Hashable, Sendable, CaseIterable {
    case `public`, package, `internal`
  }

  public var naming: Naming
  public var visibility: Visibility
  /// Which Swift modules hold the declarations of included files.
  public var modules: SwiftModuleMap
  /// Written into the header of each file.
  public var toolVersion: String

  public init(
    naming: Naming = .idiomatic, visibility: Visibility = .public, modules: SwiftModuleMap = SwiftModuleMap(), toolVersion: String = "0.1"
  ) {
    self.naming = naming
    self.visibility = visibility
    self.modules = modules
    self.toolVersion = toolVersion
  }
}

/// Which Swift module holds the generated code of an IDL file.
public struct SwiftModuleMap: Hashable, Sendable {
  /// Swift modules by IDL path; a path also stands for every longer one that ends with it.
  public var modules: [String: String]

  public init(_ modules: [String: String] = [:]) { self.modules = modules }

  /// The Swift module of an IDL file; where several entries fit, that of the longest path.
  public func module(ofFile path: String) -> String? {
    let parts = Self.components(path)
    let fitting = modules.filter { parts.reversed().starts(with: Self.components($0.key).reversed()) }
    return fitting.max { ($0.key.count, $1.key) < ($1.key.count, $0.key) }?.value
  }

  private static func components(_ path: String) -> [Substring] {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return parts
  }
}
