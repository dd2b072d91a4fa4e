import ForeignORB
import ORBCore
import TesseraProcess
import Testing

@Suite("12 Code sets of peers") struct F12PeerCodeSets {
  private static let name = "上海汽车有限公司"

  /// The desk's well-known address: its host and port, with the key under which it is served.
  private static func location(_ reference: String, version: String = "1.2@") throws -> String {
    // `IDL:Interchange/V1/OrderDesk:1.0 "…" at 127.0.0.1:4711`
    let words = try ObjectRef(stringified: reference).description
    let address = try #require(words.split(separator: " ").last)
    return "corbaloc:iiop:\(version)\(address)/OrderDesk"
  }

  /// What the desk was told of the customer's and the product's names.
  private static func names(_ world: OrderingDesk) async throws -> [String?] {
    let order = try await world.desk.calls().last { $0.operation == "create" }?.arguments[1]
    return [order?["customer"]?["name"]?.string]
  }

  @Test("The system's setting says what a corbaloc: does not: a Chinese name is sent as UTF-8")
  func setting() async throws {
    let world = try await OrderingDesk(
      guarantee: "none", key: "OrderDesk", options: ["--code-set", "utf-8"], reference: { try Self.location($0) })
    let contract = try await world.sign("GB1", name: Self.name, .results([OrderingDesk.verdict("订-1", customer: "客-1")]))
    let ordered = try await world.delivery(contract, in: "ordered")
    #expect(ordered["orderNumber"] == "订-1" && ordered["customerNumber"] == "客-1")
    #expect(try await Self.names(world) == [Self.name])
    try await world.running.process.kill()
  }

  @Test("Without it nothing is sent that the peer might misread: the order is parked as never sent, with what to do")
  func withoutSetting() async throws {
    let world = try await OrderingDesk(guarantee: "none", key: "OrderDesk", reference: { try Self.location($0) })
    let contract = try await world.sign("GB1", name: Self.name, .results([OrderingDesk.verdict("SO-1")]))
    let parked = try await world.delivery(contract, in: "parked")
    #expect(parked["code"] == "DATA_CONVERSION" && parked["mayBeThere"] == false)
    let words = parked["explanation"]?.string ?? ""
    #expect(words.contains("code sets") && words.contains("--code-set"), "\(words)")
    // Neighbour: what ISO 8859-1 has goes through.
    let other = try await world.sign("GB2", name: "Müller & Søn", .results([OrderingDesk.verdict("SO-2")]))
    try await world.delivery(other, in: "ordered")
    #expect(try await Self.names(world) == ["Müller & Søn"])
    try await world.running.process.kill()
  }

  /// A server that says that the object is here, and sends every request on to another reference, byte by byte.
  private static let forwarder = """
    import socket, struct, sys, threading
    ior = bytes.fromhex(sys.argv[1][4:])
    def answer(connection):
        held = b""
        while True:
            more = connection.recv(65536)
            if not more: return
            held += more
            while len(held) >= 12:
                order = "<" if held[6] & 1 else ">"
                size = struct.unpack(order + "I", held[8:12])[0]
                if len(held) < 12 + size: break
                kind, body, held = held[7], held[12:12 + size], held[12 + size:]
                number = body[:4]
                if kind == 3: reply(connection, order, 4, number + struct.pack(order + "I", 1))
                if kind == 0:
                    own = "<" if ior[0] else ">"
                    same = struct.pack(own + "I", struct.unpack(order + "I", number)[0])
                    reply(connection, own, 1, same + struct.pack(own + "II", 3, 0) + ior[4:])
    def reply(connection, order, kind, body):
        pad = b"\\0" * (-(12 + 12) % 8) if kind == 1 else b""
        body = body[:12] + pad + body[12:] if kind == 1 else body
        connection.sendall(b"GIOP\\1\\2" + bytes([order == "<", kind]) + struct.pack(order + "I", len(body)) + body)
    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    while True:
        connection, _ = server.accept()
        threading.Thread(target=answer, args=(connection,), daemon=True).start()
    """

  @Test("Neighbour: a server that says that the object is here, and sends its requests on to a full reference")
  func forwarded() async throws {
    let desk = try await PythonPeer(idl: [OrderingDesk.idl]).serve("Interchange::V1::OrderDesk")
    let process = try ChildProcess("/usr/bin/python3", ["-c", Self.forwarder, desk.reference])
    let port = try #require(try await process.readLine())
    let world = try await OrderingDesk(guarantee: "none", reference: { _ in "corbaloc:iiop:1.2@127.0.0.1:\(port)/OrderDesk" })
    try await desk.answer("create", .results([OrderingDesk.verdict("SO-1")]))
    let contract = try await world.sign("GB1", name: Self.name, .results([]))
    try await world.delivery(contract, in: "ordered")
    let order = try await desk.calls().last { $0.operation == "create" }?.arguments[1]
    #expect(order?["customer"]?["name"]?.string == Self.name)
    try await world.running.process.kill()
    try await process.kill()
  }

  @Test("Neighbours: IIOP 1.0 knows no code sets, and a setting for it is refused with the way out; so is one for a system that calls us")
  func refused() async throws {
    let server = try TesseraServer()
    let old = try await server.document(
      "systems", "add", "desk", "--adapter", "order-desk", "--reference", "corbaloc::127.0.0.1:9/Desk", "--code-set", "utf-8")
    #expect(old["error"]?["code"] == "CODE_SET_NOT_POSSIBLE" && old["error"]?["hint"]?.string?.contains("1.2@") == true, "\(old)")
    let inbound = try await server.run(arguments: ["systems", "add", "shop", "--adapter", "inbound", "--code-set", "utf-8"])
    #expect(inbound.exit != .code(0) && inbound.errors.contains("--code-set"))
  }
}
