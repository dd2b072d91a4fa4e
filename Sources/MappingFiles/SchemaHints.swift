import Mapping
import XMLStream

/// Says what somebody probably meant by a word that a schema does not know.
enum SchemaHints {
  /// The issue with a hint, and in the place of the attribute's name where it is the name that is unknown.
  ///
  /// - Parameters:
  ///   - root: of the document.
  ///   - schema: its text.
  static func completing(_ issue: XMLIssue, in root: XMLElement?, schema: String) -> XMLIssue {
    guard issue.code == .schemaViolation, issue.hint.isEmpty else { return issue }
    let words = issue.message.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
    guard words.count > 1 else { return issue }
    var issue = issue
    if issue.message.hasSuffix("' is not allowed."), words.count > 3, words[2].hasSuffix("attribute ") {
      issue.hint = question(words[3], attributes(of: words[1], schema))
      let attribute = root?.attribute(words[3], at: XMLPosition(line: issue.line, column: issue.column))
      if let place = attribute?.position { (issue.line, issue.column) = (place.line, place.column) }
    } else if issue.message.contains("This element is not expected.") {
      let expected = issue.message.split(separator: "( ").last?.split(separator: " )").first?.split(separator: ", ").map(String.init)
      let all = schema.split(separator: "<xs:element name=\"").dropFirst().compactMap { $0.split(separator: "\"").first.map(String.init) }
      issue.hint = question(words[1], issue.message.contains("Expected is") ? expected ?? all : all)
    } else if let value = issue.message.split(separator: "The value '").last?.split(separator: "' is not an element of the set {'").first,
      let set = issue.message.split(separator: "of the set {'").last, set.contains("'}")
    {
      issue.hint = question(String(value), set.split(separator: "'}")[0].split(separator: "', '").map(String.init))
    }
    return issue
  }

  private static func question(_ word: String, _ names: [String]) -> String {
    NameSuggestion.nearest(to: word, among: names).map { "did you mean '\($0)'?" } ?? ""
  }

  /// The names of an element's attributes, read out of the text of the schema.
  private static func attributes(of element: String, _ schema: String) -> [String] {
    func between(_ start: String, _ end: String) -> Substring? {
      guard let begin = schema.firstRange(of: start) else { return nil }
      return schema[begin.upperBound...].firstRange(of: end).map { schema[begin.upperBound..<$0.lowerBound] }
    }
    let type = between("<xs:element name=\"\(element)\" type=\"", "\"")
    let body =
      type.flatMap { between("<xs:complexType name=\"\($0)\">", "</xs:complexType>") }
      ?? between("<xs:element name=\"\(element)\">", "</xs:complexType>")
    return (body ?? "").split(separator: "<xs:attribute name=\"").dropFirst().compactMap {
      $0.split(separator: "\"").first.map(String.init)
    }
  }
}

extension XMLElement {
  /// The attribute of a name whose value begins at a place, in this element or one inside.
  fileprivate func attribute(_ name: String, at place: XMLPosition) -> XMLAttribute? {
    attributes.first { $0.name.local == name && $0.valuePosition == place }
      ?? elements.lazy.compactMap { $0.attribute(name, at: place) }.first
  }
}
