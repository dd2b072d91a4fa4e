public import CDR

/// The standard system exceptions (CORBA 3.3, part 1, 8.11.3); raw values are their IDL names.
public enum SystemExceptionKind: String, Sendable, Hashable, CaseIterable {
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
  case threadCancelled = "THREAD_CANCELLED"

  /// The repository id on the wire, for example `IDL:omg.org/CORBA/MARSHAL:1.0`.
  public var repositoryID: String { "IDL:omg.org/CORBA/\(rawValue):1.0" }

  /// The kind with the given repository id; nil if it is none of the standard ones.
  public init?(repositoryID: String) {
    let start = "IDL:omg.org/CORBA/"
    let end = ":1.0"
    guard repositoryID.hasPrefix(start), repositoryID.hasSuffix(end), repositoryID.utf8.count > start.utf8.count + end.utf8.count else {
      return nil
    }
    self.init(rawValue: String(repositoryID.dropFirst(start.count).dropLast(end.count)))
  }

  /// The kind that reports a marshalling error.
  public init(_ kind: CDRError.Kind) {
    switch kind {
    case .marshal: self = .marshal
    case .dataConversion: self = .dataConversion
    case .badParameter: self = .badParameter
    }
  }
}

/// Whether the operation ran before an exception was raised.
public enum CompletionStatus: UInt32, Sendable, Hashable {
  case yes = 0
  case no = 1
  case maybe = 2
}

/// Minor codes of system exceptions that this ORB raises (CORBA 3.3, part 1, annex A); the upper 20 bits are the OMG's, 0x4f4d0.
public struct MinorCode: RawRepresentable, Sendable, Hashable {
  public let rawValue: UInt32
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  private init(omg number: UInt32) { rawValue = 0x4F4D_0000 | number }

  /// Nothing more is known.
  public static let unspecified = MinorCode(rawValue: 0)

  /// UNKNOWN: the servant raised an exception that its operation does not declare.
  public static let unlistedUserException = MinorCode(omg: 1)
  /// UNKNOWN: a system exception that the standard does not have.
  public static let nonStandardSystemException = MinorCode(omg: 2)
  /// BAD_PARAM: a stringified reference of an unknown scheme.
  public static let badSchemeName = MinorCode(omg: 7)
  /// BAD_PARAM: a stringified reference whose address is broken.
  public static let badAddress = MinorCode(omg: 8)
  /// BAD_PARAM: a stringified reference broken behind its scheme.
  public static let badSchemeSpecificPart = MinorCode(omg: 9)
  /// BAD_PARAM: wide characters, but the client has named no code set for them.
  public static let wideCodeSetNotInContext = MinorCode(omg: 23)
  /// BAD_PARAM: an enumerator that the type does not have.
  public static let enumeratorOutOfRange = MinorCode(omg: 25)
  /// BAD_INV_ORDER: the ORB, or its transport, has been shut down.
  public static let hasShutDown = MinorCode(omg: 4)
  /// INV_OBJREF: wide characters for a server whose reference does not say that it takes them.
  public static let wideCodeSetNotInReference = MinorCode(omg: 1)
  /// MARSHAL: wide characters over GIOP 1.0, sent by the client.
  public static let wideCharactersInGIOP10Request = MinorCode(omg: 5)
  /// MARSHAL: wide characters over GIOP 1.0, returned by the server.
  public static let wideCharactersInGIOP10Reply = MinorCode(omg: 6)
  /// BAD_OPERATION: the object has no such operation or attribute.
  public static let unknownOperation = MinorCode(omg: 2)
  /// DATA_CONVERSION: a character that the transmission code set does not have.
  public static let characterNotInCodeSet = MinorCode(omg: 1)
  /// TRANSIENT: the request was discarded for want of resources.
  public static let requestDiscarded = MinorCode(omg: 1)
  /// TRANSIENT: no profile of the reference can be used.
  public static let noUsableProfile = MinorCode(omg: 2)
  /// TRANSIENT: the request was cancelled.
  public static let requestCancelled = MinorCode(omg: 3)
  /// IMP_LIMIT: no profile of the reference can be used by this ORB at all.
  public static let noUnderstoodProfile = MinorCode(omg: 1)
  /// OBJECT_NOT_EXIST: no adapter knows the object key.
  public static let unknownAdapter = MinorCode(omg: 2)
  /// INTF_REPOS: there is no interface repository.
  public static let noInterfaceRepository = MinorCode(omg: 1)
  /// CODESET_INCOMPATIBLE: client and server have no set in common.
  public static let codeSetNegotiationFailed = MinorCode(omg: 1)
  /// CODESET_INCOMPATIBLE: the client chose a set that the server does not have.
  public static let codeSetNotSupported = MinorCode(omg: 2)
}

/// The body of a Reply with a system exception (CORBA 3.3, part 2, 9.4.3.2).
public struct SystemExceptionBody: Sendable, Hashable {
  /// Longest repository id in octets.
  static var maximumIDLength: Int { 4096 }

  public var kind: SystemExceptionKind
  public var minor: UInt32
  public var completed: CompletionStatus

  public init(_ kind: SystemExceptionKind, minor: MinorCode = .unspecified, completed: CompletionStatus) {
    self.init(kind, minor: minor.rawValue, completed: completed)
  }

  public init(_ kind: SystemExceptionKind, minor: UInt32, completed: CompletionStatus) {
    self.kind = kind
    self.minor = minor
    self.completed = completed
  }

  /// Reads the body; an exception that the standard does not have becomes UNKNOWN, as it says.
  public init(from decoder: inout CDRDecoder) throws(CDRError) {
    let id = try decoder.decode(String.self, bound: Self.maximumIDLength)
    let minor = try decoder.decode(UInt32.self)
    let raw = try decoder.decode(UInt32.self)
    guard let completed = CompletionStatus(rawValue: raw) else {
      throw .invalidEnumerator(raw, type: "CompletionStatus", offset: decoder.position - 4)
    }
    if let kind = SystemExceptionKind(repositoryID: id) {
      self.init(kind, minor: minor, completed: completed)
    } else {
      self.init(.unknown, minor: .nonStandardSystemException, completed: completed)
    }
  }

  public func encode(into encoder: inout CDREncoder) {
    encoder.encode(identifier: kind.repositoryID)
    encoder.encode(minor)
    encoder.encode(completed.rawValue)
  }
}
