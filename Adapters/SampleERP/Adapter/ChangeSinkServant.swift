public import BrokerRuntime
import CDR
public import ORBCore

/// What the ERP calls with changed items: one operation with a notice and a list of structs, by its description.
struct ChangeSinkServant: Servant {
  let interface: InterfaceDescription
  let receive: @Sendable (ToldChanges) async throws -> Void

  var repositoryIDs: [String] { [interface.id] }

  func dispatch(_ request: IncomingRequest) async throws -> Reply {
    guard let operation = interface.operation(named: request.operation), operation.parameters.count == 2,
      case .sequence(let element, _) = operation.parameters[1].type.resolved, case .record(let type) = element.resolved
    else { throw request.unknownOperation(of: interface.id) }
    let arguments = try request.arguments { (decoder) throws(CDRError) in
      var values: [Value] = []
      for parameter in operation.parameters { values.append(try decoder.decodeValue(parameter.type)) }
      return values
    }
    guard case .text(let notice) = arguments[0], case .list(let values) = arguments[1] else {
      throw SystemException(.badParameter, completed: .no, message: "\(operation.name) takes a notice and a list of structs")
    }
    var encoder = CDREncoder(format: WireFormat(byteOrder: .littleEndian))
    for (parameter, argument) in zip(operation.parameters, arguments) { try encoder.encode(argument, as: parameter.type) }
    try await receive(
      ToldChanges(
        sourceType: SampleERPAdapter.typeName(type), notice: notice, operation: "told \(operation.name)",
        records: values.compactMap { if case .record(let record) = $0 { record } else { nil } }, body: request.context.body,
        comparable: encoder.array))
    return request.reply()
  }
}

extension SampleERPAdapter: PushingAdapter {
  /// Under which name we are known to the ERP.
  private static let partner = "tessera"

  public func changeSink(_ receive: @escaping @Sendable (ToldChanges) async throws -> Void) -> any Servant {
    ChangeSinkServant(interface: sinkInterface, receive: receive)
  }

  public func announce(_ sink: ObjectRef) async throws {
    if !announces { return }
    do {
      try await withCallTimeout(timeout) {
        try await books.invoke("announce_to") { (encoder) throws(CDRError) in
          try encoder.encode(Self.partner)
          try encoder.encode(reference: sink)
        }
      }
    } catch { throw AdapterFailure(error) }
  }
}
