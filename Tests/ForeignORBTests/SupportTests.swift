import ForeignORB
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "[]", "{}", "-12", "9223372036854775807", "\"\"", "[1,[2,{\"a\":null}],\"x\"]", "{\"a\":1,\"b\":{\"c\":[false]}}",
    "\"汉字 😀 \\\" \\\\ \\u0000 \\u007f\"", "1.5",
  ])
  func writesWhatItReads(text: String) throws {
    #expect(try JSON(parsing: text).description == text)
  }

  @Test func readsEscapes() throws {
    #expect(try JSON(parsing: " \"\\ud83d\\ude00\\n\\u00fc\\/\" ") == "😀\nü/")
  }

  @Test(arguments: ["", "[1", "[1,]", "{\"a\"}", "{a:1}", "\"a", "nul", "1 2", "\"\\ud83d\"", "01a", String(repeating: "[", count: 300)])
  func refuses(text: String) {
    #expect(throws: ForeignORBError.self) { try JSON(parsing: text) }
  }
}

@Suite struct RepositoryTests {
  @Test func rootHoldsThePackage() {
    #expect(fileExists(repositoryPath("Package.swift")))
  }

  @Test(.needsCorpus) func corpusHoldsTheProducts() throws {
    #expect(fileExists(try Corpus.path("adventureworks/Product.csv")))
  }

  @Test func temporaryFolderGoesAway() async throws {
    let path = try await withTemporaryFolder { path in
      #expect(fileExists(path))
      return path
    }
    #expect(!fileExists(path))
  }
}

@Suite struct SplitMix64Tests {
  /// The first values of the published reference implementation for seed 1234567.
  @Test func givesTheReferenceSequence() {
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
    #expect(random.next() == 9_817_491_932_198_370_423)
  }
}

@Suite struct HexadecimalTests {
  @Test func readsAndWrites() {
    #expect([0x00, 0x9F, 0xFF].hexadecimal == "009fff")
    #expect([UInt8](hexadecimal: "009FfF") == [0x00, 0x9F, 0xFF])
    #expect([UInt8](hexadecimal: "0") == nil)
    #expect([UInt8](hexadecimal: "0g") == nil)
  }
}
