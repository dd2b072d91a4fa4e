/// The content of `idl-swift.json`, which steers how the IDL files of one Swift target become Swift.
///
/// ```json
/// {
///   "naming": "idiomatic",
///   "visibility": "public",
///   "includeDirectories": ["../Common"],
///   "defines": { "WITH_HISTORY": "1" },
///   "modules": { "common.idl": "CommonIDL" }
/// }
/// ```
/// Every member may be absent. Directories are relative to the folder of the file. `modules` names the Swift module that holds the
/// generated code of an included file; a path also stands for every longer one that ends with it.
public struct SwiftConfiguration: Hashable, Sendable {
  public var naming: SwiftOptions.Naming?
  public var visibility: SwiftOptions.Visibility?
  public var includeDirectories: [String] = []
  /// Macros and their values.
  public var defines: [String: String] = [:]
  public var modules: [String: String] = [:]

  public init() {}

  /// Reads a configuration.
  ///
  /// - Parameter file: the path of the file, for messages and as the base of relative directories.
  /// - Returns: what could be read, and everything that is wrong with the rest.
  public static func read(_ text: String, file: String) -> (configuration: SwiftConfiguration, diagnostics: [Diagnostic]) {
    var configuration = SwiftConfiguration()
    var diagnostics: [Diagnostic] = []
    func wrong(_ message: String, at location: SourceLocation) {
      diagnostics.append(Diagnostic(.error, .swiftConfiguration, message, at: location))
    }
    func string(_ value: JSONValue, _ key: String) -> String? {
      if case .string(let text) = value.content { return text }
      wrong("'\(key)' must be a string", at: value.location)
      return nil
    }
    func strings(_ value: JSONValue, _ key: String) -> [String: String] {
      guard case .object(let members) = value.content else {
        wrong("'\(key)' must be an object", at: value.location)
        return [:]
      }
      return Dictionary(members.compactMap { member in string(member.value, member.key).map { (member.key, $0) } }) { _, last in last }
    }
    func choice<Choice: RawRepresentable<String> & CaseIterable>(_ value: JSONValue, _ key: String, of: Choice.Type) -> Choice? {
      guard let text = string(value, key) else { return nil }
      if let choice = Choice(rawValue: text) { return choice }
      wrong("'\(text)' is no \(key); possible are \(Choice.allCases.map(\.rawValue).joined(separator: ", "))", at: value.location)
      return nil
    }

    let root: JSONValue
    do { root = try JSONReader.read(text, file: file) } catch {
      wrong(error.message, at: error.location)
      return (configuration, diagnostics)
    }
    guard case .object(let members) = root.content else {
      wrong("expected an object", at: root.location)
      return (configuration, diagnostics)
    }
    for (key, location, value) in members {
      switch key {
      case "naming": configuration.naming = choice(value, key, of: SwiftOptions.Naming.self)
      case "visibility": configuration.visibility = choice(value, key, of: SwiftOptions.Visibility.self)
      case "defines": configuration.defines = strings(value, key)
      case "modules": configuration.modules = strings(value, key)
      case "includeDirectories":
        guard case .array(let elements) = value.content else {
          wrong("'\(key)' must be an array", at: value.location)
          continue
        }
        configuration.includeDirectories = elements.compactMap { string($0, key) }.map { resolve($0, besides: file) }
      default:
        wrong("unknown member '\(key)'; known are naming, visibility, includeDirectories, defines, modules", at: location)
      }
    }
    return (configuration, diagnostics)
  }

  private static func resolve(_ directory: String, besides file: String) -> String {
    guard !directory.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return directory }
    return file[...slash] + directory
  }
}
