import ForeignORB
import Glibc
import Testing

@Suite struct ChildProcessTests {
  @Test func givesOutputErrorsAndExitCode() async throws {
    let result = try await ChildProcess.run("sh", ["-c", "echo one; echo two; echo bad >&2; exit 3"])
    #expect(result.exit == .code(3))
    #expect(result.output == "one\ntwo\n")
    #expect(result.errors == "bad\n")
  }

  @Test func talksByLines() async throws {
    let process = try ChildProcess("cat", input: .pipe)
    try process.write("first")
    #expect(try await process.readLine() == "first")
    try process.write("second")
    #expect(try await process.readLine() == "second")
    process.endInput()
    #expect(try await process.readLine() == nil)
    #expect(try await process.wait() == .code(0))
  }

  @Test func givesTheLastLineWithoutItsEnd() async throws {
    #expect(try await ChildProcess.run("printf", ["a\\nb"]).output == "a\nb\n")
  }

  @Test func carriesLargeOutputOfAProcessThatHasEnded() async throws {
    let result = try await ChildProcess.run("sh", ["-c", "seq 100000; seq 100000 >&2"])
    #expect(result.output.utf8.count == 588_895)
    #expect(result.errors.utf8.count == 588_895)
  }

  @Test func passesEnvironmentAndFolder() async throws {
    let folder = try TemporaryFolder()
    let process = try ChildProcess("sh", ["-c", "echo $COLOUR; pwd"], environment: ["COLOUR": "red"], folder: folder.path)
    #expect(try await process.readLine() == "red")
    #expect(try await process.readLine() == folder.path)
  }

  @Test func saysWhatItWaitedForInVain() async throws {
    let process = try ChildProcess("sleep", ["600"])
    await #expect(throws: ForeignORBError.self) { try await process.readLine(within: .milliseconds(20)) }
    await #expect(throws: ForeignORBError.self) { try await process.wait(within: .milliseconds(20)) }
    #expect(try await process.kill() == .signal(SIGKILL))
  }

  @Test func killsWhatItStartedWithIt() async throws {
    let process = try ChildProcess("sh", ["-c", "sleep 600 & echo $!; wait"])
    let grandchild = try #require(pid_t(try await process.readLine() ?? ""))
    process.signal(SIGTERM)
    #expect(try await process.wait() == .signal(SIGTERM))
    #expect(try await process.readLine() == nil, "the grandchild no longer holds the output")
    // Nobody but init reaps it now, so ask for a zombie too.
    let state = try await ChildProcess.run("ps", ["-o", "stat=", "-p", "\(grandchild)"]).output
    #expect(state.isEmpty || state.hasPrefix("Z"))
  }

  @Test func endsWithItsObject() async throws {
    var process: ChildProcess? = try ChildProcess("sleep", ["600"])
    let pid = try #require(process?.pid)
    process = nil
    // The reaping thread may still be at it; `wait` of a second process cannot tell, the kernel can.
    var tries = 0
    while kill(pid, 0) == 0, tries < 10_000 {
      await Task.yield()
      tries += 1
      usleep(100)
    }
    #expect(kill(pid, 0) != 0)
  }

  @Test func namesAnExecutableThatIsNotThere() {
    #expect(throws: ForeignORBError.self) { try ChildProcess("no-such-program") }
  }
}
