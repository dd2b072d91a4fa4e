import CDR
import ForeignORB
import IIOPTransport
import ORBCore
import SQLite
import SampleERPIDL

/// A `sample-erp` process and a client of it.
struct RunningERP {
  let process: ChildProcess
  let folder: String
  let reference: String
  let orb: ORB
  let transport: IIOPTransport

  var books: SampleERP.Books {
    get throws { SampleERP.Books(unchecked: try ObjectRef(stringified: reference, orb: orb)) }
  }

  /// Starts the ERP over the books of a folder.
  static func start(_ folder: String, _ arguments: [String] = [], environment: [String: String] = [:]) async throws -> RunningERP {
    let process = try ChildProcess(
      builtExecutable("sample-erp"), ["serve", "--data", folder, "--items", "400"] + arguments, environment: environment)
    let line = try await process.readLine { $0.hasPrefix("ready ") }
    let orb = ORB()
    return RunningERP(
      process: process, folder: folder, reference: String(line.dropFirst("ready ".count)), orb: orb,
      transport: try IIOPTransport(orb: orb))
  }

  /// Runs a test over a new ERP.
  static func with(
    _ arguments: [String] = [], environment: [String: String] = [:], _ body: (RunningERP) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let erp = try await start(folder, arguments, environment: environment)
      try await body(erp)
      try await erp.end()
    }
  }

  func end() async throws {
    await transport.shutDown(patience: .seconds(1))
    try await process.kill()
  }

  /// The number that a query finds in the books, asked beside the server.
  func count(_ query: String) throws -> Int64 {
    try SQLiteConnection(path: "\(folder)/sample-erp.db").row(query) { $0.integer(0) } ?? -1
  }

  /// An item that can be ordered, by its place.
  func item(_ place: Int) throws -> (number: String, unit: String) {
    let query = "SELECT number, unit FROM item WHERE state = 10 AND unit = 'ST' ORDER BY number LIMIT 1 OFFSET ?"
    guard let found = try SQLiteConnection(path: "\(folder)/sample-erp.db").row(query, [place], { ($0.text(0), $0.text(1)) }) else {
      throw ForeignORBError.unexpectedAnswer("no item \(place)")
    }
    return found
  }

  /// An order of some items by a new customer.
  func order(_ reference: String, partner: String = "key-of-öttinger", items: [String]) -> SampleERP.SalesOrder {
    SampleERP.SalesOrder(
      partnerReference: reference, debtorNo: "", partnerKey: partner, nameLine1: "Bauunternehmung Öttinger 建筑", streetLine: "Ringstraße 4",
      postCode: "50667", townName: "Köln", countryNo: 276, vatNumber: "DE123456789", contactLine: "Jürgen Groß", shipStreet: "Kai 3",
      shipPostCode: "20457", shipTown: "Hamburg", shipCountryNo: 276, orderDay: 20_260_331, currencyNo: 978, priceBasis: 1, termsNo: 3,
      positionList: items.enumerated().map { place, item in
        SampleERP.OrderPosition(
          positionNo: Int32(10 * (place + 1)), itemNo: item, uomCode: "ST", packCode: "", orderedQuantity: 2000,
          positionPrice: .init("119.0000")!, rebateRate: 1250, taxClass: 1, wantedDay: 0)
      }, grossSum: 23_800, kindNo: 1)
  }
}
