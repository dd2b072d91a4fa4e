/// The project's Python with omniORBpy, which `make deps` lays down in `.venv`.
enum PythonEnvironment {
  static let interpreter = repositoryPath(".venv/bin/python")
  static let omniidl = repositoryPath(".venv/bin/omniidl")
  static let scripts = repositoryPath("Tests/Support/python")

  /// The variables that a script needs: the wheels do not know where their shared libraries are, and the stubs lie in `modules`.
  ///
  /// The wheels' libraries must not reach C++ programs, which are linked with the system's omniORB: so this is set for Python alone.
  static func variables(modules: String) async throws -> [String: String] {
    guard fileExists(interpreter) else { throw ForeignORBError.absent(path: interpreter, hint: "run `make deps`") }
    return ["LD_LIBRARY_PATH": try await libraries.value, "PYTHONPATH": "\(modules):\(scripts)", "PYTHONDONTWRITEBYTECODE": "1"]
  }

  private static let libraries = Task {
    let script = "import sysconfig; print(sysconfig.get_path('purelib') + '/cmeel.prefix/lib')"
    return String(try await ChildProcess.check(interpreter, ["-c", script]).split(separator: "\n").last ?? "")
  }
}
