/// Schemas/broker.xsd, made of the declarations.
public enum ConfigurationSchema {
  /// The schema document.
  public static var text: String {
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<!-- Made of Sources/ConfigurationFile: `tessera config schema`. -->",
      "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns=\"\(BrokerConfiguration.namespace)\"",
      "    targetNamespace=\"\(BrokerConfiguration.namespace)\" elementFormDefault=\"qualified\">",
    ]
    element(BrokerConfiguration.element, isOptional: false, depth: 1, &lines)
    return (lines + ["</xs:schema>", ""]).joined(separator: "\n")
  }

  /// - Parameter isOptional: whether it says so itself, rather than the choice that it stands in.
  private static func element(_ element: ConfigurationElement, isOptional: Bool, depth: Int, _ lines: inout [String]) {
    func add(_ line: String, _ more: Int = 0) { lines.append(String(repeating: "  ", count: depth + more) + line) }
    add("<xs:element name=\"\(element.name)\"\(isOptional ? " minOccurs=\"0\"" : "")>")
    add("<xs:annotation><xs:documentation>\(escaped(element.doc))</xs:documentation></xs:annotation>", 1)
    add("<xs:complexType>", 1)
    if !element.elements.isEmpty {
      // In any order; `all` says "once", where nothing repeats.
      let all = !element.elements.contains(where: \.repeats)
      add(all ? "<xs:all>" : "<xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">", 2)
      for child in element.elements { Self.element(child, isOptional: all, depth: depth + 3, &lines) }
      add(all ? "</xs:all>" : "</xs:choice>", 2)
    }
    for attribute in element.attributes { Self.attribute(attribute, depth: depth + 2, &lines) }
    add("</xs:complexType>", 1)
    add("</xs:element>")
  }

  private static func attribute(_ attribute: ConfigurationAttribute, depth: Int, _ lines: inout [String]) {
    func add(_ line: String, _ more: Int = 0) { lines.append(String(repeating: "  ", count: depth + more) + line) }
    let more = attribute.isRequired ? " use=\"required\"" : attribute.defaultText.map { " default=\"\(escaped($0))\"" } ?? ""
    add("<xs:attribute name=\"\(attribute.name)\"\(more)>")
    add("<xs:annotation><xs:documentation>\(escaped(attribute.doc))</xs:documentation></xs:annotation>", 1)
    let (base, facets) = restriction(attribute.kind)
    add("<xs:simpleType>", 1)
    add("<xs:restriction base=\"\(base)\">", 2)
    for facet in facets { add(facet, 3) }
    add("</xs:restriction>", 2)
    add("</xs:simpleType>", 1)
    add("</xs:attribute>")
  }

  private static func restriction(_ kind: ConfigurationValueKind) -> (base: String, facets: [String]) {
    switch kind {
    case .text: ("xs:string", ["<xs:minLength value=\"1\"/>"])
    case .path: ("xs:token", ["<xs:minLength value=\"1\"/>"])
    case .name: ("xs:token", ["<xs:pattern value=\"[A-Za-z0-9._\\-]{1,100}\"/>"])
    case .names: ("xs:token", ["<xs:pattern value=\"[A-Za-z0-9._\\-]{1,100}( [A-Za-z0-9._\\-]{1,100})*\"/>"])
    case .flag: ("xs:boolean", [])
    case .integer(let range):
      ("xs:integer", ["<xs:minInclusive value=\"\(range.lowerBound)\"/>", "<xs:maxInclusive value=\"\(range.upperBound)\"/>"])
    case .duration: ("xs:token", ["<xs:pattern value=\"\(ConfigurationDuration.pattern)\"/>"])
    case .choice(let words): ("xs:token", words.map { "<xs:enumeration value=\"\(escaped($0))\"/>" })
    case .choices(let words):
      ("xs:token", ["<xs:pattern value=\"(\(words.joined(separator: "|")))( (\(words.joined(separator: "|"))))*\"/>"])
    }
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
  }
}
