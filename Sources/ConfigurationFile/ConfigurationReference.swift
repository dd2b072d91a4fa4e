/// The tables of Docs/Configuration.md, made of the declarations.
public enum ConfigurationReference {
  /// The line before the tables, and the line behind them.
  public static let begin = "<!-- begin of `tessera config reference` -->"
  public static let end = "<!-- end of `tessera config reference` -->"

  /// One part for each section.
  public static var text: String {
    ([begin, ""] + BrokerConfiguration.sections.flatMap { part($0.element) } + [end, ""]).joined(separator: "\n")
  }

  private static func part(_ element: ConfigurationElement) -> [String] {
    var lines = [
      "### `<\(element.name)>`", "", element.doc, "", "| element | attribute | takes | default | says |", "|---|---|---|---|---|",
    ]
    rows(element, [], &lines)
    return lines + [""]
  }

  private static func rows(_ element: ConfigurationElement, _ above: [String], _ lines: inout [String]) {
    let path = above + [element.name]
    let name = "`\(path.joined(separator: "/"))`\(element.repeats ? ", any number" : "")"
    // The section's own sentence stands above the table.
    if !above.isEmpty || element.attributes.isEmpty && element.elements.isEmpty { lines.append("| \(name) | | | | \(element.doc) |") }
    for attribute in element.attributes {
      let value = attribute.isRequired ? "required" : attribute.defaultText.map { "`\($0)`" } ?? "none"
      lines.append(
        "| `\(path.joined(separator: "/"))` | `\(attribute.name)` | \(attribute.kind.description) | \(value) | \(attribute.doc) |")
    }
    for child in element.elements { rows(child, path, &lines) }
  }
}
