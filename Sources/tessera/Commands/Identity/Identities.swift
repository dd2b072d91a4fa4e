import ArgumentParser
import Broker
import Identity
import StoreAPI

/// `tessera identity`
struct Identities: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity", abstract: "Which ids of which systems mean the same thing.",
    discussion:
      "ENTITY is \(EntityArgument.allValueStrings.joined(separator: ", ")). SYSTEM:ID is an id as its system writes it; crm:P-000123 is one of the CRM core.",
    subcommands: [IdentityFind.self, IdentityHistory.self, IdentityLink.self, IdentityUnlink.self, IdentityFormsCommands.self])
}

extension Link {
  var json: JSON {
    [
      "system": .string(key.system), "id": .string(key.id.text), "common": .string(common.description),
      "validFrom": .string(Instant.text(validFrom)), "validTo": validTo.map { .string(Instant.text($0)) } ?? .null, "who": .string(who),
      "why": .string(why), "endedBy": .optional(endedBy), "endedBecause": .optional(endedBecause),
    ]
  }
}

/// `tessera identity find`
struct IdentityFind: TesseraCommand {
  static let configuration = CommandConfiguration(commandName: "find", abstract: "Shows every id of the thing that an id means.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The kind of thing.")
  var entity: EntityArgument
  @Argument(help: "SYSTEM:ID")
  var id: ForeignIDArgument

  func answer() async throws -> Answer {
    let (thing, links) = try await Workspace.reading(common) { [entity, id] reader -> (CommonID, [Link]) in
      let key = try id.key(entity, reader)
      guard let link = try reader.history(of: key).last(where: { $0.validTo == nil }) else { throw LinkConflict.unknown(key) }
      return (link.common, try reader.links(of: link.common).filter { $0.validTo == nil })
    }
    var table = TextTable("system", "id", "since (UTC)", "who", "why")
    for link in links { table.add(link.key.system, link.key.id.text, Instant.short(link.validFrom), link.who, link.why) }
    return Answer(
      json: ["entity": .string(entity.name), "common": .string(thing.description), "ids": .array(links.map(\.json))],
      text: "\(entity.name) \(thing)\n\n" + table.text(whenEmpty: "No ids."))
  }
}

/// `tessera identity history`
struct IdentityHistory: TesseraCommand {
  static let configuration = CommandConfiguration(
    commandName: "history", abstract: "Shows what an id meant, and when.",
    discussion: "With --thing: every id that the thing behind this id ever had.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The kind of thing.")
  var entity: EntityArgument
  @Argument(help: "SYSTEM:ID")
  var id: ForeignIDArgument
  @Flag(help: "Shows all links of the thing that the id means, or meant last.")
  var thing = false

  func answer() async throws -> Answer {
    let (key, links) = try await Workspace.reading(common) { [entity, id, thing] reader -> (LinkKey, [Link]) in
      let key = try id.key(entity, reader)
      let history = try reader.history(of: key)
      guard let last = history.last else { throw LinkConflict.unknown(key) }
      return (key, thing ? try reader.links(of: last.common) : history)
    }
    var table = TextTable("system", "id", "thing", "from (UTC)", "who", "why", "to (UTC)", "ended by", "because")
    for link in links {
      table.add(
        link.key.system, link.key.id.text, link.common.description, Instant.short(link.validFrom), link.who, link.why,
        link.validTo.map(Instant.short) ?? "", link.endedBy, link.endedBecause)
    }
    return Answer(
      json: [
        "entity": .string(entity.name), "system": .string(key.system), "id": .string(key.id.text), "history": .array(links.map(\.json)),
      ],
      text: table.text(whenEmpty: "No history."))
  }
}
