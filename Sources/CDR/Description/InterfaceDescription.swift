/// The shape of an IDL interface: what a caller without generated code needs to call it.
///
/// Generated interfaces carry theirs as `static let interfaceDescription`.
public struct InterfaceDescription: Hashable, Sendable {
  /// The repository id.
  public let id: String
  /// The name as IDL spells it, without its scope.
  public let name: String
  /// The repository ids of all direct and indirect bases, each once, bases before those derived from them.
  public let bases: [String]
  /// All operations, inherited ones first. An attribute `x` appears as `_get_x` and, unless readonly, `_set_x`.
  public let operations: [OperationDescription]
  private let positions: [String: Int]

  public init(id: String, name: String, bases: [String] = [], operations: [OperationDescription]) {
    self.id = id
    self.name = name
    self.bases = bases
    self.operations = operations
    positions = Dictionary(operations.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// An interface that adds operations to those of its bases, each of which counts once however often it is inherited.
  public init(id: String, name: String, inheriting direct: [InterfaceDescription], operations own: [OperationDescription]) {
    var bases: [String] = []
    var operations: [OperationDescription] = []
    for base in direct {
      bases += (base.bases + [base.id]).filter { !bases.contains($0) }
      operations += base.operations.filter { inherited in !operations.contains { $0.name == inherited.name } }
    }
    self.init(id: id, name: name, bases: bases, operations: operations + own)
  }

  /// The operation of that name on the wire, own or inherited.
  public func operation(named name: String) -> OperationDescription? { positions[name].map { operations[$0] } }

  public static func == (left: InterfaceDescription, right: InterfaceDescription) -> Bool {
    left.id == right.id && left.bases == right.bases && left.operations == right.operations
  }
  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// The shape of an operation, by which dynamic calls are encoded and decoded.
public struct OperationDescription: Hashable, Sendable {
  /// One parameter, in IDL order.
  public struct Parameter: Hashable, Sendable {
    /// The ways that a parameter travels.
    public enum Direction: String, Hashable, Sendable {
      case `in`, out, `inout`
    }

    /// The name as IDL spells it.
    public let name: String
    public let direction: Direction
    public let type: TypeCode

    public init(_ name: String, _ direction: Direction, _ type: TypeCode) {
      self.name = name
      self.direction = direction
      self.type = type
    }
  }

  /// The name on the wire: the identifier in IDL, `_get_x` or `_set_x`.
  public let name: String
  public let parameters: [Parameter]
  /// ``TypeCode/void`` where nothing is returned.
  public let result: TypeCode
  /// The user exceptions that may be raised.
  public let raises: [RecordType]
  public let isOneway: Bool

  public init(_ name: String, parameters: [Parameter] = [], result: TypeCode = .void, raises: [RecordType] = [], isOneway: Bool = false) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.raises = raises
    self.isOneway = isOneway
  }

  /// The types of the values in a request: `in` and `inout` parameters in order.
  public var argumentTypes: [TypeCode] { parameters.filter { $0.direction != .out }.map(\.type) }

  /// The types of the values in a reply: the result unless void, then `out` and `inout` parameters in order.
  public var replyTypes: [TypeCode] {
    (result == .void ? [] : [result]) + parameters.filter { $0.direction != .in }.map(\.type)
  }
}
