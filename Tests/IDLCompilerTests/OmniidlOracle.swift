import Foundation
import IDLCompiler

/// Asks omniORB's IDL compiler for its opinion.
enum OmniidlOracle {
  static let path = "/usr/bin/omniidl"
  static let isInstalled = FileManager.default.isExecutableFile(atPath: path)

  struct Answer {
    let isAccepted: Bool
    /// One line for each declaration: repository id, kind, value of a constant.
    let lines: Set<String>
    let messages: String
  }

  /// Runs omniidl on a text as `t.idl` with other files beside it.
  static func ask(_ text: String, files: [String: String] = [:]) throws -> Answer {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tessera-idl-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, content) in files.merging(["t.idl": text, "tessera_dump.py": dumpBackEnd], uniquingKeysWith: { $1 }) {
      try content.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-p\(folder.path)", "-btessera_dump", "t.idl"]
    process.currentDirectoryURL = folder
    let (output, errors) = (Pipe(), folder.appendingPathComponent("errors"))
    try Data().write(to: errors)
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Answer(
      isAccepted: process.terminationStatus == 0, lines: Set(text.split(separator: "\n").map(String.init)),
      messages: (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
  }

  /// The same lines from our model.
  static func lines(of model: Model) -> Set<String> {
    Set(
      model.declarations.compactMap { declaration in
        switch declaration.kind {
        case .interface(let interface) where !interface.isDefined: nil
        case .constant(let constant): "\(declaration.repositoryID) constant \(text(of: constant.value, in: model))"
        default: "\(declaration.repositoryID) \(word(for: declaration.kind))"
        }
      })
  }

  private static func word(for kind: Declaration.Kind) -> String {
    switch kind {
    case .module: "module"
    case .alias: "typedef"
    case .structure(let content): "struct " + content.members.map(\.name).joined(separator: ",")
    case .exception(let content): "exception " + content.members.map(\.name).joined(separator: ",")
    case .enumeration(let content): "enum " + content.enumerators.map(\.name).joined(separator: ",")
    case .interface: "interface"
    case .attribute: "attribute"
    case .operation(let content): "operation " + content.parameters.map { "\($0.direction.rawValue) \($0.name)" }.joined(separator: ",")
    case .constant, .unsupported: "-"
    }
  }

  private static func text(of value: ConstantValue, in model: Model) -> String {
    switch value {
    case .integer(let number): return "\(number)"
    case .floating(let number): return number == number.rounded() && abs(number) < 1e15 ? "\(Int(number)).0" : "\(number)"
    case .fixed(let number): return "\(number)"
    case .string(let text): return text
    case .wideString(let text): return text.utf16.map { "\($0)" }.joined(separator: " ")
    case .character(let code): return "\(code)"
    case .wideCharacter(let unit): return "\(unit)"
    case .boolean(let flag): return flag ? "1" : "0"
    case .enumerator(let id, let index):
      guard case .enumeration(let content) = model[id].kind else { return "?" }
      return content.enumerators[index].name
    }
  }

  private static let dumpBackEnd = """
    from omniidl import idlast, idltype

    modules = set()

    def value(d):
        v, kind = d.value(), d.constType().unalias().kind()
        if kind == idltype.tk_enum: return v.identifier()
        if kind == idltype.tk_char: return str(ord(v))
        if kind == idltype.tk_wchar: return str(v)
        if kind == idltype.tk_wstring: return ' '.join(map(str, v))
        if kind == idltype.tk_boolean: return str(int(v))
        if kind == idltype.tk_string: return v.encode('latin-1').decode('utf-8')
        return str(v)

    def members(d):
        return ','.join(x.identifier() for m in d.members() for x in m.declarators())

    def constructed(d):
        for m in d.members():
            if m.constrType(): walk(m.memberType().decl())

    def walk(d):
        if isinstance(d, idlast.Module):
            if tuple(d.scopedName()) not in modules: print(d.repoId(), 'module')
            modules.add(tuple(d.scopedName()))
            for x in d.definitions(): walk(x)
        elif isinstance(d, idlast.Interface):
            print(d.repoId(), 'interface')
            for x in d.contents(): walk(x)
        elif isinstance(d, idlast.Operation):
            names = ['in', 'out', 'inout']
            print(d.repoId(), 'operation', ','.join(names[p.direction()] + ' ' + p.identifier() for p in d.parameters()))
        elif isinstance(d, idlast.Attribute):
            for x in d.declarators(): print(x.repoId(), 'attribute')
        elif isinstance(d, idlast.Typedef):
            if d.constrType(): walk(d.aliasType().decl())
            for x in d.declarators(): print(x.repoId(), 'typedef')
        elif isinstance(d, idlast.Const): print(d.repoId(), 'constant', value(d))
        elif isinstance(d, idlast.Struct):
            print(d.repoId(), 'struct', members(d))
            constructed(d)
        elif isinstance(d, idlast.Exception):
            print(d.repoId(), 'exception', members(d))
            constructed(d)
        elif isinstance(d, idlast.Enum):
            print(d.repoId(), 'enum', ','.join(e.identifier() for e in d.enumerators()))

    def run(tree, args):
        for d in tree.declarations(): walk(d)

    """
}
