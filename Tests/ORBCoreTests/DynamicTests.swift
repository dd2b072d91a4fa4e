import CDR
import EchoInterface
import ORBCore
import Testing

@Suite struct `Calls by description` {
  let orb = ORB()
  let reference: ObjectRef

  init() throws { reference = try orb.adapter(named: "Test").activate(EchoServant()) }

  static let push = OperationDescription(
    "push",
    parameters: [.init("batch", .in, .sequence(element: .string(bound: 0), bound: 0)), .init("accepted", .out, .long)], result: .long,
    raises: [Bench.Rejected.recordType])
  static let itself = OperationDescription(
    "itself", parameters: [.init("other", .in, .objectReference(id: "IDL:Bench/Echo:1.0", name: "Echo"))],
    result: .objectReference(id: "IDL:Bench/Echo:1.0", name: "Echo"))
  static let fire = OperationDescription("fire", parameters: [.init("number", .in, .long)], isOneway: true)

  @Test func `answer the result and the out parameters in order`() async throws {
    let answer = try await reference.invoke(Self.push, arguments: [.list([.text("a"), .text("b")])])
    #expect(answer == [.integer(2), .integer(2)])
  }

  @Test func `throw declared exceptions as records`() async throws {
    let error = await #expect(throws: DynamicUserException.self) {
      try await reference.invoke(Self.push, arguments: [.list([.text("")])])
    }
    #expect(error?.record == Bench.Rejected(reason: "empty", line: 0).record)
    #expect(error.map(String.init(describing:)) == "Rejected: reason \"empty\", line 0")
  }

  @Test func `carry references as text`() async throws {
    #expect(try await reference.invoke(Self.itself, arguments: [.absent]) == [.absent])
    let answer = try await reference.invoke(Self.itself, arguments: [.text(reference.stringified)])
    guard case .text(let text) = answer.first else { throw ObjectAdapterError.keyInUse("no text") }
    #expect(try ObjectRef(stringified: text) == reference)
  }

  @Test func `send oneway requests`() async throws { #expect(try await reference.invoke(Self.fire, arguments: [.integer(1)]) == []) }

  @Test func `name the argument that does not fit`() async throws {
    let error = await #expect(throws: SystemException.self) { try await reference.invoke(Self.push, arguments: [.list([.integer(1)])]) }
    #expect(error?.kind == .badParameter && error?.completed == .no)
    #expect(error?.message == "batch[1]: expected string, found 1")
    await #expect(throws: SystemException(.badParameter)) { try await reference.invoke(Self.push) }
  }
}
