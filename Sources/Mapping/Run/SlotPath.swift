public import CDR

/// The way to a value inside a record: slots of records and, behind the slot of a list, indices into it from 0.
public struct SlotPath: Sendable, Hashable {
  public let steps: [Int]
  public init(_ steps: [Int]) { self.steps = steps }
}

extension Record {
  /// The value at a path; nil where the path leads nowhere.
  public subscript(path: SlotPath) -> Value? {
    var value = Value.record(self)
    for step in path.steps {
      switch value {
      case .record(let record) where record.slots.indices.contains(step): value = record.slots[step]
      case .list(let values) where values.indices.contains(step): value = values[step]
      default: return nil
      }
    }
    return value
  }

  /// The record with another value at the path; unchanged where the path leads nowhere.
  public func resolving(_ path: SlotPath, to value: Value) -> Record {
    if path.steps.count == 1, slots.indices.contains(path.steps[0]) {
      var record = self
      record.slots[path.steps[0]] = value
      return record
    }
    guard case .record(let record) = Self.replacing(path.steps[...], in: .record(self), with: value) else { return self }
    return record
  }

  /// The record without the list element at a path; unchanged where there is none.
  func removingElement(at path: SlotPath) -> Record {
    guard case .record(let record) = Self.replacing(path.steps[...], in: .record(self), with: nil) else { return self }
    return record
  }

  /// - Parameter new: Nil takes the element out of its list.
  private static func replacing(_ steps: ArraySlice<Int>, in value: Value, with new: Value?) -> Value {
    guard let step = steps.first else { return new ?? value }
    switch value {
    case .record(var record) where record.slots.indices.contains(step):
      record.slots[step] = replacing(steps.dropFirst(), in: record.slots[step], with: new)
      return .record(record)
    case .list(var values) where values.indices.contains(step):
      if new == nil, steps.count == 1 {
        values.remove(at: step)
      } else {
        values[step] = replacing(steps.dropFirst(), in: values[step], with: new)
      }
      return .list(values)
    default: return value
    }
  }
}
