import ForeignORB
import Glibc
import TesseraProcess
import Testing
import XMLStream

/// Hostile documents are refused at once, in little memory, without a file or a connection being opened.
@Suite(.serialized) struct AttackTests {
  /// A debug build reads some thirty times slower than what is shipped.
  #if DEBUG
    static let limit = Duration.milliseconds(3_000)
  #else
    static let limit = Duration.milliseconds(100)
  #endif

  static let floods = [
    "attributes", "namespaces", "names", "depth", "a long tag", "a long text", "a long comment", "entities", "an external DTD",
  ]

  private static func flood(_ name: String) -> String {
    func repeated(_ count: Int, _ item: (Int) -> String) -> String { (0..<count).map(item).joined() }
    let root = "<ufinterface roottag='customer' proc='Add' sender='001' docid='1'"
    return switch name {
    case "attributes": "\(root)><customer \(repeated(80_000) { "a\($0)='' " })/>"
    case "namespaces": "\(root)><customer \(repeated(40_000) { "xmlns:a\($0)='u' " })/>"
    case "names": "\(root)>\(repeated(400_000) { "<n\($0)/>" })"
    case "depth": "\(root)>\(repeated(200_000) { _ in "<a>" })"
    case "a long tag": "\(root) b='\(String(repeating: "x", count: 10_000_000))'/>"
    case "a long text": "\(root)><customer><code>\(String(repeating: "x", count: 12_000_000))</code>"
    case "a long comment": "\(root)><!--\(String(repeating: "x", count: 12_000_000))-->"
    case "entities": "\(root)><customer><code>&b;</code></customer></ufinterface>"
    default: "<!DOCTYPE ufinterface SYSTEM 'http://192.0.2.1/a.dtd'>\(root)><customer><code>&file;</code></customer></ufinterface>"
    }
  }

  @Test func floodsAndPayloadsAreRefusedAtOnceInLittleMemory() async throws {
    let gateway = try await Gateway()
    _ = try await gateway.post(Gateway.document("customer", Gateway.customer("C-1")))
    var documents = try Self.floods.map { ($0, try gateway.server.write(Self.flood($0), to: "\($0).xml")) }
    if Corpus.isPresent {
      for name in try fileNames(Corpus.path("xml-attack/payloads")) {
        documents.append((name, try Corpus.path("xml-attack/payloads/\(name)")))
      }
    }
    for (name, file) in documents {
      let before = try gateway.peakMemory
      let answer = try await gateway.post(file: file)
      let grown = try gateway.peakMemory - before
      print("\(name): \(answer.status), \(answer.time), \(grown >> 10) KiB more")
      #expect([400, 413].contains(answer.status), "\(name): \(answer.body)")
      #expect(answer.time < Self.limit, "\(name)")
      #expect(grown < 64 << 20, "\(name)")
      #expect(!answer.body.contains("root:") && answer.body.utf8.count < 4_000, "\(name)")
    }
  }

  /// The body goes to disk as it comes, and is read from there piece by piece.
  @Test func aGigabyteTakesConstantMemory() async throws {
    let gateway = try await Gateway(agreed: ["--max-bytes", "2000000000"])
    _ = try await gateway.post(Gateway.document("customer", Gateway.customer("C-1")))
    let before = try gateway.peakMemory
    let script = """
      (printf '<ufinterface roottag="customer" sender="001" proc="Add" docid="1">'; yes '<customer><code>C-1</code><self_define1>\
      xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx</self_define1></customer>' | head -c 1000000000) \
      | curl --silent --max-time 300 -T - -X POST -H 'Authorization: Bearer \(gateway.token)' \(gateway.running.http)
      """
    let answer = try await ChildProcess.run("sh", ["-c", script], within: .seconds(400)).output
    #expect(answer.contains("TOO_MANY_ITEMS"), "\(answer)")
    let grown = try gateway.peakMemory - before
    print("1 GB: \(grown >> 10) KiB more")
    #expect(grown < 64 << 20)
  }
}

extension Corpus {
  fileprivate static var isPresent: Bool { (try? path("xml-attack/payloads")) != nil }
}

/// The names in a folder, sorted.
func fileNames(_ folder: String) throws -> [String] {
  try text(ofCommand: "ls", folder).split(separator: "\n").map(String.init)
}

private func text(ofCommand command: String, _ argument: String) throws -> String {
  guard let stream = popen("\(command) '\(argument)'", "r") else { throw ForeignORBError.unexpectedAnswer("\(command) does not start") }
  defer { pclose(stream) }
  var text = ""
  var buffer = [CChar](repeating: 0, count: 4_096)
  while fgets(&buffer, Int32(buffer.count), stream) != nil {
    text += String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
  return text
}
