import ORBCore

/// One context; see ``NamingService``.
struct NamingContextServant: CosNaming.NamingContextExt.Servant {
  let service: NamingService
  let id: NamingContextID

  // MARK: - Reading

  func resolve(n: CosNaming.Name, context: ServerContext) async throws -> ObjectRef? {
    try service.limits.check(n)
    let found = try await service.admitted.read(for: context) { [self] reader -> Found<BoundTarget> in
      switch try place(of: n, reader) {
      case .elsewhere(let reference, let rest): return .elsewhere(reference, rest: rest)
      case .here(let context, let key):
        guard let target = try reader.target(of: key, in: context) else { throw Self.missing(n) }
        return .here(target)
      }
    }
    switch found {
    case .here(let target): return try service.object(of: target)
    case .elsewhere(let reference, let rest):
      return try await service.carryOn(reference, rest, for: context) { try await $0.resolve(n: rest) }
    }
  }

  func list(
    howMany: UInt32, context: ServerContext
  ) async throws -> (bl: CosNaming.BindingList, bi: CosNaming.BindingIterator?) {
    let wanted = min(Int(howMany), service.limits.page)
    let found = try await service.admitted.read(for: context) { [self] reader in
      try checkExists(reader)
      // One more tells whether there is a rest.
      return try reader.bindings(in: id, after: nil, limit: wanted + 1)
    }
    let page = found.prefix(wanted)
    let rest = found.count > wanted ? try service.iterators.open(in: id, after: page.last?.key) : nil
    return (bl: page.map(\.binding), bi: rest)
  }

  // MARK: - Binding

  func bind(n: CosNaming.Name, obj: ObjectRef?, context: ServerContext) async throws {
    try await put(n, try service.target(of: obj), context, replacing: false) { try await $0.bind(n: $1, obj: obj) }
  }

  func rebind(n: CosNaming.Name, obj: ObjectRef?, context: ServerContext) async throws {
    try await put(n, try service.target(of: obj), context, replacing: true) { try await $0.rebind(n: $1, obj: obj) }
  }

  func bindContext(n: CosNaming.Name, nc: CosNaming.NamingContext?, context: ServerContext) async throws {
    try await put(n, try service.target(of: nc), context, replacing: false) { try await $0.bindContext(n: $1, nc: nc) }
  }

  func rebindContext(n: CosNaming.Name, nc: CosNaming.NamingContext?, context: ServerContext) async throws {
    try await put(n, try service.target(of: nc), context, replacing: true) { try await $0.rebindContext(n: $1, nc: nc) }
  }

  private func put(
    _ name: CosNaming.Name, _ target: BoundTarget, _ context: ServerContext, replacing: Bool,
    elsewhere: (CosNaming.NamingContext, CosNaming.Name) async throws -> Void
  ) async throws {
    let change = try await change(name, context) { [service] transaction, context, key in
      let former = try transaction.target(of: key, in: context)
      if let former {
        if !replacing { throw CosNaming.NamingContext.AlreadyBound() }
        // A binding keeps its type: whoever goes through a name must not suddenly find an object there, or the other way round.
        if former.bindingType != target.bindingType {
          throw CosNaming.NamingContext.NotFound(
            why: former.bindingType == .ncontext ? .notObject : .notContext, restOfName: [name[name.count - 1]])
        }
      }
      try Self.checkRoom(in: context, for: former == nil ? 1 : 0, transaction, service.limits)
      try transaction.put(target, for: key, in: context)
    }
    guard case .elsewhere(let reference, let rest) = change else { return }
    try await service.carryOn(reference, rest, for: context) { try await elsewhere($0, rest) }
  }

  func unbind(n: CosNaming.Name, context: ServerContext) async throws {
    let change = try await change(n, context) { transaction, context, key in
      guard try transaction.target(of: key, in: context) != nil else { throw Self.missing(n) }
      try transaction.remove(key, in: context)
    }
    guard case .elsewhere(let reference, let rest) = change else { return }
    try await service.carryOn(reference, rest, for: context) { try await $0.unbind(n: rest) }
  }

  // MARK: - Contexts

  func newContext(context: ServerContext) async throws -> CosNaming.NamingContext? {
    try service.access.check(context)
    try service.makers.check(context)
    let made = try await service.admitted.write(for: context) { [self] transaction in
      try checkExists(transaction)
      try Self.checkContexts(transaction, service.limits)
      return try transaction.makeContext()
    }
    service.makers.made(made, by: context)
    return service.reference(to: made)
  }

  func bindNewContext(n: CosNaming.Name, context: ServerContext) async throws -> CosNaming.NamingContext? {
    try service.makers.check(context)
    let change = try await change(n, context) { [service] transaction, context, key in
      if try transaction.target(of: key, in: context) != nil { throw CosNaming.NamingContext.AlreadyBound() }
      try Self.checkRoom(in: context, for: 1, transaction, service.limits)
      try Self.checkContexts(transaction, service.limits)
      let made = try transaction.makeContext()
      try transaction.put(.context(made), for: key, in: context)
      return made
    }
    switch change {
    case .here(let made):
      service.makers.made(made, by: context)
      return service.reference(to: made)
    case .elsewhere(let reference, let rest):
      return try await service.carryOn(reference, rest, for: context) { try await $0.bindNewContext(n: rest) }
    }
  }

  func destroy(context: ServerContext) async throws {
    try service.access.check(context)
    if id == .root || id == .published { throw Self.reserved("this context belongs to the naming service and stays") }
    try await service.admitted.write(for: context) { [self] transaction in
      try checkExists(transaction)
      if try transaction.bindingCount(in: id) != 0 { throw CosNaming.NamingContext.NotEmpty() }
      try transaction.removeContext(id)
    }
    service.makers.destroyed(id)
  }

  // MARK: - Names as text

  func toString(n: CosNaming.Name, context: ServerContext) async throws -> CosNaming.NamingContextExt.StringName {
    try service.limits.check(n)
    return NameText.text(of: n)
  }

  func toName(sn: CosNaming.NamingContextExt.StringName, context: ServerContext) async throws -> CosNaming.Name { try name(of: sn) }

  func toUrl(
    addr: CosNaming.NamingContextExt.Address, sn: CosNaming.NamingContextExt.StringName, context: ServerContext
  ) async throws -> CosNaming.NamingContextExt.URLString {
    // No name stands for the context itself.
    let name = sn.isEmpty ? [] : try name(of: sn)
    do { return try NameURL.text(address: addr, name: name) } catch { throw CosNaming.NamingContextExt.InvalidAddress() }
  }

  func resolveStr(sn: CosNaming.NamingContextExt.StringName, context: ServerContext) async throws -> ObjectRef? {
    try await resolve(n: try name(of: sn), context: context)
  }

  private func name(of text: String) throws(CosNaming.NamingContext.InvalidName) -> CosNaming.Name {
    guard text.utf8.count <= service.limits.nameTextOctets, let name = try? NameText.name(of: text) else {
      throw CosNaming.NamingContext.InvalidName()
    }
    try service.limits.check(name)
    return name
  }

  // MARK: - Rules of all changes

  /// What was found or done in our contexts, or where the name goes on.
  private enum Found<Result: Sendable>: Sendable {
    case here(Result)
    case elsewhere(String, rest: CosNaming.Name)
  }

  /// Changes what the name stands for, where that is in one of our contexts.
  ///
  /// The caller's right is checked first of all: an operation that goes on at another server goes there in our name.
  private func change<Result: Sendable>(
    _ name: CosNaming.Name, _ context: ServerContext,
    _ body: @escaping @Sendable (any NamingTransaction, NamingContextID, NameKey) throws -> Result
  ) async throws -> Found<Result> {
    try service.access.check(context)
    try service.limits.check(name)
    let replaces = context.operation == "rebind_context" || context.operation == "unbind"
    return try await service.admitted.write(for: context) { [self] transaction in
      switch try place(of: name, transaction) {
      case .elsewhere(let reference, let rest): return .elsewhere(reference, rest: rest)
      case .here(let context, let key):
        if context == .published || (replaces && context == .root && key == service.publishedKey) {
          throw Self.reserved("\"\(NameText.text(of: name))\" is published by the broker itself")
        }
        return .here(try body(transaction, context, key))
      }
    }
  }

  private func place(of name: CosNaming.Name, _ reader: any NamingReader) throws -> NamePlace {
    try reader.place(of: name, from: id) { service.reference(to: $0) }
  }

  private func checkExists(_ reader: any NamingReader) throws {
    if try reader.bindingCount(in: id) == nil {
      throw SystemException(.objectNotExist, completed: .no, message: "the naming context was destroyed")
    }
  }

  private static func checkRoom(
    in context: NamingContextID, for count: Int, _ reader: any NamingReader, _ limits: NamingLimits
  ) throws {
    if (try reader.bindingCount(in: context) ?? 0) + count <= limits.bindings { return }
    throw SystemException(.implementationLimit, completed: .no, message: "a context has at most \(limits.bindings) bindings")
  }

  private static func checkContexts(_ reader: any NamingReader, _ limits: NamingLimits) throws {
    if try reader.contextCount() < limits.contexts { return }
    throw SystemException(
      .implementationLimit, completed: .no,
      message: "there are \(limits.contexts) contexts already; contexts that were made without a name stay until they are destroyed")
  }

  private static func missing(_ name: CosNaming.Name) -> CosNaming.NamingContext.NotFound {
    CosNaming.NamingContext.NotFound(why: .missingNode, restOfName: [name[name.count - 1]])
  }

  private static func reserved(_ message: String) -> SystemException {
    SystemException(.noPermission, completed: .no, message: message)
  }
}

extension BoundName {
  /// As `list` and iterators tell it.
  var binding: CosNaming.Binding { CosNaming.Binding(bindingName: [key.component], bindingType: target.bindingType) }
}
