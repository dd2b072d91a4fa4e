import ForeignORB
import Glibc
import TesseraProcess
import Testing
import XMLStream

/// Hostile documents are refused in less time and memory than a harmless one of their size is read in, without a file or a connection
/// being opened. The figures themselves are `gateway.attacks` of `make bench`.
@Suite(.serialized) struct AttackTests {
  static let floods = [
    "attributes", "namespaces", "names", "depth", "a long tag", "a long text", "a long comment", "entities", "an external DTD",
  ]

  /// Documents of about 2 MB, and those that need not be large.
  private static func flood(_ name: String) -> String {
    func repeated(_ count: Int, _ item: (Int) -> String) -> String { (0..<count).map(item).joined() }
    let root = "<ufinterface roottag='customer' proc='Add' sender='001' docid='1'"
    return switch name {
    case "attributes": "\(root)><customer \(repeated(200_000) { "a\($0)='' " })/>"
    case "namespaces": "\(root)><customer \(repeated(110_000) { "xmlns:a\($0)='u' " })/>"
    case "names": "\(root)>\(repeated(200_000) { "<n\($0)/>" })"
    case "depth": "\(root)>\(repeated(700_000) { _ in "<a>" })"
    case "a long tag": "\(root) b='\(String(repeating: "x", count: 2_000_000))'/>"
    case "a long text": "\(root)><customer><code>\(String(repeating: "x", count: 2_000_000))</code>"
    case "a long comment": "\(root)><!--\(String(repeating: "x", count: 2_000_000))-->"
    case "entities": "\(root)><customer><code>\(repeated(650_000) { _ in "&b;" })</code></customer></ufinterface>"
    default: "<!DOCTYPE ufinterface SYSTEM 'http://192.0.2.1/a.dtd'>\(root)><customer><code>&file;</code></customer></ufinterface>"
    }
  }

  @Test func floodsAndPayloadsCostLessThanAHarmlessDocument() async throws {
    let gateway = try await Gateway()
    _ = try await gateway.post(Gateway.document("customer", Gateway.customer("C-1")))
    var documents = try Self.floods.map { ($0, try gateway.server.write(Self.flood($0), to: "\($0).xml")) }
    if Corpus.isPresent {
      for name in try fileNames(Corpus.path("xml-attack/payloads")) {
        documents.append((name, try Corpus.path("xml-attack/payloads/\(name)")))
      }
    }
    // Ordinary customers, 2 MB of them, read to the last end tag, which is cut: nothing is taken.
    let customers = (0..<33_000).map { Gateway.customer("C-\($0)") }.joined()
    let harmless = try gateway.server.write(String(Gateway.document("customer", customers).dropLast()), to: "harmless.xml")
    let measure = try await Self.cost(of: harmless, "harmless", gateway)
    for (name, file) in documents {
      let cost = try await Self.cost(of: file, name, gateway)
      #expect(cost.time <= measure.time, "\(name)")
      #expect(cost.memory <= max(measure.memory, 8 * Self.size), "\(name)")
    }
  }

  /// Octets of a flood.
  private static let size = 2 << 20

  /// What the broker spends of its own time on the processors, and of memory, on a document that it refuses: the least of three.
  ///
  /// `names` costs most of all: of so many elements as there may be names, ten thousand, each is read and its name made into strings, which
  /// is a quarter of a second in a debug build on a slow machine. It does not grow with the flood.
  private static func cost(of file: String, _ name: String, _ gateway: Gateway) async throws -> (time: Duration, memory: Int) {
    var best = (time: Duration.seconds(3_600), memory: Int.max)
    for _ in 1...3 {
      let before = try gateway.forgetPeakMemory()
      let timeBefore = try gateway.processorTime
      let answer = try await gateway.post(file: file)
      let time = try gateway.processorTime - timeBefore
      let grown = try gateway.peakMemory - before
      print("\(name): \(answer.status), \(answer.time), \(time) of processor time, \(grown >> 10) KiB more")
      #expect([400, 413].contains(answer.status), "\(name): \(answer.body)")
      #expect(!answer.body.contains("root:") && answer.body.utf8.count < 4_000, "\(name)")
      best = (min(best.time, time), min(best.memory, grown))
    }
    return best
  }

  /// POSTs a document that breaks none of our limits: a hundred customers of about 10 kB for each megabyte, the last end tag whole or not.
  private static func postLarge(to gateway: Gateway, megabytes: Int, isWhole: Bool) async throws -> (status: String, body: String) {
    let script = """
      import sys
      write = sys.stdout.write
      write('<ufinterface roottag="customer" sender="001" proc="Add" docid="\(megabytes)">')
      item = '<customer><code>L-%d</code><name>large</name>' + ''.join(
          f'<self_define{n}>' + 'x' * 1400 + f'</self_define{n}>' for n in range(1, 8)) + '</customer>'
      for number in range(\(megabytes) * 100):
          write(item % number)
      write('</ufinterface\(isWhole ? ">" : "")')
      """
    let command = """
      python3 \(try gateway.server.write(script, to: "large.py")) \
      | curl --silent --max-time 300 -T - -X POST -H 'Authorization: Bearer \(gateway.token)' -w '\\n%{http_code}' \(gateway.running.http)
      """
    let output = try await ChildProcess.run("sh", ["-c", command], within: .seconds(400)).output
    let lines = output.split(separator: "\n")
    return (String(lines.last ?? ""), lines.dropLast().joined(separator: "\n"))
  }

  /// What is read to its end needs no more memory than half of it, and so does what is taken: most of that is the pages of the database,
  /// which have a bound of their own.
  @Test(arguments: [(128, false), (128, true)]) func memoryDoesNotGrowWithTheDocument(megabytes: Int, isWhole: Bool) async throws {
    let gateway = try await Gateway(agreed: ["--max-bytes", "2000000000"])
    let before = try gateway.forgetPeakMemory()
    let answer = try await Self.postLarge(to: gateway, megabytes: megabytes, isWhole: isWhole)
    let grown = try gateway.peakMemory - before
    print("\(megabytes) MB, \(isWhole ? "whole" : "cut"): \(answer.status), \(grown >> 10) KiB more")
    #expect(grown < megabytes << 19)
    #expect(answer.status == (isWhole ? "200" : "400"))
    // It was read to its end: nothing but the last tag is wrong.
    if !isWhole { #expect(answer.body.contains("XML_NOT_WELL_FORMED"), "\(answer.body)") }
    #expect(try await gateway.count("linked_customers") == (isWhole ? megabytes * 100 : 0))
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
