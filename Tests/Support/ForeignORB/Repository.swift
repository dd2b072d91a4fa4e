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
