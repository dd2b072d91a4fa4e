import CDR
import ORBCore
import ParleyIDL
import Synchronization

/// Answers as its interface's comments say.
final class GateServant: Parley.Gate.Servant {
  private let sum = Atomic<Int64>(0)
  private let held = Mutex<[String: [CheckedContinuation<Bool, Never>]]>([:])

  func nop(context: ServerContext) throws {}
  func say(text: String, context: ServerContext) throws -> String { text }
  func copy(octets: Parley.Blob, context: ServerContext) throws -> Parley.Blob { octets }

  func sayWide(text: String, context: ServerContext) async throws -> String { text }
  func sayShortly(text: Parley.Sku, context: ServerContext) async throws -> Parley.Sku { text }
  func sayBriefly(text: Parley.Brief, context: ServerContext) async throws -> Parley.Brief { text }
  func count(texts: Parley.Names, context: ServerContext) async throws -> UInt32 { UInt32(texts.count) }
  func paint(with: Parley.Colour, context: ServerContext) async throws -> Parley.Colour { with }
  func turn(flag: Bool, context: ServerContext) async throws -> Bool { !flag }
  func pay(price: Parley.Amount, context: ServerContext) async throws -> Parley.Amount { price }
  func perhaps(code: Parley.OptionalSku, context: ServerContext) async throws -> Parley.OptionalSku { code }
  func given(something: ObjectRef?, context: ServerContext) async throws -> Bool { something != nil }
  func refuse(context: ServerContext) async throws { throw Parley.Nothing() }
  func speakChinese(context: ServerContext) async throws -> String { "汉字" }
  func note(number: Int32, context: ServerContext) async throws { sum.add(Int64(number), ordering: .relaxed) }
  func noted(context: ServerContext) async throws -> Int64 { sum.load(ordering: .relaxed) }

  func weigh(root: Parley.Tree, context: ServerContext) async throws -> UInt32 {
    var count: UInt32 = 0
    var waiting = [root]
    while let tree = waiting.popLast() {
      count += 1
      waiting += tree.children
    }
    return count
  }

  // MARK: - Waiting

  func hold(name: String, context: ServerContext) async throws {
    let passes = await withTaskCancellationHandler {
      await withCheckedContinuation { waiting in
        let isLate = held.withLock { held in
          if Task.isCancelled { return true }
          held[name, default: []].append(waiting)
          return false
        }
        if isLate { waiting.resume(returning: false) }
      }
    } onCancel: {
      letPass(name, with: false)
    }
    if !passes { throw CancellationError() }
  }

  func letPass(name: String, context: ServerContext) async throws { letPass(name, with: true) }

  func holding(context: ServerContext) async throws -> UInt32 { held.withLock { UInt32($0.values.reduce(0) { $0 + $1.count }) } }

  private func letPass(_ name: String, with result: Bool) {
    for waiting in held.withLock({ $0.removeValue(forKey: name) }) ?? [] { waiting.resume(returning: result) }
  }
}
