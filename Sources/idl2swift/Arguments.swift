import IDLCompiler

/// What the command line asks for.
struct Arguments {
  static let usage = """
    usage: idl2swift [options] -o OUT file.idl...

    Generates Swift from OMG IDL. All files of one run belong to one Swift module.

      -o OUT                    the Swift file, or a folder that gets one NAME.idl.swift for each IDL file
      -I DIR                    look for included files in DIR, too
      -D NAME[=VALUE]           define a macro
      --naming STYLE            idiomatic (default): UpperCamel types, lowerCamel members; verbatim: as in the IDL
      --visibility LEVEL        public (default), package or internal
      --module-map FILE         read idl-swift.json: naming, visibility, includeDirectories, defines, modules
      --module FILE=MODULE      the Swift module that holds the code of an included IDL file
      --emit KIND               swift (default), or xsd: an XML schema of one IDL file, written to OUT
      --namespace URN           for xsd: the target namespace
      --documents INTERFACE     for xsd: the interface whose operations are root elements
      --check                   only report what is wrong; write nothing
      --version                 print the version
      --help                    print this

    Options stand above the file of --module-map. Errors go to standard error as `file:line:column: error: ...`.
    The exit code is 0, 1 for errors in the files, 2 for a wrong command line.
    """

  var files: [String] = []
  var output: String?
  var includeDirectories: [String] = []
  /// `NAME` or `NAME=VALUE`.
  var defines: [String] = []
  var naming: SwiftOptions.Naming?
  var visibility: SwiftOptions.Visibility?
  var configuration: String?
  var modules: [String: String] = [:]
  var emit = Emission.swift
  var namespace = ""
  var documents: String?
  var isCheck = false
  var wantsHelp = false
  var wantsVersion = false

  /// What is generated.
  enum Emission: String, CaseIterable {
    case swift
    case xsd
  }

  /// What is wrong with the command line.
  struct Failure: Error {
    let message: String
  }

  init(_ words: some Sequence<String>) throws(Failure) {
    var rest = words.makeIterator()
    func value(of option: String) throws(Failure) -> String {
      guard let value = rest.next() else { throw Failure(message: "\(option) needs a value") }
      return value
    }
    while let word = rest.next() {
      switch word {
      case "-o": output = try value(of: word)
      case "-I": includeDirectories.append(try value(of: word))
      case "-D": defines.append(try value(of: word))
      case "--naming": naming = try Self.choice(try value(of: word), of: word)
      case "--visibility": visibility = try Self.choice(try value(of: word), of: word)
      case "--module-map": configuration = try value(of: word)
      case "--module":
        let pair = try value(of: word)
        guard let equals = pair.lastIndex(of: "="), equals > pair.startIndex, pair.index(after: equals) < pair.endIndex else {
          throw Failure(message: "--module needs FILE=MODULE, not '\(pair)'")
        }
        modules[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
      case "--emit": emit = try Self.choice(try value(of: word), of: word)
      case "--namespace": namespace = try value(of: word)
      case "--documents": documents = try value(of: word)
      case "--check": isCheck = true
      case "--help", "-h": wantsHelp = true
      case "--version": wantsVersion = true
      case _ where word.hasPrefix("-I") && word.count > 2: includeDirectories.append(String(word.dropFirst(2)))
      case _ where word.hasPrefix("-D") && word.count > 2: defines.append(String(word.dropFirst(2)))
      case _ where word.hasPrefix("-") && word.count > 1: throw Failure(message: "unknown option '\(word)'")
      default: files.append(word)
      }
    }
    if wantsHelp || wantsVersion { return }
    if files.isEmpty { throw Failure(message: "no IDL file is given") }
    if emit == .xsd, files.count != 1 { throw Failure(message: "--emit xsd takes one IDL file") }
    if emit == .xsd, namespace.isEmpty { throw Failure(message: "--emit xsd needs --namespace") }
    if output == nil, !isCheck { throw Failure(message: "-o OUT is missing") }
  }

  private static func choice<Choice: RawRepresentable<String> & CaseIterable>(_ text: String, of option: String) throws(Failure) -> Choice {
    if let choice = Choice(rawValue: text) { return choice }
    let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    throw Failure(message: "\(option) is one of \(known), not '\(text)'")
  }
}
