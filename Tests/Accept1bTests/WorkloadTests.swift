import ForeignORB
import Testing

/// Workload `i` of the measured peers: the checks that every pair of client and server must pass.
@Suite(.needsPeers, .serialized) struct `The interoperability workload` {
  private func run(_ environment: [String: String]) async throws -> JSON {
    let folder = try await Peers.omniORB()
    let variables = ["WORKLOADS": "i", "RUNS": "1"].merging(environment) { $1 }
    let output = try await ChildProcess.check("./run.sh", environment: variables, folder: folder)
    return try JSON(parsing: output)
  }

  @Test func `passes with omniORB's client and our server`() async throws {
    let line = try await run(["SERVER_CMD": builtExecutable("orb-bench-server"), "SERVER_OPTS": "", "LABEL": "omniORB to ours"])
    #expect(line["workload"] == "i" && line["failures"]?.description.hasPrefix("0") == true, "\(line)")
  }

  @Test func `passes with our client and omniORB's server`() async throws {
    let line = try await run(["CLIENT_CMD": builtExecutable("orb-bench-client"), "CLIENT_OPTS": "", "LABEL": "ours to omniORB"])
    #expect(line["workload"] == "i" && line["failures"]?.description.hasPrefix("0") == true, "\(line)")
  }
}
