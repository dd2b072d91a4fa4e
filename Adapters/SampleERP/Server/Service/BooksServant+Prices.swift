import CDR
import ORBCore
import SampleERPIDL

extension BooksServant {
  nonisolated(nonsending) func priceGroupsSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.PriceGroupPage {
    try await slowed { try store.priceGroups(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func priceRowsSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.PriceRowPage {
    try await slowed { try store.priceRows(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func stockSince(
    watermark: SampleERP.ChangeNo, limit: Int32, context: ServerContext
  ) async throws -> SampleERP.StockPage {
    try await slowed { try store.stock(after: watermark, limit: limit) }
  }

  nonisolated(nonsending) func setRowPrice(
    priceGroup: SampleERP.PriceGroupNo, item: SampleERP.ItemNo, pack: SampleERP.PackCode, fromQuantity: SampleERP.Thousandths,
    price: SampleERP.RowPrice, state: Int16, context: ServerContext
  ) async throws -> SampleERP.ChangeNo {
    guard try store.hasPriceGroup(priceGroup) else { throw SampleERP.NoSuchPriceGroup(priceGroupNo: priceGroup) }
    let row = PriceRow(group: priceGroup, item: item, pack: pack, from: fromQuantity, price: price.description, state: state)
    guard let change = try store.setPrice(row) else { throw SampleERP.NoSuchItem(itemNo: item) }
    return change
  }

  nonisolated(nonsending) func setStock(
    item: SampleERP.ItemNo, store number: SampleERP.StoreNo, quantity: SampleERP.Thousandths, context: ServerContext
  ) async throws -> SampleERP.ChangeNo {
    guard let change = try store.setStock(of: item, in: number, to: quantity) else { throw SampleERP.NoSuchItem(itemNo: item) }
    return change
  }
}
