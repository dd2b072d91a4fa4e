public import CDR

/// An item's record with the ids that were found, and what the policies say of the others.
public struct ReferenceResolution: Sendable {
  public var record: Record
  /// Ids that no link has, and for which the item waits.
  public var waiting: [PendingReference]
  public var problems: [MappingProblem]
  /// The fields that are not always written, those of the item included.
  public var writes: [FieldWrite]

  public var isRejected: Bool { problems.contains { $0.severity == .reject } }
}

extension MappedItem {
  /// Puts ids into the record.
  ///
  /// - Parameters:
  ///   - ownID: The item's id in the destination's system; nil leaves its field as it is.
  ///   - answers: One for each of ``references``: the id in the destination's system, nil where no link has the foreign one.
  /// - Precondition: as many answers as references.
  public func resolving(ownID: String? = nil, _ answers: [String?]) -> ReferenceResolution {
    precondition(answers.count == references.count, "\(references.count) references, \(answers.count) answers")
    var result = ReferenceResolution(record: record, waiting: [], problems: [], writes: writes)
    if let ownID, let path = identity.path { result.record = result.record.resolving(path, to: .text(ownID)) }
    var dropped: [SlotPath] = []
    for (reference, answer) in zip(references, answers) {
      if let answer {
        result.put(answer, at: reference)
        continue
      }
      switch reference.policy {
      case .fail:
        result.problems.append(
          reference.problem(
            .unknownReference, "no link has the \(reference.entity) '\(reference.foreignID)'",
            hint:
              "`tessera identity link \(reference.entity) SYSTEM:ID crm:ID --reason …` links it; or say with unmapped= or default= what is done without a link"
          ))
      case .hold: result.waiting.append(reference)
      case .byDefault(let value): result.record = result.record.resolving(reference.path, to: value)
      case .pass: result.put(reference.foreignID, at: reference)
      case .keep: result.writes.append(FieldWrite(path: reference.path, field: reference.field, policy: .keep))
      case .dropLine: dropped.append(reference.path)
      }
    }
    result.drop(dropped, references)
    return result
  }
}

extension PendingReference {
  fileprivate func problem(
    _ code: MappingProblem.Code, severity: MappingProblem.Severity = .reject, _ message: String, hint: String = ""
  ) -> MappingProblem {
    MappingProblem(code, severity: severity, field: field, value: foreignID, message: message, hint: hint, place: place)
  }
}

extension ReferenceResolution {
  fileprivate mutating func put(_ id: String, at reference: PendingReference) {
    do {
      let value = try reference.conversion.convert(.text(id))
      // In place, since a record has many slots.
      if reference.path.steps.count == 1, record.slots.indices.contains(reference.path.steps[0]) {
        record.slots[reference.path.steps[0]] = value
      } else {
        record = record.resolving(reference.path, to: value)
      }
    } catch {
      problems.append(reference.problem(error.code, "the id '\(id)' of \(reference.entity) '\(reference.foreignID)': \(error.message)"))
    }
  }

  /// Takes the lines out, the last first, so that the indices of the others stay right.
  fileprivate mutating func drop(_ paths: [SlotPath], _ references: [PendingReference]) {
    guard !paths.isEmpty else { return }
    var lines: Set<[Int]> = []
    for path in paths {
      guard let line = record.line(of: path) else { continue }
      if lines.insert(line.steps).inserted, let reference = references.first(where: { $0.path == path }) {
        problems.append(
          reference.problem(
            .lineDropped, severity: .note, "the line is left out: no link has the \(reference.entity) '\(reference.foreignID)'"))
      }
    }
    // What waits or failed inside a line that is left out does not matter any more.
    func isDropped(_ path: SlotPath) -> Bool { lines.contains { path.steps.starts(with: $0) } }
    waiting.removeAll { isDropped($0.path) }
    writes.removeAll { $0.policy == .keep && isDropped($0.path) }
    let failed = references.filter { isDropped($0.path) }
    problems.removeAll { problem in
      problem.severity == .reject && failed.contains { $0.field == problem.field && $0.place == problem.place }
    }
    for line in lines.sorted(by: { $1.lexicographicallyPrecedes($0) }) { record = record.removingElement(at: SlotPath(line)) }
  }
}

extension Record {
  /// The part of a path that leads to the innermost list element on it.
  fileprivate func line(of path: SlotPath) -> SlotPath? {
    var value = Value.record(self)
    var last: Int?
    for (depth, step) in path.steps.enumerated() {
      switch value {
      case .record(let record) where record.slots.indices.contains(step): value = record.slots[step]
      case .list(let values) where values.indices.contains(step):
        last = depth
        value = values[step]
      default: return nil
      }
    }
    return last.map { SlotPath(Array(path.steps[...$0])) }
  }
}
