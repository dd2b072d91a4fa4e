public import CDR

/// What a document that says something of a thing alone leaves as it stands: of an emit with `absent="keep"`.
public final class PartialUpdate: Sendable {
  /// Elements of lists that stay, and fields of elements that do.
  let elements: [KeptElements]
  /// What refuses a thing that is new, since the document does not say what it needs.
  public let problemsIfNew: [MappingProblem]
  private let emit: EmitPlan
  private let documentTime: Int64

  init(elements: [KeptElements], problemsIfNew: [MappingProblem], emit: EmitPlan, documentTime: Int64) {
    self.elements = elements
    self.problemsIfNew = problemsIfNew
    self.emit = emit
    self.documentTime = documentTime
  }

  /// What the mapping's requirements refuse of the state that the thing will have.
  public func problems(of record: Record) -> [MappingProblem] {
    emit.unmet(by: record, documentTime).filter { $0.severity == .reject }
  }

  /// Puts what stays of lists into a record.
  ///
  /// - Parameter former: the state that the thing has.
  public func keep(_ former: Record, in record: inout Record) {
    for kept in elements {
      guard case .list(let old)? = former[kept.list], case .list(var list)? = record[kept.list] else { continue }
      switch kept.what {
      case .fields(let element, let slots):
        guard list.indices.contains(element), case .record(var made) = list[element],
          case .record(let was)? = old.first(where: kept.key.fits)
        else { continue }
        for slot in slots where made.slots.indices.contains(slot) && was.slots.indices.contains(slot) { made.slots[slot] = was.slots[slot] }
        list[element] = .record(made)
      case .all(let place): list.insert(contentsOf: old.filter(kept.key.fits), at: min(place, list.count))
      }
      record = record.resolving(kept.list, to: .list(list))
    }
  }
}

/// What tells an element of a list from others.
struct ElementKey: Sendable {
  let slot: Int
  let value: Value

  func fits(_ element: Value) -> Bool {
    guard case .record(let record) = element, record.slots.indices.contains(slot) else { return false }
    return record.slots[slot] == value
  }
}

/// What stays of a list.
struct KeptElements: Sendable {
  enum What: Sendable {
    /// These fields of the element that stands at an index.
    case fields(element: Int, slots: [Int])
    /// All elements with the key, which stand before an index.
    case all(before: Int)
  }

  let list: SlotPath
  let key: ElementKey
  let what: What
}

extension EmitPlan {
  /// The requirements that a finished record does not meet.
  func unmet(by record: Record, _ documentTime: Int64) -> [MappingProblem] {
    if requirements.isEmpty { return [] }
    var problems: [MappingProblem] = []
    var finished = Evaluator(root: .record(record), documentTime: documentTime)
    for requirement in requirements {
      do throws(EvaluationError) {
        if try finished.boolean(requirement.condition) { continue }
        var shown: [String] = []
        for operand in requirement.operands {
          if let value = try? finished.value(operand.value) { shown.append("\(operand.text) is \(value.summary)") }
        }
        let why = shown.isEmpty ? "" : ": \(shown.joined(separator: ", "))"
        problems.append(
          MappingProblem(
            requirement.code, severity: requirement.isHold ? .hold : .reject, path: requirement.trace.path,
            value: shown.joined(separator: ", "), message: "'\(requirement.trace.path)' does not hold\(why)",
            place: requirement.trace.place))
      } catch {
        problems.append(
          MappingProblem(
            error.code, field: "", path: requirement.trace.path, value: error.value, message: error.message, hint: error.hint,
            place: requirement.trace.place))
      }
    }
    return problems
  }
}
