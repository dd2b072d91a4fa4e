import Dispatch
import Synchronization

/// Where the chunks of a document are made ready.
enum ChunkFeed {
  /// On the thread that asks for them: of a small document.
  case here(ChunkScanner)
  case ahead(ReadAhead)

  /// - Parameter source: a document of which nothing was read.
  static func of(_ source: XMLSource, limits: XMLLimits) -> ChunkFeed {
    let isLarge = source.octets >= ReadAhead.leastOctets
    let scanner = ChunkScanner(source, limits: limits)
    return isLarge ? .ahead(ReadAhead(scanner)) : .here(scanner)
  }

  /// The next chunk. None may be asked for behind one that is the last or bears a failure.
  mutating func next() -> ChunkScanner.Chunk {
    switch self {
    case .ahead(let readAhead): return readAhead.next()
    case .here(var scanner):
      let chunk = scanner.next()
      self = .here(scanner)
      return chunk
    }
  }
}

/// Makes the chunks of a large document ready on another thread, while libxml2 works on those before.
final class ReadAhead: Sendable {
  /// The octets of a document from which on another thread is worth its while.
  static let leastOctets = 1 << 20
  /// Chunks that are ready at most: what is ahead is bounded, however large the document.
  private static let depth = 8

  private struct State {
    var ready: [ChunkScanner.Chunk] = []
    /// Nil while a thread works with it.
    var scanner: Loan?
    var isOver = false
  }

  private let state: Mutex<State>
  private let news = DispatchSemaphore(value: 0)

  /// - Parameter scanner: is not used by its giver any more.
  init(_ scanner: ChunkScanner) { state = Mutex(State(scanner: Loan(scanner: scanner))) }

  /// The next chunk; waits for it. None may be asked for behind one that is the last or bears a failure.
  func next() -> ChunkScanner.Chunk {
    start()
    news.wait()
    return state.withLock { $0.ready.removeFirst() }
  }

  /// Lets a thread make chunks, unless one does, or enough are ready.
  private func start() {
    let scanner = state.withLock { state in
      state.isOver || state.ready.count > Self.depth / 2 ? nil : state.scanner.take()
    }
    guard let scanner else { return }
    // Whoever reads the document may have given up in the meantime: then nobody else knows this object.
    DispatchQueue.global(qos: .userInitiated).async { [weak self] in
      var scanner = scanner.scanner
      while let self, self.add(&scanner) {}
    }
  }

  /// Makes one chunk ready.
  ///
  /// - Returns: whether another one is wanted; if not, the scanner is given back.
  private func add(_ scanner: inout ChunkScanner) -> Bool {
    let chunk = scanner.next()
    let loan = Loan(scanner: scanner)
    let goesOn = state.withLock { state in
      state.isOver = chunk.isLast || chunk.failure != nil
      state.ready.append(chunk)
      let goesOn = !state.isOver && state.ready.count < Self.depth
      if !goesOn { state.scanner = loan }
      return goesOn
    }
    news.signal()
    return goesOn
  }

  /// Sendable without the compiler's check: the scanner is with one thread at a time, and each gives it away for good.
  private struct Loan: @unchecked Sendable {
    let scanner: ChunkScanner
  }
}
