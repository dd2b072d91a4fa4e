public import ORBCore

extension ORB {
  /// The object of a text: `IOR:` and `corbaloc:` as ``/ORBCore/ORB/reference(from:)`` reads them, and `corbaname:`, whose naming service
  /// is asked.
  ///
  /// - Returns: nil where the name is bound to the nil reference.
  /// - Throws: BAD_PARAM with the place where the text is wrong; what ``CosNaming/NamingContext/Stub/object(named:)`` throws.
  public nonisolated(nonsending) func object(from text: String) async throws -> ObjectRef? {
    guard NameURL.isNameURL(text) else { return try reference(from: text) }
    let url = try NameURL(text)
    let context = try reference(from: url.context)
    return url.name.isEmpty ? context : try await CosNaming.NamingContext(unchecked: context).object(named: url.name)
  }
}

extension CosNaming.NamingContext.Stub {
  /// Resolves a name, and goes on by itself where a server cannot reach the next one (`CannotProceed`).
  ///
  /// - Throws: `NotFound`, `InvalidName`; `CannotProceed` where it leads nowhere; a system exception.
  public nonisolated(nonsending) func object(named name: CosNaming.Name) async throws -> ObjectRef? {
    do { return try await resolve(n: name) } catch let stop as CosNaming.NamingContext.CannotProceed {
      // Each step leaves a shorter name, so this ends.
      guard let next = stop.cxt, !stop.restOfName.isEmpty, stop.restOfName.count < name.count else { throw stop }
      do { return try await next.object(named: stop.restOfName) } catch is SystemException { throw stop }
    }
  }
}
