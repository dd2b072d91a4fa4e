import Foundation
public import Identity
import Mapping

/// `<days>`: where days begin and end.
public enum DaysSection: ConfigurationSection {
  public static let defaultValue = DayZone.utc

  public static let element = ConfigurationElement(
    "days", "Where days begin and end.",
    attributes: [
      ConfigurationAttribute(
        "zone", .text(maximumOctets: 100),
        "The zone of the days that are made of a time: the day of a signature that is not told, the day for which a price or a row of a value map applies, when a receivable is overdue, the days of `balance`. A zone of the time zone database, such as Asia/Shanghai; times themselves are told in UTC everywhere.",
        defaultText: "UTC")
    ])

  public static func value(of node: ConfigurationNode, _ faults: inout ConfigurationFaults) -> DayZone {
    let name = node.required("zone").trimmingCharacters(in: .whitespaces)
    if let zone = DayZone(named: name) { return zone }
    let known = TimeZone.knownTimeZoneIdentifiers + ["UTC"]
    let likely = NameSuggestion.hint(for: name, among: known)
    faults.add(
      "CONFIGURATION_VALUE", "'\(name)' is no zone of the time zone database", at: node.place("zone"),
      hint: likely.hasPrefix("did you mean") ? likely : "write one such as Asia/Shanghai, Europe/Berlin or UTC")
    return .utc
  }
}

extension DayZone {
  /// A zone of the time zone database; nil where it has none of that name.
  public init?(named name: String) {
    if name == "UTC" {
      self = .utc
      return
    }
    // Names in other cases, and abbreviations that several zones have, are not guessed at.
    guard TimeZone.knownTimeZoneIdentifiers.contains(name), let zone = TimeZone(identifier: name) else { return nil }
    self.init(name) { time in
      Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time) / 1_000_000))) * 1_000_000
    }
  }
}
