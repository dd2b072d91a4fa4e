import IDLCompiler
import Testing

/// Thousands of damaged texts: the compiler ends, does not trap, and says an error exactly when there is no model.
@Suite struct MutationTests {
  /// A small generator whose numbers are the same on every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private static let words = [
    "{", "}", ";", "(", ")", "<", ">", ">>", "::", ",", "=", "-", "~", "#", "\n#if 1\n", "\n#else\n", "\n#endif\n",
    "\n#include \"t.idl\"\n",
    "\n#pragma prefix \"x\"\n", "\n#define A A A\n", "A", "\"", "'", "L'", "/*", "*/", "//", "\\\n", "0x", "1e", "9d", "struct", "enum",
    "interface", "union", "sequence", "fixed", "typedef", "const", "module", "oneway", "raises", "void", "in", "S", "_", "é", "\0",
  ]

  private static func mutated(_ text: String, _ generator: inout Generator) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      let place = Int.random(in: 0...bytes.count, using: &generator)
      let end = min(bytes.count, place + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: Array(" \(words.randomElement(using: &generator) ?? "") ".utf8), at: place)
      case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
      case 3: bytes.replaceSubrange(place..<end, with: Array((words.randomElement(using: &generator) ?? "").utf8))
      default:
        let other = Int.random(in: 0...bytes.count, using: &generator)
        bytes.insert(contentsOf: Array(bytes[min(place, other)..<max(place, other)].prefix(200)), at: place)
      }
    }
    return bytes
  }

  @Test(arguments: acceptedSources.indices)
  func damagedTextsHarmNothing(_ index: Int) {
    let source = acceptedSources[index]
    var generator = Generator(state: UInt64(index) + 1)
    for _ in 0..<250 {
      let bytes = Self.mutated(source.text, &generator)
      let files = source.files.mapValues { Array($0.utf8) }.merging(["t.idl": bytes]) { $1 }
      let result = compileIDL(mainFile: "t.idl", loader: InMemorySourceLoader(bytes: files))
      let hasErrors = result.diagnostics.contains { $0.severity == .error }
      if (result.model == nil) != hasErrors {
        Issue.record("model and diagnostics disagree for: \(String(decoding: bytes, as: UTF8.self))")
      }
    }
  }

  @Test(arguments: acceptedSources)
  func everyBeginningOfATextHarmsNothing(_ source: AcceptedSource) {
    let bytes = Array(source.text.utf8)
    let files = source.files.mapValues { Array($0.utf8) }
    for length in 0..<bytes.count {
      let result = compileIDL(
        mainFile: "t.idl", loader: InMemorySourceLoader(bytes: files.merging(["t.idl": Array(bytes[..<length])]) { $1 }))
      #expect((result.model == nil) == result.diagnostics.contains { $0.severity == .error })
    }
  }
}
