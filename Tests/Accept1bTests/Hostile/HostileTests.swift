import Testing

/// One hostile input and its exact answer, in every form in which it can be sent.
struct Row: Sendable {
  enum Outcome: Sendable {
    /// Request 1 is answered so, and the connection goes on.
    case answer(Answer)
    /// Nothing comes back, and the connection goes on.
    case silence
    /// MessageError in this minor version, then the end of the connection.
    case messageError(UInt8)
    /// The end of the connection.
    case close
  }

  let name: String
  let forms: [Form]
  let outcome: @Sendable (Form) -> Outcome
  let octets: @Sendable (Form) -> [UInt8]

  init(_ name: String, _ forms: [Form], _ answer: Answer, _ octets: @escaping @Sendable (Form) -> [UInt8]) {
    self.init(name, forms, outcome: { _ in .answer(answer) }, octets)
  }

  init(_ name: String, _ answer: Answer, _ octets: @escaping @Sendable (Form) -> [UInt8]) { self.init(name, Form.all, answer, octets) }

  init(
    _ name: String, _ forms: [Form] = Form.all, outcome: @escaping @Sendable (Form) -> Outcome,
    _ octets: @escaping @Sendable (Form) -> [UInt8]
  ) {
    self.name = name
    self.forms = forms
    self.outcome = outcome
    self.octets = octets
  }

  /// Something that is answered by MessageError in its own version, since it is no message that we can read.
  static func unreadable(
    _ name: String, _ forms: [Form] = Form.all, _ octets: @escaping @Sendable (Form) -> [UInt8]
  ) -> Row {
    Row(name, forms, outcome: { .messageError($0.minor) }, octets)
  }

  /// Something that nobody hears of.
  static func silent(_ name: String, _ forms: [Form] = Form.all, _ octets: @escaping @Sendable (Form) -> [UInt8]) -> Row {
    Row(name, forms, outcome: { _ in .silence }, octets)
  }
}

/// A row in one of its forms.
struct Case: Sendable, CustomTestStringConvertible {
  let row: Row
  let form: Form
  var testDescription: String { "\(row.name), \(form)" }

  static func all(_ rows: [Row]) -> [Case] { rows.flatMap { row in row.forms.map { Case(row: row, form: $0) } } }

  /// Sends the octets, and looks at everything that comes back.
  func run() async throws {
    let server = try await GateServer.shared.value
    let (row, form) = (row, form)
    try await server.survives { server in
      let socket = try server.connect()
      try socket.send(row.octets(form))
      switch row.outcome(form) {
      case .messageError(let minor):
        let message = try socket.message()
        #expect(message?.octets.count == 12 && message?.type == 6 && message?.form.minor == minor, "\(message?.description ?? "closed")")
        #expect(socket.closes())
      case .close: #expect(socket.closes())
      case .silence: #expect(try Self.answers(1, after: form.request("nop", id: 99), socket) == [99: .nothing])
      case .answer(let answer):
        #expect(try Self.answers(2, after: form.request("nop", id: 99), socket) == [1: answer, 99: .nothing])
      }
    }
  }

  /// The next answers, after something that makes the server say so many of them.
  static func answers(_ count: Int, after octets: [UInt8] = [], _ socket: RawSocket) throws -> [UInt32: Answer] {
    try socket.send(octets)
    var answers: [UInt32: Answer] = [:]
    for _ in 0..<count {
      guard let message = try socket.message() else { throw RawSocket.Failure(what: "closed after \(answers)") }
      let (id, answer) = try message.answer()
      #expect(answers.updateValue(answer, forKey: id) == nil, "request \(id) is answered twice")
    }
    return answers
  }
}

/// Hostile input and its exact answer, while another connection goes on calling and the server does not grow.
@Suite(.serialized, .timeLimit(.minutes(5))) struct `Hostile GIOP` {
  @Test(arguments: Case.all(Row.targets)) func `names objects and operations that are not there`(_ attack: Case) async throws {
    try await attack.run()
  }
  @Test(arguments: Case.all(Row.arguments)) func `lies in its arguments`(_ attack: Case) async throws { try await attack.run() }
  @Test(arguments: Case.all(Row.texts)) func `sends text that is none`(_ attack: Case) async throws { try await attack.run() }
  @Test(arguments: Case.all(Row.messages)) func `breaks the form of messages`(_ attack: Case) async throws { try await attack.run() }
  @Test(arguments: Case.all(Row.addresses)) func `names objects in strange ways`(_ attack: Case) async throws { try await attack.run() }
  @Test(arguments: Case.all(Row.fragments)) func `breaks the rules of fragments`(_ attack: Case) async throws { try await attack.run() }
}
