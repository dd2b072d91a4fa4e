import CDR
import ORBCore
import SampleERPIDL
import SampleERPServer

/// The books behind the other IDL.
struct OtherBooks: OtherERP.Books.Servant {
  let store: BookStore

  func unitsSince(watermark: OtherERP.ChangeNo, limit: Int32, context: ServerContext) async throws -> OtherERP.UnitPage {
    try sameOctets(try store.units(after: watermark, limit: limit))
  }

  func groupsSince(watermark: OtherERP.ChangeNo, limit: Int32, context: ServerContext) async throws -> OtherERP.GroupPage {
    try sameOctets(try store.groups(after: watermark, limit: limit))
  }

  func debtorsSince(watermark: OtherERP.ChangeNo, limit: Int32, context: ServerContext) async throws -> OtherERP.DebtorPage {
    try sameOctets(try store.debtors(after: watermark, limit: limit))
  }

  func itemsSince(watermark: OtherERP.ChangeNo, limit: Int32, context: ServerContext) async throws -> OtherERP.ItemPage {
    let page = try store.items(after: watermark, limit: limit)
    let items = try page.changedItems.map { item in
      OtherERP.Item(
        articleCode: item.itemNo, changeNo: item.changeNo, caption: item.shortText, languageNo: item.languageNo, longText: item.longText,
        dataSheet: item.dataSheet, groupNo: item.groupNo, uomCode: item.uomCode, packList: try item.packList.map { try sameOctets($0) },
        sale: OtherERP.Pricing(withTax: item.grossPrice, currencyNo: item.currencyNo), taxClass: item.taxClass, stateNo: item.stateNo,
        numberedPieces: item.serialFlag, weightGrams: item.weightGrams, listedDay: item.listedDay, changedClock: item.changedClock)
    }
    return OtherERP.ItemPage(changedItems: items, nextMark: page.nextMark, moreFollow: page.moreFollow)
  }

  func createOrder(orderKey: String, orderForm: OtherERP.SalesOrder, context: ServerContext) async throws -> OtherERP.OrderConfirmation {
    let order: SampleERP.SalesOrder = try sameOctets(orderForm)
    return try sameOctets(try store.book(key: orderKey, order, arrival: store.arrive(), policy: KeyPolicy()).confirmation)
  }

  func orderByKey(orderKey: String, context: ServerContext) async throws -> OtherERP.OrderConfirmation {
    guard let found = try store.confirmation(of: orderKey, policy: KeyPolicy()) else { throw OtherERP.NoSuchKey(orderKey: orderKey) }
    return try sameOctets(found)
  }

  /// The struct of the other IDL that is the same but for its module's name.
  private func sameOctets<Other: CDRCodable>(_ value: some CDRCodable) throws -> Other {
    var encoder = CDREncoder()
    try value.encode(into: &encoder)
    var decoder = CDRDecoder(encoder.bytes)
    return try Other(from: &decoder)
  }
}
