// orb-bench-server [--ior-file FILE] [--host ADDRESS] [--port NUMBER] [--loops COUNT]
//
// Serves Bench::Echo. The stringified reference goes to the file, whole or not at all, else to standard output.

import Glibc
import IIOPTransport
import ORBCore

func fail(_ message: String) -> Never {
  var line = "orb-bench-server: \(message)\n"
  _ = line.withUTF8 { write(2, $0.baseAddress, $0.count) }
  exit(2)
}

var iorFile: String?
var host = "127.0.0.1"
var port: UInt16 = 0
var loops = 1
var arguments = Array(CommandLine.arguments.dropFirst())
while let option = arguments.first {
  arguments.removeFirst()
  guard let value = arguments.first else { fail("\(option) needs a value, or is unknown") }
  arguments.removeFirst()
  switch option {
  case "--ior-file": iorFile = value
  case "--host": host = value
  case "--port":
    guard let number = UInt16(value) else { fail("--port: \"\(value)\" is no port") }
    port = number
  case "--loops":
    guard let number = Int(value), number > 0 else { fail("--loops: \"\(value)\" is no count") }
    loops = number
  default: fail("unknown argument \(option)")
  }
}

let orb = ORB()
var options = IIOPOptions()
options.limits.messageSize = 64 << 20
options.limits.partialBytes = 64 << 20
options.maximumConnections = 20_000
options.idleTimeout = nil
do {
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  limit.rlim_cur = limit.rlim_max
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)

  let transport = try IIOPTransport(orb: orb, options: options, loops: loops)
  try transport.listen(host: host, port: port)
  let reference = try orb.adapter(named: "Bench", policies: .init(execution: .inline)).activate(EchoServant(), wellKnownName: "Bench/Echo")
  if let iorFile {
    guard let file = fopen(iorFile + ".tmp", "w") else { fail("cannot write \(iorFile).tmp: \(String(cString: strerror(errno)))") }
    fputs(reference.stringified + "\n", file)
    fclose(file)
    if rename(iorFile + ".tmp", iorFile) != 0 { fail("cannot write \(iorFile): \(String(cString: strerror(errno)))") }
  } else {
    print(reference.stringified)
    fflush(nil)
  }
} catch { fail("\(error)") }
while true { pause() }
