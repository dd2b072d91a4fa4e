extension Row {
  private static let text = "a text that is long enough for some fragments"
  private static func say(_ form: Form, id: UInt32 = 1) -> [UInt8] { form.request("say", id: id) { $0.string(text) } }
  private static let said: Answer = {
    var octets = Octets(isLittle: true)
    octets.string(text)
    return .result(octets.all)
  }()
  /// The first part of a message, and nothing else of it.
  private static func start(_ form: Form, id: UInt32 = 1) -> [UInt8] { form.fragments(of: say(form, id: id), id: id)[0] }

  static let fragments: [Row] = [
    // As it should be.
    Row("a request in many parts", Form.recent.filter(\.isLittle), said) { form in
      Array(form.fragments(of: say(form), first: 16, each: 8).joined())
    },
    Row("a request with empty fragments", Form.recent.filter(\.isLittle), said) { form in
      let parts = form.fragments(of: say(form))
      return parts[0] + Array(repeating: form.fragment(1, more: true, []), count: 1000).joined() + parts[1...].joined()
    },
    Row("a question for an object in parts", Form.giop12, .located(1)) { form in
      Array(form.fragments(of: form.locateRequest(), first: 16, each: 8).joined())
    },

    // As it should not.
    .unreadable("a fragment without a beginning", Form.recent) { $0.fragment(1, more: false, [1, 2, 3]) },
    .unreadable("a fragment of another request", Form.giop12) { start($0) + $0.fragment(2, more: true, [1]) },
    .unreadable("a fragment too short for a request id", Form.giop12) { form in start(form) + form.message(7) { $0.short(1) } },
    .unreadable("an empty fragment of GIOP 1.2", Form.giop12) { start($0) + $0.message(7) },
    .unreadable("a fragment that states 4 GiB", Form.recent) { form in start(form) + form.message(7, size: .max) { $0.long(1) } },
    .unreadable("a fragment in the other byte order", Form.recent) { form in
      start(form) + Form(minor: form.minor, isLittle: !form.isLittle).fragment(1, more: false, [1])
    },
    Row("a fragment of another version", Form.giop11, outcome: { _ in .messageError(2) }) {
      start($0) + Form(minor: 2, isLittle: $0.isLittle).fragment(1, more: false, [1])
    },
    .unreadable("a beginning behind the same beginning", Form.recent) { start($0) + start($0) },
    .unreadable("a request in parts in GIOP 1.0", Form.giop10) { start($0) },
    .unreadable("a question for an object in parts in GIOP 1.1", Form.giop11) { form in
      Array(form.fragments(of: form.locateRequest(), first: 16, each: 8).joined())
    },
    .unreadable("a cancellation in parts", Form.recent) { $0.message(2, more: true) { $0.long(1) } },
    .unreadable("a header cut by the end of its parts", Form.recent) { form in
      Array(form.fragments(of: form.sized(Array(say(form)[..<36])), first: 24, each: 8).joined())
    },
    .unreadable("the beginnings of 65 requests", Form.giop12) { form in
      Array((1...65).map { start(form, id: $0) }.joined())
    },

    // Cancelled before its end: forgotten, and its id is free.
    .silent("a request cancelled before its end", Form.giop12) { start($0) + $0.cancelRequest(1) },
    Row("a request cancelled before its end, then made anew", Form.giop12.filter(\.isLittle), said) {
      start($0) + $0.cancelRequest(1) + say($0)
    },
    .unreadable("a request continued after its cancellation", Form.giop12) {
      start($0) + $0.cancelRequest(1) + $0.fragment(1, more: false, [1])
    },
  ]
}
