public import CDR
public import GIOPCore

/// The standard names of CORBA that are not tied to an interface of our own.
public enum CORBA {}

/// The one type of all system exceptions, also reachable where generated code declares a `CORBA` of its own.
public typealias SystemException = CORBA.SystemException

extension CORBA {
  /// What the ORB itself, on either side, reports about a call (CORBA 3.3, part 1, 8.28.2).
  public struct SystemException: Error, Sendable, Hashable {
    /// Which standard exception it is; the raw value is its IDL name.
    public typealias Kind = SystemExceptionKind
    /// What is known about the fate of the call: `no` means that trying again is safe, `maybe` that nobody knows.
    public typealias Completion = CompletionStatus

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

    /// An exception as it came from a peer.
    public init(_ body: SystemExceptionBody, message: String = "") {
      self.init(body.kind, minor: body.minor, completed: body.completed, message: message)
    }

    /// How a codec's error is told to a peer, or to a caller.
    public init(_ error: CDRError, completed: Completion) {
      self.init(SystemExceptionBody(error, completed: completed), message: error.description)
    }

    /// What of it travels.
    public var body: SystemExceptionBody { SystemExceptionBody(kind, minor: minor, completed: completed) }

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
