import ArgumentParser
import CosNamingService

/// `HOST:PORT`; an IPv6 address stands in brackets: `[::1]:2809`.
struct EndpointArgument: ExpressibleByArgument, Sendable {
  let host: String
  let port: UInt16

  init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  init?(argument: String) {
    guard let colon = argument.lastIndex(of: ":"), let port = UInt16(argument[argument.index(after: colon)...]) else { return nil }
    var host = argument[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    if host.isEmpty { return nil }
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
struct DurationArgument: ExpressibleByArgument, Sendable {
  let duration: Duration

  init(_ duration: Duration) { self.duration = duration }

  init?(argument: String) {
    let digits = argument.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int32(digits), number > 0 else { return nil }
    switch argument.dropFirst(digits.count) {
    case "ms": duration = .milliseconds(number)
    case "s": duration = .seconds(number)
    case "m": duration = .seconds(Int64(number) * 60)
    case "h": duration = .seconds(Int64(number) * 3600)
    default: return nil
    }
  }

  var defaultValueDescription: String {
    let milliseconds = duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
  }
}

/// `loopback`, `none`, `loopback,10.1.2.3`: who may change names.
struct NamingWritersArgument: ExpressibleByArgument, Sendable {
  let access: NamingAccess

  init(_ access: NamingAccess) { self.access = access }

  init?(argument: String) {
    var access = NamingAccess(loopback: false)
    for part in argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init) where argument != "none" {
      if part == "loopback" {
        access.loopback = true
      } else {
        // An address, as connections show it: names of hosts are not looked up.
        guard !part.isEmpty, part.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || "abcdefABCDEF.:".utf8.contains($0) }),
          part.contains(".") || part.contains(":")
        else { return nil }
        access.hosts.insert(part.lowercased())
      }
    }
    self.access = access
  }

  var defaultValueDescription: String { (access.loopback ? ["loopback"] : []).joined() }
}
