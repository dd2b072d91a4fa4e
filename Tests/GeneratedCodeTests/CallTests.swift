import CDR
import ORBCore
import SharedIDL
import Testing

/// Generated stubs and dispatchers, inside of one process: arguments are encoded and decoded as on a network.
@Suite struct CallTests {
  let orb = ORB()
  let servant = CallServant()
  let object: Calls.Extended

  init() throws { object = try orb.adapter(named: "Test").activate(servant, as: Calls.Extended.self) }

  @Test func operationsAndAttributes() async throws {
    try await object.nothing()
    #expect(try await object.add(leftNumber: 2, rightNumber: 3) == 5)
    #expect(try await object.label == "the label")
    try await object.setPeople(["a", "b"])
    #expect(try await object.people == ["a", "b"])
    #expect(try await object.balance == Shared.Money(minorUnits: 1999, unit: "EUR"))
    #expect(try await object.quick(number: 21) == 42)
    #expect(try await object.wide(text: "汉字") == "汉字")
  }

  @Test func outParameters() async throws {
    #expect(try await object.outOnly() == 42)
    let many = try await object.manyOut(degree: .low)
    #expect(many.number == 1 && many.text == "汉字" && many.degree == .high)
    let all = try await object.all(list: ["x"], both: ["1", "2"])
    #expect(all.returnValue && all.both == ["2", "1"] && all.amount == Shared.Money(minorUnits: 1, unit: "CNY"))
  }

  @Test func declaredExceptions() async throws {
    await #expect(throws: Calls.Refused(code: 7)) { try await object.all(list: ["refuse"], both: []) }
    await #expect(throws: Calls.Empty()) { try await object.all(list: ["empty"], both: []) }
    await #expect(throws: Shared.Refused(why: "shared")) { try await object.all(list: ["shared"], both: []) }
    await #expect(throws: Shared.Refused(why: "nobody")) { try await object.greet(name: "") }
    await #expect(throws: Calls.Refused(code: -1)) { try await object.quick(number: -1) }
  }

  @Test func boundsHoldForParameters() async throws {
    let tooLong = SystemException(.marshal, minor: .boundExceeded, completed: .no)
    await #expect(throws: tooLong) { try await object.setPeople(["1", "2", "3", "4"]) }
    await #expect(throws: tooLong) { try await object.wide(text: "12345") }
  }

  @Test func optionalValues() async throws {
    let some = Values.Extremes(first: 1, quadruple: LongDouble(0.1), last: 2)
    #expect(try await object.perhaps(it: nil) == nil)
    #expect(try await object.perhaps(it: some) == some)
  }

  @Test func references() async throws {
    let widened = object.asDiamond
    let answer = try await object.next(other: widened, anything: object.objectRef)
    #expect(answer.returnValue?.objectRef == object.objectRef)
    #expect(answer.more == [widened, nil])
    #expect(try await widened.asLeft.goLeft(number: 1) == 0)
    #expect(try await widened.asRight.goRight(number: 1) == 2)
    #expect(try await object.asNamed.greet(name: "you") == "Hello you")
    #expect(try await object.asRoot.title == "the title")
    #expect(try await object.asRoot.objectRef.narrow(to: Calls.Diamond.self) == widened)
    #expect(try await object.objectRef.isA("IDL:Shared/Named:1.0"))
    #expect(try await object.next(other: nil, anything: nil).returnValue == nil)
  }

  @Test func onewayOperations() async throws {
    try await object.tell(message: "one way")
    await orb.adapter(named: "Test").waitUntilIdle()
    #expect(servant.told == ["one way"])
  }

  @Test func descriptions() throws {
    let description = Calls.Extended.interfaceDescription
    #expect(description.id == "IDL:calls.example/Calls/Extended:1.0")
    #expect(
      description.bases == [
        "IDL:calls.example/Calls/Root:1.0", "IDL:calls.example/Calls/Left:1.0", "IDL:calls.example/Calls/Right:1.0",
        "IDL:calls.example/Calls/Diamond:1.0", "IDL:Shared/Named:1.0",
      ])
    #expect(
      description.operations.map(\.name) == [
        "_get_title", "goLeft", "goRight", "_get_people", "_set_people", "_get_balance", "nothing", "add", "outOnly", "manyOut", "all",
        "perhaps",
        "next", "wide", "tell", "quick", "_get_label", "greet", "more",
      ])
    let all = try #require(description.operation(named: "all"))
    #expect(all.parameters.map(\.name) == ["list", "both", "amount"])
    #expect(all.parameters.map(\.direction) == [.in, .inout, .out])
    #expect(all.argumentTypes.count == 2 && all.replyTypes.count == 3 && all.result == .boolean)
    #expect(all.raises.map(\.id) == ["IDL:calls.example/Calls/Refused:1.0", "IDL:calls.example/Calls/Empty:1.0", "IDL:Shared/Refused:1.0"])
    #expect(try #require(description.operation(named: "tell")).isOneway)
  }
}
