import Glibc

/// The folder that holds Package.swift, without a slash at its end.
public let repositoryRoot: String = {
  // Tests/Support/ForeignORB/Repository.swift is four levels below it.
  #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
}()

/// A path of the repository as an absolute one: `repositoryPath("Tests/Support/python")`.
public func repositoryPath(_ relative: String) -> String { "\(repositoryRoot)/\(relative)" }

/// Whether a file or folder exists.
public func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// The path of an executable of this package, which was built beside the running test program; its target must depend on it.
public func builtExecutable(_ name: String) -> String {
  var path = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = readlink("/proc/self/exe", &path, path.count)
  let program = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return program.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/") + "/" + name
}
