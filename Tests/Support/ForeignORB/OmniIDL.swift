/// omniORB's IDL compiler: makes stubs for peers, and tells whether a foreign compiler accepts our IDL.
public enum OmniIDL {
  /// Compiles IDL files into Python modules below the folder.
  ///
  /// - Throws: ``ForeignORBError/endedEarly(command:exit:errors:)`` with what omniidl says.
  public static func makePython(_ files: [String], into folder: String, includes: [String] = []) async throws {
    guard fileExists(PythonEnvironment.omniidl) else {
      throw ForeignORBError.absent(path: PythonEnvironment.omniidl, hint: "run `make deps`")
    }
    // `-Wbinline`: a file that is included is compiled into the same module, so that one folder is enough.
    try await ChildProcess.check(
      PythonEnvironment.omniidl, ["-bpython", "-Wbinline", "-C\(folder)"] + includes.map { "-I\($0)" } + files,
      environment: try await PythonEnvironment.variables(modules: folder))
  }

  /// Compiles IDL files into C++ stubs and skeletons (`NAME.hh`, `NAMESK.cc`) in the folder, with TypeCodes and `any` (`NAMEDynSK.cc`) if asked.
  ///
  /// - Throws: ``ForeignORBError/endedEarly(command:exit:errors:)`` with what omniidl says.
  public static func makeCxx(_ files: [String], into folder: String, includes: [String] = [], any: Bool = false) async throws {
    try await ChildProcess.check(
      "omniidl", ["-bcxx", "-C\(folder)"] + (any ? ["-Wba"] : []) + includes.map { "-I\($0)" } + files)
  }

  /// Parses IDL files without making anything.
  ///
  /// - Throws: ``ForeignORBError/endedEarly(command:exit:errors:)`` with what omniidl says.
  public static func accept(_ files: [String], includes: [String] = []) async throws {
    try await ChildProcess.check("omniidl", includes.map { "-I\($0)" } + files)
  }
}
