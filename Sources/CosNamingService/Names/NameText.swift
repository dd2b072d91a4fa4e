/// Names as text: `id.kind/id.kind` (OMG Naming Service 1.3, 2.4.1).
///
/// A backslash takes away the meaning of a slash, a dot or a backslash. A component without kind has no dot; the component whose id and
/// kind are both empty is a lone dot.
public enum NameText {
  /// Writes a name; the text is empty for the name without components.
  public static func text(of name: CosNaming.Name) -> String { name.map(text(of:)).joined(separator: "/") }

  /// Writes one component.
  public static func text(of component: CosNaming.NameComponent) -> String {
    if component.kind.isEmpty { return component.id.isEmpty ? "." : escaped(component.id) }
    return escaped(component.id) + "." + escaped(component.kind)
  }

  /// Reads a name.
  ///
  /// - Throws: ``NameTextError``.
  public static func name(of text: String) throws(NameTextError) -> CosNaming.Name {
    var parser = NameParser(octets: Array(text.utf8))
    return try parser.parse()
  }

  private static func escaped(_ text: String) -> String {
    var octets: [UInt8] = []
    for octet in text.utf8 {
      if octet == .slash || octet == .dot || octet == .backslash { octets.append(.backslash) }
      octets.append(octet)
    }
    return String(decoding: octets, as: UTF8.self)
  }
}

/// Why a text is no name.
public struct NameTextError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The octet, from 1, at which it was seen.
  public let position: Int
  /// What was found and what was expected.
  public let message: String

  public var description: String { "character \(position): \(message)" }
}

extension UInt8 {
  static let slash = UInt8(ascii: "/")
  static let dot = UInt8(ascii: ".")
  static let backslash = UInt8(ascii: "\\")
}

private struct NameParser {
  let octets: [UInt8]
  var index = 0

  mutating func parse() throws(NameTextError) -> CosNaming.Name {
    if octets.isEmpty { throw NameTextError(position: 1, message: "the name is empty") }
    var name = [try parseComponent()]
    while index < octets.count {
      index += 1  // parseComponent() stops at slashes only
      name.append(try parseComponent())
    }
    return name
  }

  private mutating func parseComponent() throws(NameTextError) -> CosNaming.NameComponent {
    let start = index
    let id = try parsePart()
    guard index < octets.count, octets[index] == .dot else {
      if index == start { throw NameTextError(position: start + 1, message: "a component is empty; the empty id is written as a dot") }
      return CosNaming.NameComponent(id: id, kind: "")
    }
    index += 1
    let kindStart = index
    let kind = try parsePart()
    if index < octets.count, octets[index] == .dot {
      throw NameTextError(position: index + 1, message: "a second dot in one component; write \\. for a dot that means itself")
    }
    if index == kindStart, kindStart > start + 1 {
      throw NameTextError(position: kindStart, message: "nothing follows the dot; a component without kind is written without it")
    }
    return CosNaming.NameComponent(id: id, kind: kind)
  }

  /// Reads up to a dot, a slash or the end.
  private mutating func parsePart() throws(NameTextError) -> String {
    var part: [UInt8] = []
    while index < octets.count, octets[index] != .slash, octets[index] != .dot {
      if octets[index] == .backslash {
        index += 1
        guard index < octets.count, [.slash, .dot, .backslash].contains(octets[index]) else {
          throw NameTextError(position: index, message: "a backslash must stand before a slash, a dot or a backslash")
        }
      }
      part.append(octets[index])
      index += 1
    }
    return String(decoding: part, as: UTF8.self)
  }
}
