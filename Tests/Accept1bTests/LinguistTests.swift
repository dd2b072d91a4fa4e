import CDR
import ForeignORB
import GIOPCore
import IIOPTransport
import ORBCore
import ParleyIDL
import Synchronization
import Testing

/// Programs whose ORB is omniORB C++: unlike omniORBpy they have code sets of their own, and read wide characters.
enum Linguists {
  static func program() async throws -> String {
    try await CxxPeer.build("linguist", sources: [repositoryPath("Tests/Accept1bTests/Peers/linguist.cc")], idl: parleyIDL)
  }

  /// A linguist of omniORB's, and our stub for it.
  static func serve(_ options: [String], for orb: ORB) async throws -> (stub: Parley.Linguist, process: ChildProcess) {
    let process = try ChildProcess(
      try await program(), ["serve", "-ORBendPoint", "giop:tcp:127.0.0.1:0"] + options, input: .pipe)
    let reference = try #require(try await process.readLine())
    return (Parley.Linguist(unchecked: try orb.reference(from: reference)), process)
  }
}

/// Calls a linguist of ours from omniORB C++.
private struct ForeignCaller {
  let process: ChildProcess

  init(_ reference: String, _ options: [String]) async throws {
    process = try ChildProcess(try await Linguists.program(), ["call", reference] + options, input: .pipe)
  }

  /// What the call answers; an exception as a line.
  func call(_ operation: String, _ codes: [Int]) async throws -> String {
    try process.write(([operation] + codes.map(String.init)).joined(separator: " "))
    let line = try #require(try await process.readLine())
    return line.split(separator: " ").joined(separator: " ")
  }
}

/// On our side the codes of a text are its UTF-8, those of a wide one its UTF-16.
private final class LinguistServant: Parley.Linguist.Servant {
  private let kept = Mutex("")

  func codesOf(text: String, context: ServerContext) async throws -> Parley.Blob { Array(text.utf8) }
  func textOf(octets: Parley.Blob, context: ServerContext) async throws -> String { String(decoding: octets, as: UTF8.self) }
  func wideCodesOf(text: String, context: ServerContext) async throws -> Parley.Numerals { text.utf16.map { UInt32($0) } }
  func wideTextOf(units: Parley.Numerals, context: ServerContext) async throws -> String {
    String(decoding: units.map { UInt16($0) }, as: UTF16.self)
  }
  func codeOf(letter: WChar, context: ServerContext) async throws -> UInt32 { UInt32(letter.unit) }
  func letterOf(unit: UInt32, context: ServerContext) async throws -> WChar { WChar(UInt16(unit)) }
  func motto(context: ServerContext) async throws -> String { kept.withLock { $0 } }
  func setMotto(_ motto: String, context: ServerContext) async throws { kept.withLock { $0 = motto } }
}

@Suite struct `A C++ program of ISO 8859-1` {
  private static let options = ["-ORBnativeCharCodeSet", "ISO-8859-1"]
  /// Texts and their octets in ISO 8859-1.
  private static let texts: [(String, [UInt8])] = [
    ("ü", [0xFC]), ("é", [0xE9]), ("Größe 10 µm", [0x47, 0x72, 0xF6, 0xDF, 0x65, 0x20, 0x31, 0x30, 0x20, 0xB5, 0x6D]), ("ÿ", [0xFF]),
    ("", []),
  ]

  @Test func `is sent what it can hold, and sends it back`() async throws {
    let parties = try await Parties.shared.value
    let linguist = try await Linguists.serve(Self.options, for: parties.orb)
    for (text, codes) in Self.texts {
      #expect(try await linguist.stub.codesOf(text: text) == codes)
      #expect(try await linguist.stub.textOf(octets: codes) == text)
    }
    // It says itself that it cannot hold more, before its servant is reached.
    let refusal = await ownException { _ = try await linguist.stub.codesOf(text: "汉字") }
    #expect(refusal?.kind == .dataConversion && refusal?.completed != .yes)
    #expect(try await linguist.stub.codesOf(text: "é") == [0xE9])
  }

  @Test func `calls us, and cannot be told more than it can hold`() async throws {
    let parties = try await Parties.shared.value
    let caller = try await ForeignCaller(try parties.serve(LinguistServant()), Self.options)
    for (text, codes) in Self.texts {
      #expect(try await caller.call("codesOf", codes.map { Int($0) }) == text.utf8.map { "\($0)" }.joined(separator: " "))
      #expect(try await caller.call("textOf", text.utf8.map { Int($0) }) == codes.map { "\($0)" }.joined(separator: " "))
    }
    #expect(try await caller.call("textOf", Array("汉字".utf8).map { Int($0) }).hasPrefix("raised DATA_CONVERSION"))
    #expect(try await caller.call("codesOf", [0xFC]) == "195 188")
  }

  /// Over GIOP 1.0 there is nothing else than ISO 8859-1, so that it is us who refuse.
  @Test func `is not sent in GIOP 1.0 what it cannot hold`() async throws {
    let parties = try await Parties.shared.value
    let old = Self.options + ["-ORBmaxGIOPVersion", "1.0"]
    let linguist = try await Linguists.serve(old, for: parties.orb)
    #expect(try await linguist.stub.codesOf(text: "ü") == [0xFC])
    let refusal = await ownException { _ = try await linguist.stub.codesOf(text: "汉字") }
    #expect(refusal == SystemException(.dataConversion, minor: .characterNotInCodeSet, completed: .no))

    let caller = try await ForeignCaller(try parties.serve(LinguistServant()), old)
    #expect(try await caller.call("codesOf", [0xFC]) == "195 188")
    #expect(try await caller.call("textOf", Array("汉字".utf8).map { Int($0) }) == "raised DATA_CONVERSION \(omg | 1) COMPLETED_YES")
  }
}

@Suite struct `Wide characters of a C++ program` {
  private static let texts = ["", "a", "ü é", "汉字", "Größe 10 µm — 扳手", "\u{FFFD}\u{FEFF}x"]

  @Test func `arrive on both sides`() async throws {
    let parties = try await Parties.shared.value
    let linguist = try await Linguists.serve([], for: parties.orb)
    let caller = try await ForeignCaller(try parties.serve(LinguistServant()), [])
    for text in Self.texts {
      let units = text.utf16.map { UInt32($0) }
      let words = units.map { "\($0)" }.joined(separator: " ")
      #expect(try await linguist.stub.wideCodesOf(text: text) == units, "\(text)")
      #expect(try await linguist.stub.wideTextOf(units: units) == text, "\(text)")
      try await linguist.stub.setMotto(text)
      #expect(try await linguist.stub.motto == text)
      #expect(try await caller.call("wideCodesOf", units.map { Int($0) }) == words, "\(text)")
      #expect(try await caller.call("wideTextOf", units.map { Int($0) }) == words, "\(text)")
      _ = try await caller.call("_set_motto", units.map { Int($0) })
      #expect(try await caller.call("_get_motto", []) == words)
    }
    for unit in [0x41, 0xFC, 0x6C49, 0xFFFD] as [UInt32] {
      #expect(try await linguist.stub.codeOf(letter: WChar(UInt16(unit))) == unit)
      #expect(try await linguist.stub.letterOf(unit: unit) == WChar(UInt16(unit)))
      #expect(try await caller.call("codeOf", [Int(unit)]) == "\(unit)")
      #expect(try await caller.call("letterOf", [Int(unit)]) == "\(unit)")
    }
  }

  /// Neither side takes wide characters where nothing says in which code set they would be.
  @Test func `are refused where no code set was agreed on`() async throws {
    let parties = try await Parties.shared.value
    let linguist = try await Linguists.serve([], for: parties.orb)
    let profile = try #require(linguist.stub.objectRef.ior.iiopProfiles.first?.profile)
    // The same object, but its reference says nothing of code sets.
    let poor = IIOPProfile(version: profile.version, address: profile.address, objectKey: profile.objectKey)
    let stub = Parley.Linguist(unchecked: ObjectRef(IOR(typeID: "", profiles: [poor.tagged()]), orb: parties.orb))
    let refusals = [
      await ownException { _ = try await stub.wideCodesOf(text: "a") },
      await ownException { _ = try await stub.codeOf(letter: WChar(0x61)) },
      await ownException { try await stub.setMotto("a") },
    ]
    #expect(refusals == .init(repeating: SystemException(.invalidObjectReference, minor: .wideCodeSetNotInReference), count: 3))
    #expect(try await stub.codesOf(text: "a") == [0x61])

    // Whoever calls us without code sets can get no wide answer; carried out is the call all the same.
    let ours = try parties.adapter.activate(LinguistServant())
    let own = try #require(ours.ior.iiopProfiles.first?.profile)
    let silent = IIOPProfile(version: own.version, address: own.address, objectKey: own.objectKey)
    let caller = try await ForeignCaller(IOR(typeID: "", profiles: [silent.tagged()]).stringified, [])
    #expect(try await caller.call("wideTextOf", [0x61]) == "raised BAD_PARAM \(omg | 23) COMPLETED_YES")
    #expect(try await caller.call("wideCodesOf", [0x61]) == "raised INV_OBJREF \(omg | 1) COMPLETED_NO")
  }

  /// omniORB has wide characters from GIOP 1.2 on: its references of GIOP 1.1 say nothing of them, and its clients write them over GIOP
  /// 1.1 in the form of GIOP 1.2, which its own servers refuse as well.
  @Test func `are refused in GIOP 1.1`() async throws {
    let parties = try await Parties.shared.value
    let linguist = try await Linguists.serve(["-ORBmaxGIOPVersion", "1.1"], for: parties.orb)
    let refusal = await ownException { _ = try await linguist.stub.wideCodesOf(text: "a") }
    #expect(refusal == SystemException(.invalidObjectReference, minor: .wideCodeSetNotInReference))
    let caller = try await ForeignCaller(try parties.serve(LinguistServant()), ["-ORBmaxGIOPVersion", "1.1"])
    #expect(try await caller.call("wideCodesOf", [0x61]) == "raised MARSHAL \(MinorCode.countExceedsMessage.rawValue) COMPLETED_NO")
    #expect(try await caller.call("codesOf", [0x61]) == "97")
  }

  @Test func `are refused in GIOP 1.0`() async throws {
    let parties = try await Parties.shared.value
    let linguist = try await Linguists.serve(["-ORBmaxGIOPVersion", "1.0"], for: parties.orb)
    let refusal = await ownException { _ = try await linguist.stub.wideCodesOf(text: "a") }
    #expect(refusal == SystemException(.marshal, minor: .wideCharactersInGIOP10Request))
    let caller = try await ForeignCaller(try parties.serve(LinguistServant()), ["-ORBmaxGIOPVersion", "1.0"])
    #expect(try await caller.call("wideTextOf", [0x61]) == "raised MARSHAL \(omg | 6) COMPLETED_YES")
  }
}
