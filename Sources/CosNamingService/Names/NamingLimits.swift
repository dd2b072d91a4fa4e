/// What a naming service accepts; beyond it names are invalid, and calls get IMP_LIMIT.
public struct NamingLimits: Sendable {
  /// Components of one name.
  public var components = 32
  /// Octets of an id, and of a kind.
  public var partOctets = 255
  /// Octets of a reference, as text.
  public var referenceOctets = 65_536
  /// Bindings of one context.
  public var bindings = 100_000
  public var contexts = 10_000
  /// Contexts that callers of one address may make while the process lives.
  public var contextsPerCaller = 2_500
  /// Bindings in one answer of `list` and `next_n`, whatever the caller asks for.
  public var page = 10_000
  /// Open iterators; one more ends the one that was not used for the longest time.
  public var iterators = 1_000
  /// An iterator ends when nobody used it for so long.
  public var iteratorIdle: Duration = .seconds(300)
  /// How long a context of another server may take where a name leads through it.
  public var foreignCall: Duration = .seconds(10)

  public init() {}

  /// Checks a name before anything else is done with it.
  ///
  /// - Throws: `InvalidName`.
  func check(_ name: CosNaming.Name) throws(CosNaming.NamingContext.InvalidName) {
    guard !name.isEmpty, name.count <= components,
      name.allSatisfy({ $0.id.utf8.count <= partOctets && $0.kind.utf8.count <= partOctets })
    else { throw CosNaming.NamingContext.InvalidName() }
  }

  /// Octets of the longest text that can be a name within these limits: every octet escaped, a dot and a slash for each component.
  var nameTextOctets: Int { components * (4 * partOctets + 2) }
}
