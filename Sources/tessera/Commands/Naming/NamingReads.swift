import ArgumentParser
import CosNamingService
import GIOPCore
import ORBCore

/// `tessera naming list`
struct NamingList: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists what a context holds, by name.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var naming: NamingOptions
  @OptionGroup var page: PageOptions
  @Argument(help: "The context.")
  var name = NameArgument.none

  func answer() async throws -> Answer {
    let (bindings, isComplete) = try await NamingClient.with(naming, common, name) { client in
      var context = client.context.asNamingContext
      if !name.path.isEmpty {
        guard let object = try await context.object(named: name.path) else {
          throw Refusal("NAME_NOT_FOUND", "\"\(name.text)\" is bound to the nil reference")
        }
        context = CosNaming.NamingContext(unchecked: object)
        if try await object.isA(CosNaming.NamingContext.repositoryID) == false {
          throw Refusal("NAME_NOT_FOUND", "\"\(name.text)\" is an object and no context", hint: "`tessera naming resolve` shows it")
        }
      }
      return try await Self.bindings(of: context, limit: page.limit.count ?? 1_000_000)
    }
    var table = TextTable("name", "type")
    for binding in bindings { table.add(NameText.text(of: binding.bindingName), binding.type) }
    return Answer(
      json: [
        "bindings": .array(
          bindings.map {
            [
              "name": .string(NameText.text(of: $0.bindingName)), "id": .string($0.bindingName.last?.id ?? ""),
              "kind": .string($0.bindingName.last?.kind ?? ""), "type": .string($0.type),
            ]
          }), "complete": .bool(isComplete),
      ],
      text: table.text(whenEmpty: "The context holds no names.") + (isComplete ? "" : "There are more: --limit all shows them.\n"))
  }

  /// The first bindings, and whether they are all; takes the iterator back.
  private static func bindings(
    of context: CosNaming.NamingContext, limit: Int
  ) async throws -> (bindings: CosNaming.BindingList, isComplete: Bool) {
    let step: UInt32 = 500
    var (bindings, iterator) = try await context.list(howMany: min(step, UInt32(limit)))
    guard let iterator else { return (bindings, true) }
    var isComplete = false
    while bindings.count < limit {
      let (isThere, more) = try await iterator.nextN(howMany: min(step, UInt32(limit - bindings.count)))
      bindings += more
      if !isThere {
        isComplete = true
        break
      }
    }
    if !isComplete { isComplete = try await !iterator.nextOne().returnValue }
    try? await iterator.destroy()
    return (bindings, isComplete)
  }
}

extension CosNaming.Binding {
  fileprivate var type: String { bindingType == .ncontext ? "context" : "object" }
}

/// `tessera naming resolve`
struct NamingResolve: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Shows the reference that has a name.",
    discussion: "Shows what the reference says; whether its object answers is not asked.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var naming: NamingOptions
  @Argument(help: "The name.")
  var name: NameArgument

  func validate() throws { try name.checkIsName() }

  func answer() async throws -> Answer {
    let object = try await NamingClient.with(naming, common, name) { try await $0.context.object(named: name.path) }
    let addresses = object?.ior.iiopProfiles.map { $0.profile.address.description } ?? []
    let key = object?.objectKey?.description ?? ""
    var sheet = TextSheet()
    sheet.add("name", NameText.text(of: name.path))
    sheet.add("interface", object?.typeID ?? "")
    sheet.add("address", addresses.joined(separator: ", "))
    sheet.add("key", key)
    sheet.add("reference", object?.stringified ?? "nil")
    return Answer(
      json: [
        "name": .string(NameText.text(of: name.path)), "reference": .optional(object?.stringified ?? ""),
        "interface": .optional(object?.typeID ?? ""), "addresses": .array(addresses.map { .string($0) }), "key": .optional(key),
      ],
      text: sheet.text)
  }
}
