import Foundation
import Glibc
import Testing
import XMLStream

/// What a test may compare with what: a slow machine breaks none.
@Suite("0 Limits are ratios, not figures of one machine", .serialized) struct F00LimitsOfTests {
  /// Whether a line of a test expects a time, or memory, to be below a figure that one machine gave.
  static func comparesWithAFigure(_ line: String) -> Bool {
    guard line.contains("#expect") || line.contains("#require") else { return false }
    let literal = #"(\.(milli|micro|nano)?seconds\(\s*\d|\d[\d_]*\s*<<\s*(10|20|30)|\b\d[\d_]{4,}\b|\b\d+\.\d+\b)"#
    let measured = #"\b(time|elapsed|duration|cost|cpu|processorTime|grown|memory|rss|peak\w*|took|spent)\b[^=!]*"#
    return line.range(of: measured + #"[<>]=?\s*"# + literal, options: .regularExpression) != nil
      || line.range(of: #"clock\.(now|measure).*[<>]=?\s*"# + literal, options: .regularExpression) != nil
  }

  @Test("No test compares a time or memory with a figure of one machine") func sources() throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let files = try #require(FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil))
    var (read, found): (Int, [String]) = (0, [])
    for case let file as URL in files where file.pathExtension == "swift" && file.lastPathComponent != "F00LimitsOfTests.swift" {
      read += 1
      let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated() where Self.comparesWithAFigure(String(line)) {
        found.append("\(file.lastPathComponent):\(number + 1): \(line.trimmingCharacters(in: .whitespaces))")
      }
    }
    #expect(read > 100)
    #expect(found.isEmpty, "compare with something harmless of the same size, measured in the same run: \(found)")
  }

  @Test(
    "Such a comparison would be found",
    arguments: [
      "#expect(cost.time <= .milliseconds(200))", "#expect(elapsed < .seconds(3), \"x\")", "#expect(grown < 64 << 20)",
      "#expect(memory < 67_108_864)", "try #require(took < 0.25)", "#expect(peakMemory - before <= 65536)",
    ])
  func isFound(_ line: String) { #expect(Self.comparesWithAFigure(line)) }

  @Test(
    "A comparison with what was measured beside it is none",
    arguments: [
      "#expect(cost.time <= measure.time, \"x\")", "#expect(grown < megabytes << 19)", "#expect(memory.count == 3)",
      "#expect(answer.time == \"12:00\")", "let limit = Duration.seconds(30)", "#expect(cost.memory <= max(measure.memory, 8 * Self.size))",
    ])
  func isNotFound(_ line: String) { #expect(!Self.comparesWithAFigure(line)) }

  // MARK: - Neighbours of the flood of names

  private static let size = 1 << 18

  /// Processor time of this thread that reading a document to its end, or its refusal, costs: the least of three.
  private static func cost(_ document: String) -> (nanoseconds: Int, issue: String?) {
    var (best, issue): (Int, String?) = (.max, nil)
    for _ in 1...3 {
      let before = threadTime()
      do {
        let reader = try XMLReader(bytes: Array(document.utf8), file: "flood.xml")
        while try reader.next() != nil {}
      } catch { issue = "\(error)" }
      best = min(best, threadTime() - before)
    }
    return (best, issue)
  }

  private static func threadTime() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  private static func filled(_ unit: (Int) -> String) -> String {
    var (text, number) = ("", 0)
    while text.utf8.count < size {
      text += unit(number)
      number += 1
    }
    return text
  }

  @Test(
    "Floods of other kinds cost no more than a harmless document of many elements, twice",
    arguments: [
      "instructions", "sections", "references", "texts between", "names of attributes", "prefixes",
    ])
  func floods(_ kind: String) {
    // As many elements as there can be.
    let harmless = "<a>" + Self.filled { _ in "<b/>" } + "</a>"
    let flood: String =
      switch kind {
      case "instructions": "<a>" + Self.filled { "<?p\($0) x?>" } + "</a>"
      case "sections": "<a>" + Self.filled { _ in "<![CDATA[x]]>" } + "</a>"
      case "references": "<a>" + Self.filled { _ in "&#65;" } + "</a>"
      case "texts between": "<a>" + Self.filled { _ in "x<b/>" } + "</a>"
      case "names of attributes": "<a>" + Self.filled { "<b a\($0)=''/>" } + "</a>"
      default: "<a>" + Self.filled { "<b xmlns:p\($0)='u'/>" } + "</a>"
      }
    let (measure, problem) = Self.cost(harmless)
    #expect(problem == nil)
    let cost = Self.cost(flood)
    #expect(cost.nanoseconds <= 2 * measure, "\(cost.issue ?? "read")")
  }
}
