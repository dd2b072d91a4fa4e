/// What strace wrote of a server: system calls of all its threads in the order of time.
struct SystemCallTrace {
  /// A request that was read and answered.
  struct Request {
    /// Flushes to disk that began and ended between the last read and the reply's write.
    var flushes: Int
  }

  private enum Event {
    case read(descriptor: Int, text: Substring)
    case write(descriptor: Int, text: Substring)
    case flushBegan(thread: Substring)
    case flushEnded(thread: Substring)
  }

  private let events: [Event]

  init(_ text: String) throws {
    // A call that another thread's call interrupts is written in two lines; its arguments of the first belong to the second.
    var unfinished: [Substring: Substring] = [:]
    var events: [Event] = []
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { continue }
      let thread = parts[0]
      var call = parts[1].drop { $0 == " " }
      if call.hasPrefix("<... "), let start = unfinished.removeValue(forKey: thread), let end = call.firstRange(of: " resumed>") {
        call = Substring(start + call[end.upperBound...])
        if call.hasPrefix("fdatasync") || call.hasPrefix("fsync") {
          if call.hasSuffix("= 0") { events.append(.flushEnded(thread: thread)) }
          continue
        }
      } else if let end = call.firstRange(of: " <unfinished ...>") {
        unfinished[thread] = call[..<end.lowerBound]
        if call.hasPrefix("fdatasync") || call.hasPrefix("fsync") { events.append(.flushBegan(thread: thread)) }
        // What is written may be sent from here on; what is read is known only when the call has ended.
        if Self.isWrite(call) { events.append(.write(descriptor: Self.descriptor(call), text: call)) }
        continue
      }
      if call.hasPrefix("fdatasync") || call.hasPrefix("fsync") {
        guard call.hasSuffix("= 0") else { continue }
        events.append(.flushBegan(thread: thread))
        events.append(.flushEnded(thread: thread))
      } else if Self.isWrite(call), parts[1].hasPrefix("<... ") == false {
        events.append(.write(descriptor: Self.descriptor(call), text: call))
      } else if call.hasPrefix("read") || call.hasPrefix("recv") {
        events.append(.read(descriptor: Self.descriptor(call), text: call))
      }
    }
    self.events = events
  }

  private static func isWrite(_ call: Substring) -> Bool { call.hasPrefix("write") || call.hasPrefix("send") }

  private static func descriptor(_ call: Substring) -> Int {
    Int(call.drop { $0 != "(" }.dropFirst().prefix { $0.isNumber }) ?? -1
  }

  /// The requests for an operation, each with what happened before its reply; requests are small and come in one piece.
  func requests(naming operation: String) -> [Request] {
    var requests: [Request] = []
    var open: (descriptor: Int, begun: Set<Substring>, flushes: Int)?
    for event in events {
      switch event {
      case .read(let descriptor, let text):
        if text.contains("GIOP"), text.contains(operation) {
          open = (descriptor, [], 0)
        } else if let current = open, current.descriptor == descriptor, !text.hasSuffix("EAGAIN (Resource temporarily unavailable)") {
          // More of the request: what was flushed before it does not count.
          open = (descriptor, [], 0)
        }
      case .flushBegan(let thread): open?.begun.insert(thread)
      case .flushEnded(let thread): if open?.begun.remove(thread) != nil { open?.flushes += 1 }
      case .write(let descriptor, let text):
        guard let current = open, current.descriptor == descriptor, text.contains("GIOP") else { continue }
        requests.append(Request(flushes: current.flushes))
        open = nil
      }
    }
    return requests
  }
}
