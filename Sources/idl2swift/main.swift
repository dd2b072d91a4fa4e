import Glibc
import IDLCompiler

/// Writes a line to standard error.
func report(_ line: some CustomStringConvertible) {
  var rest = Array("\(line)\n".utf8)[...]
  while !rest.isEmpty {
    let written = rest.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    guard written > 0 else { return }
    rest = rest.dropFirst(written)
  }
}

func stop(_ message: String) -> Never {
  report("idl2swift: error: \(message)")
  exit(2)
}

let arguments: Arguments
do { arguments = try Arguments(CommandLine.arguments.dropFirst()) } catch {
  report("idl2swift: error: \(error.message)")
  report("`idl2swift --help` lists the options")
  exit(2)
}
if arguments.wantsHelp {
  print(Arguments.usage)
  exit(0)
}
if arguments.wantsVersion {
  print("idl2swift \(SwiftOptions().toolVersion)")
  exit(0)
}

exit(Run(arguments).succeeds() ? 0 : 1)
