import ConfigurationFile
import Glibc

/// broker.xml as the `serve` that runs has read it: until that starts anew, commands beside it decide as it does, whatever the file says
/// meanwhile.
enum ServedConfiguration {
  /// The octets of broker.xml that a command or `serve` goes by; nil where there is none.
  ///
  /// - Parameter besideServe: whether what a running `serve` has read goes before the file.
  /// - Throws: ``Refusal`` where the file cannot be read.
  static func octets(_ path: String, besideServe: Bool) throws -> [UInt8]? {
    if besideServe, let kept = try kept(by: DataFolder(named: path)) { return kept.isEmpty ? nil : kept }
    do throws(ConfigurationFaults) { return try BrokerConfiguration.octets(of: file(in: path), followsLinks: false) } catch {
      throw Refusal(error)
    }
  }

  /// Whether the file is not any more what the running `serve` has read.
  static func isOutdated(_ path: String) throws -> Bool {
    guard let kept = try kept(by: DataFolder(named: path)) else { return false }
    return try kept != octets(path, besideServe: false) ?? []
  }

  /// Writes down what `serve` has read, for the commands beside it.
  static func keep(_ octets: [UInt8]?, in folder: DataFolder) throws {
    try Files.replace(folder.servedConfigurationFile, with: Array("process \(getpid())\n".utf8) + (octets ?? []))
  }

  static func file(in path: String) -> String { "\(path)\(path.hasSuffix("/") ? "" : "/")\(BrokerConfiguration.fileName)" }

  /// What the running `serve` has read, empty where there was no file; nil where none runs, even if one that was killed left its file.
  private static func kept(by folder: DataFolder) throws -> [UInt8]? {
    let file = folder.servedConfigurationFile
    guard Files.isFile(file), ServeLock.isHeld(folder), let holder = ServeLock.holder(folder), holder != "\(getpid())" else {
      return nil
    }
    let octets = try Files.read(file, limit: BrokerConfiguration.maximumOctets + 100)
    guard let end = octets.firstIndex(of: UInt8(ascii: "\n")), octets[..<end].elementsEqual("process \(holder)".utf8) else { return nil }
    return Array(octets[(end + 1)...])
  }
}
