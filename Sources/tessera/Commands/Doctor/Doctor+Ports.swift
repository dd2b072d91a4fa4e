import Glibc

extension Doctor {
  /// The places that `tessera serve` listens at, whether they can be had.
  func ports() -> [Finding] {
    let isServed = (try? DataFolder(existing: common.data)).map { ServeLock.isHeld($0) } ?? false
    if isServed { return [Finding(subject: "ports", state: .good, text: "a broker serves \(common.data) now; its ports are its own")] }
    if listen.port != 0, listen.port == http.port, listen.host == http.host {
      return [
        Finding(
          subject: "ports", state: .bad, text: "--listen and --http are both \(listen.defaultValueDescription)",
          remedy: "choose another port for one of them")
      ]
    }
    return [Self.port("--listen", listen), Self.port("--http", http)]
  }

  private static func port(_ option: String, _ address: EndpointArgument) -> Finding {
    let name = "\(option) \(address.defaultValueDescription)"
    switch bind(address) {
    case 0 where !address.isLoopback:
      return Finding(
        subject: "ports", state: .warning, text: "\(name) can be reached by other machines, and nothing is encrypted there",
        remedy: "`tessera serve` refuses it without --insecure; let a proxy on this machine end TLS")
    case 0:
      return Finding(subject: "ports", state: .good, text: address.port == 0 ? "\(name) takes a port that is free" : "\(name) is free")
    case EADDRINUSE:
      return Finding(
        subject: "ports", state: .bad, text: "\(name) is taken by another program", remedy: "stop it, or choose another with \(option)")
    case let reason:
      return Finding(
        subject: "ports", state: .bad, text: "\(name): \(String(cString: strerror(reason)))", remedy: "choose another with \(option)")
    }
  }

  /// Tries to take a port, and lets it go; 0 where that works, else the reason.
  private static func bind(_ address: EndpointArgument) -> Int32 {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_PASSIVE
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(address.host, String(address.port), &hints, &found) == 0, let found else { return EADDRNOTAVAIL }
    defer { freeaddrinfo(found) }
    let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { return errno }
    defer { close(descriptor) }
    var yes: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    return Glibc.bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 ? 0 : errno
  }
}
