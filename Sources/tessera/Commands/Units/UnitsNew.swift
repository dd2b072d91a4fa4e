import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import StoreAPI

/// `tessera units new`
struct UnitsNew: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Makes a unit of the CRM's own.",
    discussion: """
      --base KG --factor 1000 says that one of it is 1000 KG; a factor is a whole number, a decimal number, or a fraction such as 1/3. Without \
      --base it is a base unit. A unit of an ERP is joined with it by `tessera identity link`.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var actor: ActorOptions
  @Option(help: "The code.")
  var code: String
  @Option(help: "The name.")
  var name: String
  @Option(help: "Its code of UN/ECE Recommendation 20: KGM.")
  var rec20 = ""
  @Option(help: "The unit in which it is counted, by id or code.")
  var base: String?
  @Option(help: ArgumentHelp("How many of the base it is.", valueName: "number"))
  var factor: FactorArgument?

  func validate() throws {
    if (base == nil) != (factor == nil) { throw ValidationError("--base and --factor go together: 1 T is 1000 KG.") }
  }

  func answer() async throws -> Answer {
    let who = try actor.who
    let result = try await Workspace.with(common, creating: true) { workspace -> ItemOfReceipt in
      let engine = try workspace.mappingEngine()
      let counted = try await workspace.store.read { [base] reader in try base.map { try ObjectView.find($0, .unit, reader).id } ?? "" }
      let unit = Interchange.V1.Unit(
        id: "", changedAt: engine.now(), sourceVersion: nil, status: "active", attributes: [], code: code, name: name, rec20: rec20,
        baseUnit: counted, factorNumerator: factor?.numerator ?? 1, factorDenominator: factor?.denominator ?? 1)
      let result = try await ItemOfReceipt.importing(unit.record, "Unit", engine, who)
      workspace.ringDoorbell()
      return result
    }
    return Answer(json: ["unit": result.json], text: result.text("unit"), isRefusal: !result.isApplied)
  }
}

/// `1000`, `0.4536`, `1/3`: above 0.
struct FactorArgument: ExplainedArgument {
  let numerator: Int64
  let denominator: Int64

  init(explaining text: String) throws(ArgumentFault) {
    let fault = ArgumentFault("'\(text)' is no factor above 0: write 1000, 0.4536 or 1/3, with at most 18 digits")
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    func whole(_ text: Substring) -> Int64? {
      !text.isEmpty && text.utf8.count <= 18 && text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? Int64(text) : nil
    }
    if parts.count == 2, let above = whole(parts[0]), let below = whole(parts[1]), above > 0, below > 0 {
      (numerator, denominator) = (above, below)
      return
    }
    let digits = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 1, digits.count <= 2, let whole = whole((digits.joined())[...]), whole > 0, !digits[0].isEmpty,
      digits.count == 1 || !digits[1].isEmpty
    else { throw fault }
    numerator = whole
    var power: Int64 = 1
    for _ in 0..<(digits.count == 2 ? digits[1].utf8.count : 0) { power *= 10 }
    denominator = power
  }
}
