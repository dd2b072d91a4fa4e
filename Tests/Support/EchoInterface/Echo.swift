// swift-format-ignore-file
// Written by hand in exactly the shape that the generator produces, for:
//
//   module Bench {
//     exception Rejected { string reason; long line; };
//     interface Echo {
//       readonly attribute long long fired;
//       void nop();
//       string echoString(in string text);
//       long push(in StringSeq batch, out long accepted) raises (Rejected);
//       Echo itself(in Echo other);
//       oneway void fire(in long number);
//     };
//     interface LoudEcho : Echo { string shout(in string text); };   // #pragma tessera sync shout
//   };

public import CDR
public import ORBCore

public enum Bench {}

extension Bench {
  public struct Rejected: ORBCore.UserException, Hashable {
    public static var repositoryID: Swift.String { "IDL:Bench/Rejected:1.0" }
    public var reason: Swift.String
    public var line: Swift.Int32
    @inlinable public init(reason: Swift.String, line: Swift.Int32) {
      self.reason = reason
      self.line = line
    }
  }
}

extension Bench.Rejected {
  public static let recordType = CDR.RecordType(
    id: "IDL:Bench/Rejected:1.0", name: "Rejected", fields: [.init("reason", .string(bound: 0)), .init("line", .long)])
  @inlinable public static var minimumWireSize: Swift.Int { 9 }
  @inlinable public func encode(into encoder: inout CDR.CDREncoder) throws(CDR.CDRError) {
    try encoder.encode(reason)
    encoder.encode(line)
  }
  @inlinable public init(from decoder: inout CDR.CDRDecoder) throws(CDR.CDRError) {
    reason = try decoder.decode()
    line = try decoder.decode()
  }
  public func visitFields(_ visitor: inout some CDR.FieldVisitor) {
    visitor.visit(reason, slot: 0)
    visitor.visit(line, slot: 1)
  }
  public init(record: CDR.Record) throws(CDR.CDRError) {
    reason = try record.field(0)
    line = try record.field(1)
  }
}

// MARK: - interface Echo

extension Bench {
  public struct Echo: ORBCore.ObjectReference, Echo.Stub {
    public static var repositoryID: Swift.String { "IDL:Bench/Echo:1.0" }
    public let objectRef: ORBCore.ObjectRef
    @inlinable public init(unchecked objectRef: ORBCore.ObjectRef) { self.objectRef = objectRef }

    public protocol Stub: ORBCore.ObjectReference {}
    public protocol Servant: ORBCore.Servant {
      nonisolated(nonsending) func fired(context: ORBCore.ServerContext) async throws -> Swift.Int64
      nonisolated(nonsending) func nop(context: ORBCore.ServerContext) async throws
      nonisolated(nonsending) func echoString(text: Swift.String, context: ORBCore.ServerContext) async throws -> Swift.String
      nonisolated(nonsending) func push(batch: [Swift.String], context: ORBCore.ServerContext) async throws
        -> (returnValue: Swift.Int32, accepted: Swift.Int32)
      nonisolated(nonsending) func itself(other: Bench.Echo?, context: ORBCore.ServerContext) async throws -> Bench.Echo?
      nonisolated(nonsending) func fire(number: Swift.Int32, context: ORBCore.ServerContext) async throws
    }
  }
}

extension Bench.Echo.Stub {
  public var fired: Swift.Int64 {
    get async throws {
      try await objectRef.invoke("_get_fired", result: { (decoder) throws(CDR.CDRError) in try decoder.decode(Swift.Int64.self) })
    }
  }
  @inlinable public nonisolated(nonsending) func nop() async throws { try await objectRef.invoke("nop") }
  @inlinable public nonisolated(nonsending) func echoString(text: Swift.String) async throws -> Swift.String {
    try await objectRef.invoke("echoString") { (encoder) throws(CDR.CDRError) in
      try encoder.encode(text)
    } result: { (decoder) throws(CDR.CDRError) in
      try decoder.decode(Swift.String.self)
    }
  }
  /// - Throws: ``Bench/Rejected``, or a system exception.
  @inlinable public nonisolated(nonsending) func push(
    batch: [Swift.String]
  ) async throws -> (returnValue: Swift.Int32, accepted: Swift.Int32) {
    try await objectRef.invoke("push") { (encoder) throws(CDR.CDRError) in
      try encoder.encode(batch)
    } result: { (decoder) throws(CDR.CDRError) in
      let returnValue = try decoder.decode(Swift.Int32.self)
      let accepted = try decoder.decode(Swift.Int32.self)
      return (returnValue: returnValue, accepted: accepted)
    } raises: { id, decoder in
      if id == Bench.Rejected.repositoryID { throw try Bench.Rejected(from: &decoder) }
    }
  }
  @inlinable public nonisolated(nonsending) func itself(other: Bench.Echo?) async throws -> Bench.Echo? {
    try await objectRef.invoke("itself") { (encoder) throws(CDR.CDRError) in
      try encoder.encode(reference: other)
    } result: { (decoder) throws(CDR.CDRError) in
      try decoder.decodeReference(Bench.Echo.self)
    }
  }
  @inlinable public nonisolated(nonsending) func fire(number: Swift.Int32) async throws {
    try await objectRef.invokeOneway("fire") { (encoder) throws(CDR.CDRError) in
      encoder.encode(number)
    }
  }
}

extension Bench.Echo.Servant {
  public var repositoryIDs: [Swift.String] { ["IDL:Bench/Echo:1.0"] }

  public nonisolated(nonsending) func dispatch(_ request: ORBCore.IncomingRequest) async throws -> ORBCore.Reply {
    switch request.operation {
    case "_get_fired": return try await _dispatch_get_fired(request)
    case "nop": return try await _dispatch_nop(request)
    case "echoString": return try await _dispatch_echoString(request)
    case "push": return try await _dispatch_push(request)
    case "itself": return try await _dispatch_itself(request)
    case "fire": return try await _dispatch_fire(request)
    default: throw request.unknownOperation(of: "IDL:Bench/Echo:1.0")
    }
  }

  @inlinable nonisolated(nonsending) func _dispatch_get_fired(_ request: ORBCore.IncomingRequest) async throws -> ORBCore.Reply {
    try request.noArguments()
    let result = try await fired(context: request.context)
    return try request.reply { (encoder) throws(CDR.CDRError) in encoder.encode(result) }
  }
  @inlinable nonisolated(nonsending) func _dispatch_nop(_ request: ORBCore.IncomingRequest) async throws -> ORBCore.Reply {
    try request.noArguments()
    try await nop(context: request.context)
    return request.reply()
  }
  @inlinable nonisolated(nonsending) func _dispatch_echoString(_ request: ORBCore.IncomingRequest) async throws -> ORBCore.Reply {
    let text = try request.arguments { (decoder) throws(CDR.CDRError) in try decoder.decode(Swift.String.self) }
    let result = try await echoString(text: text, context: request.context)
    return try request.reply { (encoder) throws(CDR.CDRError) in try encoder.encode(result) }
  }
  @inlinable nonisolated(nonsending) func _dispatch_push(_ request: ORBCore.IncomingRequest) async throws -> ORBCore.Reply {
    let batch = try request.arguments { (decoder) throws(CDR.CDRError) in try decoder.decode([Swift.String].self) }
    do {
      let result = try await push(batch: batch, context: request.context)
      return try request.reply { (encoder) throws(CDR.CDRError) in
        encoder.encode(result.returnValue)
        encoder.encode(result.accepted)
      }
    } catch let error as Bench.Rejected { return try request.raise(error) }
  }
  @inlinable nonisolated(nonsending) func _dispatch_itself(_ request: ORBCore.IncomingRequest) async throws -> ORBCore.Reply {
    let other = try request.arguments { (decoder) throws(CDR.CDRError) in try decoder.decodeReference(Bench.Echo.self) }
    let result = try await itself(other: other, context: request.context)
    return try request.reply { (encoder) throws(CDR.CDRError) in try encoder.encode(reference: result) }
  }
  @inlinable nonisolated(nonsending) func _dispatch_fire(_ request: ORBCore.IncomingRequest) async throws -> ORBCore.Reply {
    let number = try request.arguments { (decoder) throws(CDR.CDRError) in try decoder.decode(Swift.Int32.self) }
    try await fire(number: number, context: request.context)
    return request.reply()
  }
}

// MARK: - interface LoudEcho : Echo

extension Bench {
  public struct LoudEcho: ORBCore.ObjectReference, LoudEcho.Stub {
    public static var repositoryID: Swift.String { "IDL:Bench/LoudEcho:1.0" }
    public let objectRef: ORBCore.ObjectRef
    @inlinable public init(unchecked objectRef: ORBCore.ObjectRef) { self.objectRef = objectRef }
    /// The same object with its base interface.
    @inlinable public var asEcho: Bench.Echo { Bench.Echo(unchecked: objectRef) }

    public protocol Stub: Bench.Echo.Stub {}
    public protocol Servant: Bench.Echo.Servant {
      func shout(text: Swift.String, context: ORBCore.ServerContext) throws -> Swift.String
    }
  }
}

extension Bench.LoudEcho.Stub {
  @inlinable public nonisolated(nonsending) func shout(text: Swift.String) async throws -> Swift.String {
    try await objectRef.invoke("shout") { (encoder) throws(CDR.CDRError) in
      try encoder.encode(text)
    } result: { (decoder) throws(CDR.CDRError) in
      try decoder.decode(Swift.String.self)
    }
  }
}

extension Bench.LoudEcho.Servant {
  public var repositoryIDs: [Swift.String] { ["IDL:Bench/LoudEcho:1.0", "IDL:Bench/Echo:1.0"] }

  public nonisolated(nonsending) func dispatch(_ request: ORBCore.IncomingRequest) async throws -> ORBCore.Reply {
    switch request.operation {
    case "_get_fired": return try await _dispatch_get_fired(request)
    case "nop": return try await _dispatch_nop(request)
    case "echoString": return try await _dispatch_echoString(request)
    case "push": return try await _dispatch_push(request)
    case "itself": return try await _dispatch_itself(request)
    case "fire": return try await _dispatch_fire(request)
    default: throw request.unknownOperation(of: "IDL:Bench/LoudEcho:1.0")
    }
  }

  /// Operations declared `sync`; nil for all others.
  public func dispatchSynchronously(_ request: ORBCore.IncomingRequest) throws -> ORBCore.Reply? {
    switch request.operation {
    case "shout": return try _dispatch_shout(request)
    default: return nil
    }
  }

  @inlinable func _dispatch_shout(_ request: ORBCore.IncomingRequest) throws -> ORBCore.Reply {
    let text = try request.arguments { (decoder) throws(CDR.CDRError) in try decoder.decode(Swift.String.self) }
    let result = try shout(text: text, context: request.context)
    return try request.reply { (encoder) throws(CDR.CDRError) in try encoder.encode(result) }
  }
}
