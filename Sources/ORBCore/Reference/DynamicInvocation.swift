public import CDR

extension ObjectRef {
  /// Calls an operation by its description, for callers without generated code.
  ///
  /// - Parameter arguments: the `in` and `inout` parameters in order; references as stringified text or ``Value/absent``.
  /// - Returns: the result unless void, then `out` and `inout` parameters in order; nothing for a oneway operation.
  /// - Throws: ``DynamicUserException`` for a declared exception, BAD_PARAM where arguments do not fit, other system exceptions.
  public nonisolated(nonsending) func invoke(_ operation: OperationDescription, arguments: [Value] = []) async throws -> [Value] {
    let types = operation.argumentTypes
    guard arguments.count == types.count else {
      throw CORBA.SystemException(
        .badParameter, completed: .no, message: "\(operation.name) takes \(types.count) arguments, not \(arguments.count)")
    }
    func write(_ encoder: inout CDREncoder) throws(CDRError) {
      for (index, type) in types.enumerated() {
        do { try encoder.encode(arguments[index], as: type) } catch { throw error.inside(operation.argumentName(index)) }
      }
    }
    if operation.isOneway {
      try await invokeOneway(operation.name, write)
      return []
    }
    return try await invoke(operation.name, write) { (decoder) throws(CDRError) in
      var values: [Value] = []
      for type in operation.replyTypes { values.append(try decoder.decodeValue(type)) }
      return values
    } raises: { id, decoder in
      if let type = operation.raises.first(where: { $0.id == id }) { throw DynamicUserException(try decoder.decodeRecord(type)) }
    }
  }
}

extension OperationDescription {
  fileprivate func argumentName(_ index: Int) -> String { parameters.filter { $0.direction != .out }[index].name }
}
