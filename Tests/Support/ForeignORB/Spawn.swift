import Glibc
import Synchronization

/// A started process and our ends of its streams.
struct Spawned {
  let pid: pid_t
  let input: Int32?
  let output: Int32
  let errors: Int32
}

/// Held from the making of a pipe to its marking as not to be inherited, and while a process is made: no child gets another's pipe.
private let inheritance = Mutex(())

/// Starts a process in a process group of its own, with every signal at its default and no descriptor but its three streams.
func spawn(
  _ executable: String, _ arguments: [String], environment: [String: String], folder: String?, input: ChildProcess.Input
) throws -> Spawned {
  // `env` changes the folder, since Glibc shows its own call for it to GNU programs only.
  let words = (folder.map { ["env", "--chdir=\($0)"] } ?? []) + [executable] + arguments
  let output = makePipe()
  let errors = makePipe()
  var inputPair: (ours: Int32, theirs: Int32)?
  if case .pipe = input {
    // A socket, since writing to a pipe that nobody reads would end the test process by SIGPIPE.
    var pair: [Int32] = [-1, -1]
    precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0, "socketpair fails")
    inputPair = (pair[0], pair[1])
  }
  defer {
    for file in [output.write, errors.write] { close(file) }
    if let inputPair { close(inputPair.theirs) }
  }

  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  if let inputPair {
    posix_spawn_file_actions_adddup2(&actions, inputPair.theirs, 0)
  } else {
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
  }
  posix_spawn_file_actions_adddup2(&actions, output.write, 1)
  posix_spawn_file_actions_adddup2(&actions, errors.write, 2)

  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var allSignals = sigset_t()
  sigfillset(&allSignals)
  var noSignals = sigset_t()
  sigemptyset(&noSignals)
  posix_spawnattr_setsigdefault(&attributes, &allSignals)
  posix_spawnattr_setsigmask(&attributes, &noSignals)
  posix_spawnattr_setpgroup(&attributes, 0)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

  let variables = inheritedEnvironment().merging(environment) { _, new in new }.map { "\($0)=\($1)" }
  var pid: pid_t = 0
  let failure = inheritance.withLock { _ in
    withCStrings(words) { argv in
      withCStrings(variables) { envp in posix_spawnp(&pid, words[0], &actions, &attributes, argv, envp) }
    }
  }
  guard failure == 0 else {
    close(output.read)
    close(errors.read)
    if let inputPair { close(inputPair.ours) }
    throw ForeignORBError.cannotStart(command: words.joined(separator: " "), reason: String(cString: strerror(failure)))
  }
  return Spawned(pid: pid, input: inputPair?.ours, output: output.read, errors: errors.read)
}

/// The environment of the test process.
func inheritedEnvironment() -> [String: String] {
  var variables: [String: String] = [:]
  var next = environ
  while let entry = next.pointee {
    let pair = String(cString: entry).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if pair.count == 2 { variables[String(pair[0])] = String(pair[1]) }
    next += 1
  }
  return variables
}

/// A pipe whose ends no other child inherits.
func makePipe() -> (read: Int32, write: Int32) {
  inheritance.withLock { _ in
    var ends: [Int32] = [-1, -1]
    precondition(pipe(&ends) == 0, "pipe fails: \(String(cString: strerror(errno)))")
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }
}

/// Runs the body on a thread of its own, outside the concurrency pool.
func startThread(_ body: @escaping @Sendable () -> Void) {
  let box = Unmanaged.passRetained(ThreadBody(body))
  var thread = pthread_t()
  let failure = pthread_create(&thread, nil, runThreadBody, box.toOpaque())
  precondition(failure == 0, "pthread_create fails: \(String(cString: strerror(failure)))")
  pthread_detach(thread)
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// A global function: a closure would carry the isolation of the place where it stands.
private func runThreadBody(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let box else { return nil }
  Unmanaged<ThreadBody>.fromOpaque(box).takeRetainedValue().run()
  return nil
}

private func withCStrings<R>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> R) -> R {
  var pointers = strings.map { strdup($0) }
  pointers.append(nil)
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers)
}
