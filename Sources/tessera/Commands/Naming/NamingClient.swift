import CosNamingService
import GIOPCore
import IIOPTransport
import ORBCore

/// A caller of a naming service.
struct NamingClient: Sendable {
  let orb: ORB
  /// Where names begin.
  let context: CosNaming.NamingContextExt

  /// Finds the service, does the work, closes the connections.
  ///
  /// - Throws: ``Refusal`` where a name is taken, missing or not allowed, ``InfrastructureFailure`` where the service cannot be asked.
  static func with<Result>(
    _ options: NamingOptions, _ common: CommonOptions, _ name: NameArgument, _ body: (NamingClient) async throws -> Result
  ) async throws -> Result {
    let orb = ORB()
    let transport = try IIOPTransport(orb: orb)
    do {
      let text = try name.context ?? options.service.map(Reference.text) ?? Self.rootOfServingBroker(common)
      let result = try await told(name) {
        try await withCallTimeout(.seconds(30)) {
          guard let object = try await orb.object(from: text) else {
            throw Refusal("NAME_NOT_FOUND", "\(text) is bound to the nil reference", hint: "name a context")
          }
          return try await body(NamingClient(orb: orb, context: CosNaming.NamingContextExt(unchecked: object)))
        }
      }
      await transport.shutDown(patience: .zero)
      return result
    } catch {
      await transport.shutDown(patience: .zero)
      throw error
    }
  }

  /// The well-known object of the broker that serves the data folder.
  private static func rootOfServingBroker(_ common: CommonOptions) throws -> String {
    let folder = try DataFolder(existing: common.data)
    guard let text = try? Files.read(folder.referenceFile, limit: StringifiedReference.maximumLength),
      case .reference(let reference)? = try? StringifiedReference(String(decoding: text, as: UTF8.self)),
      let address = reference.iiopProfiles.first?.profile.address
    else {
      throw InfrastructureFailure(
        "NOT_SERVING", "no broker serves \(folder.path)", hint: "start `tessera serve`, or name another service with --service")
    }
    return "corbaloc:iiop:1.2@\(address)/NameService"
  }

  /// The object that a person names: a reference, or a URL that is resolved now.
  func object(_ text: String) async throws -> ObjectRef {
    let text = try Reference.text(text)
    do {
      guard let object = try await orb.object(from: text) else { throw Refusal("NAME_NOT_FOUND", "\(text) is bound to the nil reference") }
      return object
    } catch let error as SystemException where error.kind == .badParameter {
      throw Refusal(
        "REFERENCE_INVALID", "\"\(text.prefix(60))\" is no object reference: \(error.message)",
        hint: "write IOR:…, corbaloc:iiop:HOST:PORT/KEY, corbaname::HOST:PORT#NAME, or @FILE with one of them inside")
    }
  }

  /// Says in words what a naming service refused.
  private static func told<Result>(_ name: NameArgument, _ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let error as CosNaming.NamingContext.NotFound {
      let rest = NameText.text(of: error.restOfName)
      let first = error.restOfName.first.map { NameText.text(of: $0) } ?? rest
      let words =
        switch error.why {
        case .missingNode: "nothing has the name \"\(first)\""
        case .notContext: "\"\(first)\" is an object and no context"
        case .notObject: "\"\(first)\" is a context and no object"
        }
      throw Refusal("NAME_NOT_FOUND", "\"\(name.text)\": \(words)", hint: "`tessera naming list` shows what a context holds")
    } catch is CosNaming.NamingContext.AlreadyBound {
      throw Refusal("NAME_TAKEN", "\"\(name.text)\" is bound already", hint: "--replace takes the name from what has it")
    } catch is CosNaming.NamingContext.NotEmpty {
      throw Refusal("CONTEXT_NOT_EMPTY", "the context \"\(name.text)\" still holds names", hint: "unbind them first")
    } catch is CosNaming.NamingContext.InvalidName {
      throw Refusal("NAME_INVALID", "the naming service takes \"\(name.text)\" for no name")
    } catch let error as CosNaming.NamingContext.CannotProceed {
      throw InfrastructureFailure(
        "NAME_CANNOT_PROCEED",
        "\"\(NameText.text(of: error.restOfName))\" of \"\(name.text)\" is named by \(error.cxt?.objectRef.description ?? "another server"), "
          + "which does not answer", hint: "is that server running?")
    } catch let error as SystemException where error.kind == .noPermission {
      throw Refusal(
        "NAMING_NOT_PERMITTED", "the naming service does not let you do this: \"\(name.text)\"",
        hint: "names of the broker itself stay; others are changed from its own machine, or see `tessera serve --naming-writers`")
    } catch let error as SystemException where error.kind == .badParameter {
      throw Refusal("REFERENCE_INVALID", "\(error.message)")
    } catch let error as SystemException {
      throw InfrastructureFailure("NAMING_FAILED", "the naming service cannot be asked: \(error)", hint: "is it running?")
    }
  }
}

extension Reference {
  /// The reference itself, or what stands in the file behind an `@`.
  static func text(_ text: String) throws -> String {
    if !text.hasPrefix("@") { return text }
    let octets = try Files.read(String(text.dropFirst()), limit: StringifiedReference.maximumLength)
    return String(String(decoding: octets, as: UTF8.self).filter { !$0.isWhitespace })
  }
}
