import ORBCore
import SampleERPIDL

extension BooksServant {
  nonisolated(nonsending) func creditSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.CreditPage {
    try await slowed { try store.creditAccounts(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func openItemsSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.OpenItemPage {
    try await slowed { try store.openItems(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func mayOrder(enquiry: SampleERP.CreditEnquiry, context: ServerContext) async throws -> SampleERP.CreditReply {
    guard let reply = try store.mayOrder(enquiry) else { throw SampleERP.NoSuchDebtor(debtorNo: enquiry.debtorNo) }
    return reply
  }

  nonisolated(nonsending) func setCredit(
    debtor: SampleERP.DebtorNo, ceiling: SampleERP.Hundredths, state: Int16, context: ServerContext
  ) async throws -> SampleERP.ChangeNo {
    guard let change = try store.setCredit(of: debtor, ceiling: ceiling, state: state) else {
      throw SampleERP.NoSuchDebtor(debtorNo: debtor)
    }
    return change
  }

  nonisolated(nonsending) func takePayment(
    paper: SampleERP.PaperNo, paid: SampleERP.Hundredths, context: ServerContext
  ) async throws -> SampleERP.ChangeNo {
    guard let change = try store.takePayment(on: paper, paid) else { throw SampleERP.NoSuchPaper(paperNo: paper) }
    return change
  }
}
