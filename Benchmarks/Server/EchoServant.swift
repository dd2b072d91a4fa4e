import BenchIDL
import ORBCore
import Synchronization

/// Answers as every server of the benchmark must.
final class EchoServant: Bench.Echo.Servant {
  private let count = Atomic<Int64>(0)
  /// Made when it is first asked for, so that the server is there at once.
  private static let catalogue = Bench.Product.catalogue(100_000)

  func nop(context: ServerContext) throws {}

  func echoString(s: String, context: ServerContext) throws -> String { s }

  func push(batch: Bench.ProductSeq, context: ServerContext) throws -> Int32 {
    if let index = batch.firstIndex(where: { $0.listPriceMinor < 0 }) { throw Bench.Rejected(reason: "negative price", line: Int32(index)) }
    return Int32(batch.count)
  }

  func fetch(count: Int32, context: ServerContext) throws -> Bench.ProductSeq {
    if count < 0 { throw SystemException(.badParameter, minor: 1, message: "fetch of \(count) products") }
    if count > Self.catalogue.count {
      throw SystemException(.implementationLimit, minor: 1, message: "fetch of \(count) products, there are \(Self.catalogue.count)")
    }
    return Array(Self.catalogue.prefix(Int(count)))
  }

  func echoBlob(b: Bench.Blob, context: ServerContext) throws -> Bench.Blob { b }

  func fire(n: Int32, context: ServerContext) throws { count.add(1, ordering: .relaxed) }

  func fired(context: ServerContext) throws -> Int64 { count.load(ordering: .relaxed) }
}
