import ORBCore
import SampleERPIDL

extension BooksServant {
  nonisolated(nonsending) func orderNewsSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.OrderNewsPage {
    try await slowed { try store.orderNews(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func shipOrder(
    order: SampleERP.OrderNo, position: Int32, quantity: SampleERP.Thousandths, context: ServerContext
  ) async throws -> SampleERP.ChangeNo {
    try changed(order) { try store.ship(order, position: position, quantity: quantity) }
  }

  nonisolated(nonsending) func billOrder(order: SampleERP.OrderNo, context: ServerContext) async throws -> SampleERP.ChangeNo {
    try changed(order) { try store.bill(order) }
  }

  nonisolated(nonsending) func blockOrder(
    order: SampleERP.OrderNo, position: Int32, block: Int16, context: ServerContext
  ) async throws -> SampleERP.ChangeNo {
    try changed(order) { try store.block(order, position: position, block) }
  }

  nonisolated(nonsending) func takeBackOrder(order: SampleERP.OrderNo, context: ServerContext) async throws -> SampleERP.ChangeNo {
    try changed(order) { try store.takeBack(order) }
  }

  private func changed(_ order: SampleERP.OrderNo, _ action: () throws -> Int64?) throws -> SampleERP.ChangeNo {
    do {
      guard let change = try action() else { throw SampleERP.NoSuchOrder(salesNo: order) }
      return change
    } catch let refusal as OrderRefusal { throw SampleERP.NotPossible(reasonNo: refusal.rawValue, reasonText: refusal.text) }
  }
}
