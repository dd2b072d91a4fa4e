extension Row {
  /// What has no version of ours is answered in the highest one that we have (CORBA 3.3, part 2, 9.4.1).
  private static func foreign(_ name: String, _ octets: [UInt8]) -> Row {
    Row(name, [Form.giop12[1]], outcome: { _ in .messageError(2) }) { _ in octets }
  }

  /// A request whose first `count` octets are there, and whose size says just that.
  private static func cut(_ form: Form, to count: Int) -> [UInt8] { form.sized(Array(form.request("nop")[..<count])) }

  private static let sizes: [(name: String, size: UInt32)] = [
    ("one octet more than the limit", 16 << 20 | 1), ("100 MB", 100_000_000), ("2 GiB", 0x8000_0000), ("4 GiB", .max),
  ]

  static let messages: [Row] =
    [
      // No GIOP.
      foreign("HTTP", Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)),
      foreign("TLS", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3, 0, 0, 0, 0, 0]),
      foreign("zeros", [UInt8](repeating: 0, count: 100)),
      foreign("one wrong letter", Array("GIOQ".utf8) + [1, 2, 1, 0, 0, 0, 0, 0]),
      foreign("small letters", Array("giop".utf8) + [1, 2, 1, 0, 0, 0, 0, 0]),
      foreign("compressed GIOP, which we do not have", Array("ZIOP".utf8) + [1, 2, 1, 0, 0, 0, 0, 0]),
      foreign("GIOP 1.3", Array("GIOP".utf8) + [1, 3, 1, 0, 0, 0, 0, 0]),
      foreign("GIOP 1.255", Array("GIOP".utf8) + [1, 255, 1, 0, 0, 0, 0, 0]),
      foreign("GIOP 2.0", Array("GIOP".utf8) + [2, 0, 1, 0, 0, 0, 0, 0]),
      foreign("GIOP 0.2", Array("GIOP".utf8) + [0, 2, 1, 0, 0, 0, 0, 0]),

      // Kinds of messages.
      .unreadable("message type 8") { $0.message(8) },
      .unreadable("message type 255") { $0.message(255) },
      .unreadable("a Fragment in GIOP 1.0", Form.giop10) { $0.message(7) { $0.long(1) } },
      .unreadable("a Reply") { $0.message(1) { $0.raw([UInt8](repeating: 0, count: 12)) } },
      .unreadable("a LocateReply") { $0.message(4) { $0.raw([UInt8](repeating: 0, count: 8)) } },
      .unreadable("a Reply that announces more") { $0.message(1, more: true) { $0.raw([UInt8](repeating: 0, count: 12)) } },
      Row("CloseConnection", outcome: { _ in .close }) { $0.message(5) },
      Row("MessageError", outcome: { _ in .close }) { $0.message(6) },
      Row("CloseConnection before a request", outcome: { _ in .close }) { $0.message(5) + $0.request("nop") },

      // Flags.
      .unreadable("a byte order of 2", Form.giop10) { $0.message(0, flags: 2) },
      .unreadable("a byte order of 255", Form.giop10) { $0.message(0, flags: 255) },
      Row("flags that are reserved", Form.recent, .nothing) { form in
        var message = form.request("nop")
        message[6] |= 0xFC
        return message
      },

      // Sizes.
      .unreadable("an empty CancelRequest") { $0.message(2) },
      .unreadable("an empty LocateRequest") { $0.message(3) },
      .unreadable("half a request id to cancel") { $0.message(2) { $0.short(1) } },
      .unreadable("half a request id to locate") { $0.message(3) { $0.short(1) } },
      .unreadable("a key longer than the message") { form in
        form.message(3) { octets in
          octets.long(1)
          if form.minor == 2 { octets.short(0) }
          octets.blob(Array("Gate".utf8), count: 5)
        }
      },
      .unreadable("a key of 4 GiB") { form in
        form.message(3) { octets in
          octets.long(1)
          if form.minor == 2 { octets.short(0) }
          octets.blob(Array("Gate".utf8), count: .max)
        }
      },
    ]
    + sizes.flatMap { name, size in
      [(0, "Request"), (2, "CancelRequest"), (3, "LocateRequest"), (7, "Fragment")].map { type, kind in
        .unreadable("a \(kind) of \(name)", type == 7 ? Form.recent : Form.all) {
          $0.message(UInt8(type), size: size) { $0.raw([UInt8](repeating: 7, count: 100)) }
        }
      }
    }
    // Every header that ends too early.
    + (13..<44).map { count in .unreadable("a request of \(count - 12) octets") { cut($0, to: count) } }
}
