import Broker
import BrokerRuntime
import CDR
import InterchangeIDL
import Synchronization

/// An ERP that is asked for credit before it gets an order.
final class CreditDesk: CreditCheckingAdapter {
  enum Answer: String, Sendable { case allowed, refused, noSay, unreachable }

  let erp = FakeERP(.idempotentByKey)
  private let state = Mutex<(answer: Answer, questions: [V1.CreditQuestion])>((.allowed, []))

  func answer(_ answer: Answer) { state.withLock { $0.answer = answer } }
  var questions: [V1.CreditQuestion] { state.withLock { $0.questions } }

  var feeds: [Feed] { erp.feeds }
  var orderType: String? { erp.orderType }
  var verdictType: String { erp.verdictType }
  let creditQuestionType: String? = "CreditQuestion"
  let creditVerdictType = "CreditVerdict"

  func read(_ feed: Feed, after position: String?, limit: Int) async throws -> FeedPage {
    try await erp.read(feed, after: position, limit: limit)
  }
  func createOrder(key: String, order: Record) async throws -> Record { try await erp.createOrder(key: key, order: order) }
  func findOrder(key: String) async throws -> Record? { try await erp.findOrder(key: key) }

  func checkCredit(key: String, question: Record) async throws -> Record? {
    let question = try V1.CreditQuestion(record: question)
    let answer = state.withLock { state in
      state.questions.append(question)
      return state.answer
    }
    switch answer {
    case .noSay: return nil
    case .unreachable: throw AdapterFailure(.notExecuted, code: "TRANSIENT", message: "connection refused")
    case .allowed, .refused:
      let isRefused = answer == .refused
      return V1.CreditVerdict(
        outcome: answer.rawValue, code: isRefused ? "TOO_LATE" : "", explanation: isRefused ? "they pay too late" : "",
        creditLimit: V1.MoneyAmount("100")!, exposure: V1.MoneyAmount("95")!, currency: "EUR", asOf: 1
      ).record
    }
  }
}
