/// Which structs hold one another, at any depth (Tarjan's strongly connected components).
struct TypeCycles {
  private var groups: [DeclarationID: Int] = [:]

  init(_ model: Model) {
    var order: [DeclarationID: Int] = [:]
    var lowest: [DeclarationID: Int] = [:]
    var stack: [DeclarationID] = []
    var isOnStack: Set<DeclarationID> = []
    // A list of its own instead of calls: chains may be long.
    var visits: [(id: DeclarationID, held: [DeclarationID], next: Int)] = []
    func begin(_ id: DeclarationID) {
      order[id] = order.count
      lowest[id] = order[id]
      stack.append(id)
      isOnStack.insert(id)
      visits.append((id, Self.structs(heldBy: id, model), 0))
    }
    for declaration in model.declarations where order[declaration.id] == nil {
      guard case .structure = declaration.kind else { continue }
      begin(declaration.id)
      while let visit = visits.last {
        if visit.next < visit.held.count {
          visits[visits.count - 1].next += 1
          let other = visit.held[visit.next]
          if order[other] == nil {
            begin(other)
          } else if isOnStack.contains(other) {
            lowest[visit.id] = min(lowest[visit.id]!, order[other]!)
          }
          continue
        }
        visits.removeLast()
        if let around = visits.last?.id { lowest[around] = min(lowest[around]!, lowest[visit.id]!) }
        guard lowest[visit.id] == order[visit.id] else { continue }
        while let member = stack.popLast() {
          isOnStack.remove(member)
          groups[member] = order[visit.id]
          if member == visit.id { break }
        }
      }
    }
  }

  /// Whether each of two different structs may hold the other.
  func areTogether(_ one: DeclarationID, _ other: DeclarationID) -> Bool { groups[one] == groups[other] && groups[one] != nil }

  private static func structs(heldBy id: DeclarationID, _ model: Model) -> [DeclarationID] {
    guard case .structure(let structure) = model[id].kind else { return [] }
    return structure.members.compactMap { member in
      var type = model.resolved(member.type)
      while true {
        switch type {
        case .sequence(let element, _), .array(let element, _): type = model.resolved(element)
        case .named(let id): if case .structure = model[id].kind { return id } else { return nil }
        default: return nil
        }
      }
    }
  }
}
