import ForeignORB
import Testing

/// omniORB in C++ calls omniORB in Python: the two differ in version and in what they can hold.
@Suite struct CxxPeerTests {
  static let idl = """
    module Greeting {
      interface Desk { string say(in string text); };
    };
    """

  static let source = """
    #include "greeting.hh"
    #include <iostream>
    int main(int count, char** words) {
      CORBA::ORB_var orb = CORBA::ORB_init(count, words);
      CORBA::Object_var object = orb->string_to_object(words[1]);
      Greeting::Desk_var desk = Greeting::Desk::_narrow(object);
      CORBA::String_var answer = desk->say(words[2]);
      std::cout << answer.in() << std::endl;
    }
    """

  @Test func callsFromCxx() async throws {
    let folder = try TemporaryFolder()
    let idl = try folder.write(Self.idl, to: "greeting.idl")
    try await OmniIDL.accept([idl])
    let client = try await CxxPeer.build("greeting", sources: [try folder.write(Self.source, to: "client.cc")], idl: [idl])
    let server = try await PythonPeer(idl: [idl])
    let desk = try await server.serve("Greeting::Desk")
    let answer = try await ChildProcess.check(client, [desk.reference, "grün 汉字", "-ORBnativeCharCodeSet", "UTF-8"])
    #expect(answer == "grün 汉字\n")
    #expect(try await desk.calls() == [.init("say", ["grün 汉字"])])
  }

  @Test func saysWhatTheCompilerSays() async throws {
    let folder = try TemporaryFolder()
    let idl = try folder.write("module Broken { struct };", to: "broken.idl")
    await #expect {
      try await OmniIDL.accept([idl])
    } throws: {
      if case ForeignORBError.endedEarly(_, .code(1), let errors) = $0 { errors.contains("broken.idl:1") } else { false }
    }
  }
}
