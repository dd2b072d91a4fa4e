// orb-bench-client (--ior-file FILE | --ior IOR) --workload a,b,… [--seconds N] [--threads N] [--count N] [--server-pid PID] [--label TEXT]
//
// Calls a Bench::Echo and prints a JSON line for each workload.

import BenchIDL
import Glibc
import IIOPTransport
import ORBCore

@main struct Client {
  static func main() async {
    let options = Options(CommandLine.arguments.dropFirst())
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    do {
      var transportOptions = IIOPOptions()
      transportOptions.limits.messageSize = 64 << 20
      transportOptions.limits.partialBytes = 64 << 20
      let orb = ORB()
      let transport = try IIOPTransport(orb: orb, options: transportOptions)
      let loop = transport.executor
      let failures = try await Task(executorPreference: loop) {
        let reference = try orb.reference(from: options.reference)
        guard let echo = try await reference.narrow(to: Bench.Echo.self) else { fail("the object is no Bench::Echo") }
        let workloads = try Workloads(options, loop, echo)
        var failures = 0
        for workload in options.workloads { failures += try await workloads.run(workload) }
        return failures
      }.value
      exit(failures == 0 ? 0 : 1)
    } catch {
      complain("orb-bench-client: \(error)")
      exit(1)
    }
  }
}
