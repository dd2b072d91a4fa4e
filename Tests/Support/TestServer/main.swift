// orb-test-server [--connections COUNT] [--message-timeout MILLISECONDS] [--requests COUNT]
//
// Serves Parley::Gate, for tests with clients that do not keep to the rules. Prints its port, then the references of the object "Gate",
// whose servant runs on the event loop, and of "Pool", whose servant runs elsewhere; ends with its input.

import Glibc
import IIOPTransport
import ORBCore
import ParleyIDL

func fail(_ message: String) -> Never {
  var line = "orb-test-server: \(message)\n"
  _ = line.withUTF8 { write(2, $0.baseAddress, $0.count) }
  exit(2)
}

var options = IIOPOptions()
var policies = ObjectAdapter.Policies()
var arguments = Array(CommandLine.arguments.dropFirst())
while !arguments.isEmpty {
  let option = arguments.removeFirst()
  guard !arguments.isEmpty, let number = Int(arguments.removeFirst()) else { fail("\(option) needs a number") }
  switch option {
  case "--connections": options.maximumConnections = number
  case "--message-timeout": options.messageTimeout = .milliseconds(number)
  case "--requests": policies.maximumRequestsInFlight = number
  default: fail("unknown argument \(option)")
  }
}

var limit = rlimit()
getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
limit.rlim_cur = limit.rlim_max
setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)

let orb = ORB()
let servant = GateServant()
do {
  let transport = try IIOPTransport(orb: orb, options: options)
  let endpoint = try transport.listen()
  let pool = orb.adapter(named: "Pool", policies: policies)
  policies.execution = .inline
  let inline = orb.adapter(named: "Inline", policies: policies)
  let references = [
    try inline.activate(servant, key: ObjectKey("Gate")), try pool.activate(servant, key: ObjectKey("Pool")),
  ]
  try inline.activate(servant, wellKnownName: "Parley/Gate")
  print(endpoint.port)
  for reference in references { print(reference.stringified) }
  fflush(nil)
} catch { fail("\(error)") }
while readLine() != nil {}
exit(0)
