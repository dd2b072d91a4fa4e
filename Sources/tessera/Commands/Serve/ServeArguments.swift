import ArgumentParser
import CosNamingService

/// `HOST:PORT`; an IPv6 address stands in brackets: `[::1]:2809`.
struct EndpointArgument: ExplainedArgument {
  let host: String
  let port: UInt16

  init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  init(explaining text: String) throws(ArgumentFault) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
      throw ArgumentFault("'\(text)' has no port from 0 to 65535 behind a colon; it is written HOST:PORT, such as 127.0.0.1:2809")
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      throw ArgumentFault("the address in '\(text)' has colons; it stands in brackets, such as [::1]:2809")
    }
    if host.isEmpty { throw ArgumentFault("'\(text)' names no host; it is written HOST:PORT, such as 127.0.0.1:2809") }
    self.host = String(host)
    self.port = port
  }

  var defaultValueDescription: String { "\(host):\(port)" }

  /// Whether only this machine reaches the address.
  var isLoopback: Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return host == "localhost" || host == "::1" || (parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil })
  }
}

/// `500ms`, `30s`, `5m`, `2h`.
struct DurationArgument: ExplainedArgument {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init(explaining text: String) throws(ArgumentFault) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let fault = ArgumentFault("'\(text)' is no time: write a whole number, 1 or more, with ms, s, m or h, such as 30s")
    guard let number = Int32(digits), number > 0 else { throw fault }
    switch text.dropFirst(digits.count) {
    case "ms": duration = .milliseconds(number)
    case "s": duration = .seconds(number)
    case "m": duration = .seconds(Int64(number) * 60)
    case "h": duration = .seconds(Int64(number) * 3600)
    default: throw fault
    }
  }

  var defaultValueDescription: String {
    let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
  }
}

/// `loopback`, `none`, `loopback,10.1.2.3`: who may change names.
struct NamingWritersArgument: ExplainedArgument {
  let access: NamingAccess

  init(_ access: NamingAccess) { self.access = access }

  init(explaining text: String) throws(ArgumentFault) {
    var access = NamingAccess(loopback: false)
    for part in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) where text != "none" {
      if part == "loopback" {
        access.loopback = true
      } else {
        // An address, as connections show it: names of hosts are not looked up.
        guard !part.isEmpty, part.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "abcdefABCDEF.:".utf8.contains($0) }),
          part.contains(".") || part.contains(":")
        else { throw ArgumentFault("'\(part)' in '\(text)' is neither loopback nor an address such as 10.1.2.3; none stands alone") }
        access.hosts.insert(part.lowercased())
      }
    }
    self.access = access
  }

  var defaultValueDescription: String { (access.loopback ? ["loopback"] : []).joined() }
}
