import Glibc

/// What the command line asks for; the same options as every client of the benchmark has.
struct Options: Sendable {
  var reference = ""
  var workloads: [String] = ["a"]
  var seconds = 3.0
  var callers = 0
  var count = 0
  var serverPID: Int32 = 0
  var label = "Tessera"

  /// Reads the command line; says what is wrong with it and exits.
  init(_ arguments: some Sequence<String>) {
    var rest = Array(arguments)
    while let option = rest.first {
      rest.removeFirst()
      guard let value = rest.first else { fail("\(option) needs a value, or is unknown") }
      rest.removeFirst()
      switch option {
      case "--ior": reference = value
      case "--ior-file": reference = Self.firstLine(value)
      case "--workload": workloads = value.split(separator: ",").map(String.init)
      case "--seconds": seconds = Self.number(option, value)
      case "--threads": callers = Int(Self.number(option, value))
      case "--count": count = Int(Self.number(option, value))
      case "--server-pid": serverPID = Int32(Self.number(option, value))
      case "--label": label = value
      default: fail("unknown argument \(option)")
      }
    }
  }

  private static func number(_ option: String, _ value: String) -> Double {
    guard let number = Double(value), number >= 0 else { fail("\(option): \"\(value)\" is no number") }
    return number
  }

  private static func firstLine(_ path: String) -> String {
    guard let file = fopen(path, "r") else { fail("cannot read \(path): \(String(cString: strerror(errno)))") }
    defer { fclose(file) }
    var line: UnsafeMutablePointer<CChar>?
    var capacity = 0
    defer { free(line) }
    guard getline(&line, &capacity, file) > 0, let line else { fail("\(path) is empty") }
    return String(cString: line)
  }
}

func fail(_ message: String) -> Never {
  complain("orb-bench-client: \(message)")
  exit(2)
}

/// Writes a line to standard error.
func complain(_ message: String) {
  var line = message + "\n"
  _ = line.withUTF8 { write(2, $0.baseAddress, $0.count) }
}
