import ArgumentParser
import IIOPTransport
import ORBCore
import SampleERPIDL
import SampleERPServer

/// `sample-erp set-credit`
struct SetCredit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set-credit",
    abstract: "Gives a debtor a credit account, or another ceiling, in the books of a running server.")

  @OptionGroup var books: BookOptions
  @Option(help: "The file with the server's reference. (default: sample-erp.ior in the data folder)")
  var iorFile: String?
  @Flag(help: "Nothing is sold to the debtor from now on.")
  var stopped = false
  @Argument(help: "The number of the debtor.")
  var debtor: String
  @Argument(help: "The ceiling, such as 50000.00, in the currency of the debtor's area.")
  var ceiling: String

  func run() async throws {
    guard let hundredths = ChangePrice.hundredths(ceiling) else { throw ValidationError("'\(ceiling)' is no sum such as 50000.00") }
    let state = stopped ? CreditState.stopped : CreditState.open
    let change = try await RunningBooks.call(books, iorFile) { try await $0.setCredit(debtor: debtor, ceiling: hundredths, state: state) }
    print("change \(change): \(debtor) may owe \(ceiling)\(stopped ? ", and is stopped" : "")")
  }
}

/// `sample-erp pay`
struct Pay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Books a payment on a paper, in the books of a running server.")

  @OptionGroup var books: BookOptions
  @Option(help: "The file with the server's reference. (default: sample-erp.ior in the data folder)")
  var iorFile: String?
  @Argument(help: "The number of the paper.")
  var paper: String
  @Argument(help: "How much was paid, such as 1190.00.")
  var sum: String

  func run() async throws {
    guard let hundredths = ChangePrice.hundredths(sum) else { throw ValidationError("'\(sum)' is no sum such as 1190.00") }
    let change = try await RunningBooks.call(books, iorFile) { try await $0.takePayment(paper: paper, paid: hundredths) }
    print("change \(change): \(sum) were paid on \(paper)")
  }
}

/// The books of a server that runs.
enum RunningBooks {
  static func call<Result>(
    _ books: BookOptions, _ iorFile: String?, _ body: (SampleERP.Books) async throws -> Result
  ) async throws -> Result {
    let file = iorFile ?? ERPServer.referenceFile(in: books.data)
    guard let text = TextFile.read(file) else { throw ValidationError("no reference in \(file): does the server run?") }
    let orb = ORB()
    let transport = try IIOPTransport(orb: orb)
    let result: Result
    do {
      result = try await body(SampleERP.Books(unchecked: try ObjectRef(stringified: text, orb: orb)))
    } catch let error as SampleERP.NoSuchDebtor {
      throw ValidationError("there is no debtor '\(error.debtorNo)'")
    } catch let error as SampleERP.NoSuchPaper {
      throw ValidationError("there is no paper '\(error.paperNo)'")
    } catch let error as SampleERP.NoSuchItem {
      throw ValidationError("there is no item '\(error.itemNo)'")
    } catch let error as SampleERP.NoSuchPriceGroup {
      throw ValidationError("there is no price group '\(error.priceGroupNo)'")
    } catch let error as SampleERP.NoSuchOrder {
      throw ValidationError("there is no order '\(error.salesNo)'")
    } catch let error as SampleERP.NotPossible { throw ValidationError("\(error.reasonText) (reason \(error.reasonNo))") }
    await transport.shutDown()
    return result
  }
}
