/// One element below the root of broker.xml: what it may hold, and the pure value that is made of it.
///
/// To add one, write a file in Sections/ with a type of this protocol, add the type to ``BrokerConfiguration/sections``, and run
/// Scripts/configuration.py. Whoever needs the value asks `configuration[ThatSection.self]`.
public protocol ConfigurationSection: SendableMetatype {
  /// What the section says; a type of the target that obeys it.
  associatedtype Value: Sendable
  /// What holds where the element is not there.
  static var defaultValue: Value { get }
  /// What the element may hold.
  static var element: ConfigurationElement { get }
  /// Makes the value of an element that was checked against ``element``.
  ///
  /// - Parameter faults: takes what is wrong beyond the declaration, such as two attributes that do not go together.
  static func value(of node: ConfigurationNode, _ faults: inout ConfigurationFaults) -> Value
}

/// The declaration of an element: the reader, the schema and the reference page are made of it.
public struct ConfigurationElement: Sendable {
  public let name: String
  /// What it says, in one sentence.
  public let doc: String
  public let attributes: [ConfigurationAttribute]
  /// What stands inside, in any order.
  public let elements: [ConfigurationElement]
  /// Whether it may stand more than once in its parent.
  public let repeats: Bool

  public init(
    _ name: String, _ doc: String, attributes: [ConfigurationAttribute] = [], elements: [ConfigurationElement] = [], repeats: Bool = false
  ) {
    self.name = name
    self.doc = doc
    self.attributes = attributes
    self.elements = elements
    self.repeats = repeats
  }
}

/// The declaration of an attribute.
public struct ConfigurationAttribute: Sendable {
  public let name: String
  public let kind: ConfigurationValueKind
  /// What it says, in one sentence.
  public let doc: String
  public let isRequired: Bool
  /// What holds where the attribute is absent, as it would be written; nil where nothing does.
  public let defaultText: String?

  /// - Parameter defaultText: what holds where the attribute is absent, as it would be written; it must be a value of the kind.
  public init(_ name: String, _ kind: ConfigurationValueKind, _ doc: String, isRequired: Bool = false, defaultText: String? = nil) {
    self.name = name
    self.kind = kind
    self.doc = doc
    self.isRequired = isRequired
    self.defaultText = defaultText
  }

  /// A whole number within bounds.
  public static func integer(_ name: String, _ range: ClosedRange<Int>, default value: Int, _ doc: String) -> Self {
    Self(name, .integer(range), doc, defaultText: String(value))
  }

  /// A time such as `500ms`, `30s`, `5m`, `2h`, `7d`, within bounds.
  public static func duration(_ name: String, _ range: ClosedRange<Duration>, default value: Duration, _ doc: String) -> Self {
    Self(name, .duration(range), doc, defaultText: ConfigurationDuration.text(value))
  }

  /// `true` or `false`.
  public static func flag(_ name: String, default value: Bool, _ doc: String) -> Self {
    Self(name, .flag, doc, defaultText: value ? "true" : "false")
  }

  /// One of the cases of an enumeration, by its stable name.
  public static func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String, default value: Choice, _ doc: String
  ) -> Self {
    Self(name, .choice(Choice.allCases.map(\.rawValue)), doc, defaultText: value.rawValue)
  }
}
