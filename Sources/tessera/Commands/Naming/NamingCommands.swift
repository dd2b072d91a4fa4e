import ArgumentParser
import CosNamingService
import ORBCore

/// `tessera naming`
struct NamingCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "naming", abstract: "Names of objects, in the naming service of a running broker or of any other server.",
    discussion: """
      A NAME is id.kind/id.kind, with a backslash before a dot, slash or backslash that means itself; or a whole URL with an address of its \
      own: corbaname::HOST:PORT#NAME. Everybody may read names; the broker lets only callers on its own machine change them (see \
      `tessera serve --naming-writers`).
      """,
    subcommands: [NamingList.self, NamingResolve.self, NamingBind.self, NamingNewContext.self, NamingUnbind.self])
}

/// Which naming service is asked.
struct NamingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The context where names begin, instead of the root of the broker that serves --data: corbaname:…, corbaloc:…, IOR:…, or @FILE with "
        + "one of them inside.", valueName: "reference"))
  var service: String?
}

/// `NAME`, or a URL with one.
struct NameArgument: ExplainedArgument {
  /// As it was written.
  let text: String
  /// Empty for the context itself.
  let path: CosNaming.Name
  /// The context that the URL names; nil where there is no URL.
  let context: String?

  /// The context itself.
  static let none = NameArgument(text: "", path: [], context: nil)

  private init(text: String, path: CosNaming.Name, context: String?) {
    (self.text, self.path, self.context) = (text, path, context)
  }

  /// - Throws: what is wrong with the text.
  init(checking text: String) throws {
    if NameURL.isNameURL(text) {
      let url = try NameURL(text)
      self.init(text: text, path: url.name, context: url.context)
    } else {
      self.init(text: text, path: text.isEmpty ? [] : try NameText.name(of: text), context: nil)
    }
  }

  init(explaining text: String) throws(ArgumentFault) {
    do { self = try NameArgument(checking: text) } catch { throw ArgumentFault("'\(text)' is no name: \(error)") }
  }

  var defaultValueDescription: String { text.isEmpty ? "the context itself" : text }

  /// - Throws: where no name is given.
  func checkIsName() throws {
    if path.isEmpty { throw ValidationError("'\(text)' names no object: say which name.") }
  }
}
