public import CDR

/// The standard names of CORBA that are not tied to an interface of our own.
public enum CORBA {}

/// The one type of all system exceptions, also reachable where generated code declares a `CORBA` of its own.
public typealias SystemException = CORBA.SystemException

extension CORBA {
  /// What the ORB itself, on either side, reports about a call (CORBA 3.3, part 1, 8.28.2).
  public struct SystemException: Error, Sendable, Hashable {
    /// Which standard exception it is; the raw value is its IDL name.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
      case unknown = "UNKNOWN"
      case badParameter = "BAD_PARAM"
      case noMemory = "NO_MEMORY"
      case implementationLimit = "IMP_LIMIT"
      case communicationFailure = "COMM_FAILURE"
      case invalidObjectReference = "INV_OBJREF"
      case noPermission = "NO_PERMISSION"
      case internalError = "INTERNAL"
      case marshal = "MARSHAL"
      case initialize = "INITIALIZE"
      case noImplement = "NO_IMPLEMENT"
      case badTypeCode = "BAD_TYPECODE"
      case badOperation = "BAD_OPERATION"
      case noResources = "NO_RESOURCES"
      case noResponse = "NO_RESPONSE"
      case persistentStore = "PERSIST_STORE"
      case badInvocationOrder = "BAD_INV_ORDER"
      case transient = "TRANSIENT"
      case freeMemory = "FREE_MEM"
      case invalidIdentifier = "INV_IDENT"
      case invalidFlag = "INV_FLAG"
      case interfaceRepository = "INTF_REPOS"
      case badContext = "BAD_CONTEXT"
      case objectAdapter = "OBJ_ADAPTER"
      case dataConversion = "DATA_CONVERSION"
      case objectNotExist = "OBJECT_NOT_EXIST"
      case transactionRequired = "TRANSACTION_REQUIRED"
      case transactionRolledBack = "TRANSACTION_ROLLEDBACK"
      case invalidTransaction = "INVALID_TRANSACTION"
      case invalidPolicy = "INV_POLICY"
      case codeSetIncompatible = "CODESET_INCOMPATIBLE"
      case rebind = "REBIND"
      case timeout = "TIMEOUT"
      case transactionUnavailable = "TRANSACTION_UNAVAILABLE"
      case transactionMode = "TRANSACTION_MODE"
      case badQualityOfService = "BAD_QOS"
      case invalidActivity = "INVALID_ACTIVITY"
      case activityCompleted = "ACTIVITY_COMPLETED"
      case activityRequired = "ACTIVITY_REQUIRED"

      /// The repository id under which it travels.
      public var repositoryID: String { "IDL:omg.org/CORBA/\(rawValue):1.0" }

      /// The kind of a repository id; nil for an id that is none of the standard ones.
      public init?(repositoryID: String) {
        let prefix = "IDL:omg.org/CORBA/"
        guard repositoryID.hasPrefix(prefix), repositoryID.hasSuffix(":1.0") else { return nil }
        self.init(rawValue: String(repositoryID.dropFirst(prefix.count).dropLast(4)))
      }
    }

    /// What is known about the fate of the call.
    public enum Completion: UInt32, Sendable, Hashable {
      /// The servant has finished its work.
      case yes = 0
      /// The servant was never reached: trying again is safe.
      case no = 1
      /// Unknown, for example after a lost connection.
      case maybe = 2
    }

    public var kind: Kind
    /// The minor code, with the vendor's id in its upper 20 bits.
    public var minor: UInt32
    public var completed: Completion
    /// What happened, in words; stays on this side of the wire.
    public var message: String

    public init(_ kind: Kind, minor: UInt32 = 0, completed: Completion = .no, message: String = "") {
      self.kind = kind
      self.minor = minor
      self.completed = completed
      self.message = message
    }

    public init(_ kind: Kind, minor: MinorCode, completed: Completion = .no, message: String = "") {
      self.init(kind, minor: minor.rawValue, completed: completed, message: message)
    }

    /// How a codec's error is told to a peer, or to a caller.
    public init(_ error: CDRError, completed: Completion) {
      let kind: Kind =
        switch error.kind {
        case .marshal: .marshal
        case .dataConversion: .dataConversion
        case .badParameter: .badParameter
        }
      self.init(kind, completed: completed, message: error.description)
    }

    /// The words belong to no identity: two exceptions are equal when the wire cannot tell them apart.
    public static func == (left: Self, right: Self) -> Bool {
      left.kind == right.kind && left.minor == right.minor && left.completed == right.completed
    }
    public func hash(into hasher: inout Hasher) {
      hasher.combine(kind)
      hasher.combine(minor)
      hasher.combine(completed)
    }
  }
}

extension CORBA.SystemException: CustomStringConvertible {
  public var description: String {
    let code = minor == 0 ? "" : " minor 0x\(String(minor, radix: 16))"
    let fate =
      switch completed {
      case .yes: "completed"
      case .no: "not carried out"
      case .maybe: "perhaps carried out"
      }
    return "\(kind.rawValue)\(code) (\(fate))\(message.isEmpty ? "" : ": \(message)")"
  }
}

extension CORBA.SystemException {
  /// Writes the body of a system exception reply.
  public func encode(into encoder: inout CDREncoder) throws(CDRError) {
    try encoder.encode(kind.repositoryID)
    encoder.encode(minor)
    encoder.encode(completed.rawValue)
  }

  /// Reads the body of a system exception reply; an id that is not a standard one becomes UNKNOWN and is named in the message.
  public init(from decoder: inout CDRDecoder) throws(CDRError) {
    let id = try decoder.decode(String.self, bound: 1024)
    let minor = try decoder.decode(UInt32.self)
    let completed = Completion(rawValue: try decoder.decode(UInt32.self)) ?? .maybe
    if let kind = Kind(repositoryID: id) {
      self.init(kind, minor: minor, completed: completed)
    } else {
      self.init(.unknown, minor: minor, completed: completed, message: "the peer answered the unknown system exception \(id)")
    }
  }
}
