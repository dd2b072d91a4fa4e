import ArgumentParser
import CosNamingService
import ORBCore

/// `tessera naming bind`
struct NamingBind: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "bind", abstract: "Gives a name to an object.",
    discussion: "The reference is kept as it is; its object is not called. A corbaname: is resolved once, now.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var naming: NamingOptions
  @Argument(help: "The name.")
  var name: NameArgument
  @Argument(help: "The object: IOR:…, corbaloc:…, corbaname:…, or @FILE with one of them inside.")
  var reference: String
  @Flag(help: "The object is a naming context: names lead through it.")
  var context = false
  @Flag(help: "Takes the name from what has it.")
  var replace = false
  @Flag(help: "Makes the contexts on the way that are not there.")
  var parents = false

  func validate() throws { try name.checkIsName() }

  func answer() async throws -> Answer {
    try await NamingClient.with(naming, common, name) { client in
      let object = try await client.object(reference)
      if parents { try await client.makeParents(of: name.path) }
      let root = client.context
      if context {
        let context = CosNaming.NamingContext(unchecked: object)
        if replace {
          try await root.rebindContext(n: name.path, nc: context)
        } else {
          try await root.bindContext(n: name.path, nc: context)
        }
      } else {
        if replace { try await root.rebind(n: name.path, obj: object) } else { try await root.bind(n: name.path, obj: object) }
      }
    }
    return Answer(json: ["bound": .string(NameText.text(of: name.path))], text: "\(NameText.text(of: name.path)) is bound.\n")
  }
}

/// `tessera naming new-context`
struct NamingNewContext: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "new-context", abstract: "Makes an empty context with a name.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var naming: NamingOptions
  @Argument(help: "The name.")
  var name: NameArgument
  @Flag(help: "Makes the contexts on the way that are not there.")
  var parents = false

  func validate() throws { try name.checkIsName() }

  func answer() async throws -> Answer {
    let made = try await NamingClient.with(naming, common, name) { client in
      if parents { try await client.makeParents(of: name.path) }
      return try await client.context.bindNewContext(n: name.path)
    }
    return Answer(
      json: ["bound": .string(NameText.text(of: name.path)), "reference": .optional(made?.objectRef.stringified ?? "")],
      text: "\(NameText.text(of: name.path)) is a context.\n")
  }
}

/// `tessera naming unbind`
struct NamingUnbind: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "unbind", abstract: "Takes a name away; what had it stays, unless --destroy is given.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var naming: NamingOptions
  @Argument(help: "The name.")
  var name: NameArgument
  @Flag(help: "Ends the context that has the name, too; it must be empty.")
  var destroy = false

  func validate() throws { try name.checkIsName() }

  func answer() async throws -> Answer {
    try await NamingClient.with(naming, common, name) { client in
      if destroy, let object = try await client.context.object(named: name.path) {
        guard try await object.isA(CosNaming.NamingContext.repositoryID) else {
          throw Refusal("NAME_NOT_FOUND", "\"\(name.text)\" is an object and no context", hint: "leave --destroy away")
        }
        try await CosNaming.NamingContext(unchecked: object).destroy()
      }
      try await client.context.unbind(n: name.path)
    }
    let text = NameText.text(of: name.path)
    return Answer(json: ["unbound": .string(text)], text: "\(text) is not bound any more.\n")
  }
}

extension NamingClient {
  /// Makes the contexts of all components but the last, where they are not there.
  func makeParents(of name: CosNaming.Name) async throws {
    for count in 1..<max(1, name.count) {
      do { _ = try await context.bindNewContext(n: Array(name.prefix(count))) } catch is CosNaming.NamingContext.AlreadyBound { continue }
    }
  }
}
