import CDR

extension IOR {
  /// The same reference, saying that its server reads and writes `char` in this code set, and `wchar` in UTF-16: for references that do not
  /// say it themselves, as no `corbaloc:` does. What they say of it is replaced.
  ///
  /// - Returns: nil where no profile of it can say so: GIOP 1.0 has no code sets (CORBA 3.3, part 2, 7.10.2.6).
  public func declaring(_ set: CodeSetID) -> IOR? {
    let info = CodeSetComponentInfo(
      char: CodeSetComponent(native: set), wideChar: CodeSetComponent(native: .utf16, conversions: [.utf16]))
    var ior = self
    var isSaid = false
    for (index, profile) in iiopProfiles.map({ ($0.index, $0.profile) }) where profile.version >= .giop11 {
      var profile = profile
      profile.components.removeAll { $0.tag == .codeSets }
      profile.components.append(.codeSets(info))
      ior.profiles[index] = profile.tagged()
      isSaid = true
    }
    return isSaid ? ior : nil
  }
}
