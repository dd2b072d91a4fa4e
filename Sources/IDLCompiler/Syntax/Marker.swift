/// What stands between the tokens and has a meaning at its place.
enum Marker {
  /// An included file begins.
  case enterFile(String)
  /// It ends.
  case leaveFile
  case pragma(PragmaSyntax, SourceLocation)
}

/// The pragmas that the compiler knows (OMG CORBA 3.0, 10.7.5), and our own.
enum PragmaSyntax {
  case prefix(String)
  case repositoryID(ScopedNameSyntax, String)
  /// The text is `major.minor`.
  case version(ScopedNameSyntax, String)
  /// `#pragma tessera optional NAME`
  case optional(ScopedNameSyntax)
  /// `#pragma tessera sync NAME`
  case synchronous(ScopedNameSyntax)
}
