import CPosix
import Dispatch
import Glibc
import Synchronization

/// Brings bodies onto the disk, those of all requests that wait together, on a thread of its own: a disk is waited for longer than
/// anything else, and never by the threads that read documents.
final class DiskDesk: Sendable {
  private struct Job: Sendable {
    let descriptor: Int32
    let continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var jobs: [Job] = []
    var isWorking = false
  }

  private let folder: String
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "tessera.spool")

  /// - Parameter folder: where the files are.
  init(folder: String) { self.folder = folder }

  /// Returns when the octets of an open file of the folder, and its name, are on disk; closes the file.
  ///
  /// - Throws: ``GatewayRefusal`` where the disk fails.
  func settle(_ descriptor: Int32) async throws {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      let begins = state.withLock { state in
        state.jobs.append(Job(descriptor: descriptor, continuation: continuation))
        defer { state.isWorking = true }
        return !state.isWorking
      }
      if begins { queue.async { self.work() } }
    }
  }

  /// Works until nobody waits.
  private func work() {
    while true {
      let jobs = state.withLock { state in
        defer { state.jobs = [] }
        if state.jobs.isEmpty { state.isWorking = false }
        return state.jobs
      }
      if jobs.isEmpty { return }
      settle(jobs)
    }
  }

  private func settle(_ jobs: [Job]) {
    // All are begun before the first is waited for: so the file system writes its journal once for all of them.
    for job in jobs { cposix_begin_writing(job.descriptor) }
    var failures: [Int: any Error] = [:]
    for (index, job) in jobs.enumerated() {
      if fdatasync(job.descriptor) != 0 { failures[index] = Spool.failure("cannot bring a body onto the disk") }
      close(job.descriptor)
    }
    // The files' names must survive, too.
    let directory = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    let isNamed = directory >= 0 && fsync(directory) == 0
    let unnamed = isNamed ? nil : Spool.failure("cannot bring \(folder) onto the disk")
    if directory >= 0 { close(directory) }
    for (index, job) in jobs.enumerated() {
      if let failure = failures[index] ?? unnamed { job.continuation.resume(throwing: failure) } else { job.continuation.resume() }
    }
  }
}
