import ArgumentParser
import Broker
import BrokerRuntime
import CDR
import CRMCore
import InterchangeIDL
import Mapping
import MappingFiles
import StoreAPI

/// `tessera push`
struct Push: TesseraCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes a CSV file in as a message of a system.",
    discussion: """
      The first line names the columns. With --as csv:NAME they are the columns that the system's mapping file declares; a file may have \
      others, which are left out and named. With --as TYPE (sample-erp:Debtor, CreditTerms) they are fields of the type, listPrice/amount for a field \
      within one; what is left out is empty, but amounts, prices and quantities must be there: an \
      empty cell is no 0. A file with a fault in its form is refused whole, with every fault in its place; a row with \
      a fault in its content is refused or held alone, as any item of a message. The content names the message: the same file again is a \
      duplicate as long as it would change nothing, and says so; after a newer state, or with another mapping, it is taken anew.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var failOn: FailOnOptions
  @Argument(help: "The CSV file (RFC 4180).")
  var file: String
  @Option(help: "The system whose ids and words the file holds.")
  var system: String
  @Option(name: .customLong("as"), help: ArgumentHelp("What a row is: csv:customers, sample-erp:Debtor, CreditTerms.", valueName: "type"))
  var type: String
  @Option(help: "How the file is encoded, if not as its mapping says, or in UTF-8; a byte order mark says more.")
  var encoding: Choice<TextEncoding>?
  @Option(help: "What stands between fields, if not what its mapping or a first line sep=; says, or a comma.")
  var separator: Choice<CSVSeparator>?

  /// How the file is written: as the options say, else as the mapping does.
  ///
  /// - Throws: ``Refusal`` where the mapping names what this program does not know.
  private func form(_ plan: MappingPlan?, _ files: FileMappings) throws -> (encoding: TextEncoding, separator: CSVSeparator?) {
    let said = plan.flatMap { files.files.csvForm(of: $0) }
    func known<Value: RawRepresentable<String> & CaseIterable>(_ name: String?, _ what: String) throws -> Value? {
      guard let name, let said else { return nil }
      guard let value = Value(rawValue: name) else {
        throw Refusal(
          "MAPPINGS_INVALID", "\(said.place): there is no \(what) '\(name)'",
          hint: "there are: \(Value.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return value
    }
    return (
      try encoding?.value ?? known(said?.encoding, "encoding") ?? .utf8,
      try separator?.value ?? known(said?.separator, "separator")
    )
  }

  func answer() async throws -> Answer {
    let octets = try Files.read(file, limit: CSVTable.greatestFile)
    return try await Workspace.with(common) { workspace in
      let row = try await workspace.store.read { [system] reader in
        guard let row = try reader.system(named: system) else { throw try Refusal.unknownSystem(system, reader) }
        return row
      }
      if row.state == .revoked { throw Refusal("SYSTEM_REVOKED", "the system \"\(system)\" is revoked") }
      let files = try FileMappings(workspace.files, types: workspace.types)
      // What is wrong with the mapping is told first: the file may be read wrongly for that reason alone.
      let plan = try CSVRecords.plan(type, row, files)
      let (encoding, separator) = try form(plan, files)
      let rows: CSVRecords
      let emptyRows: [Int]
      do {
        let table = try CSVTable(reading: try TextEncoding.utf8(octets, as: encoding), separator: separator)
        emptyRows = table.emptyRows
        rows = try CSVRecords(table, type, plan, files)
      } catch let faults as CSVFaults { return refused(faults) }
      let engine = workspace.engine(over: files)
      let digest = Secrets.sha256(Array("\(type)\u{0}\(encoding.rawValue)\u{0}".utf8) + octets)
      let answer = try await engine.receive(
        system: row, messageID: "csv-\(digest.hexadecimal)", operation: "push \(type)", digest: digest, body: octets,
        format: WireFormat(byteOrder: .littleEndian), alignedAt: 0, sourceType: type, records: rows.records, isNamedByContent: true)
      workspace.ringDoorbell()
      return shown(try await answer.told(what: "rows", engine, failOn), rows.ignored, emptyRows)
    }
  }

  private func shown(_ told: Answer, _ ignored: [String], _ emptyRows: [Int]) -> Answer {
    var answer = told
    if !ignored.isEmpty { answer.text += "columns that the mapping does not read: \(Terminal.visible(ignored.joined(separator: ", ")))\n" }
    if case .object(let members) = answer.json {
      answer.json = .object(members + [.init(name: "ignoredColumns", value: .array(ignored.map(JSON.string)))])
    }
    answer.add(emptyRows: emptyRows)
    return answer
  }

  private func refused(_ faults: CSVFaults) -> Answer {
    let refusal = faults.refusal(file)
    return Answer(
      json: [
        "error": ["code": .string(refusal.code), "message": .string(refusal.message), "hint": "nothing was taken"],
        "faults": .array(
          faults.faults.map { ["line": JSON($0.line), "column": JSON($0.column), "message": .string($0.message)] }),
      ],
      text: faults.faults.map { Terminal.visible("\($0.text(file)) [\($0.code)]") + "\n" }.joined()
        + "\(faults.faults.count) faults; nothing was taken\n", isRefusal: true)
  }
}
