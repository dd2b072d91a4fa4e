/// The words for yes and no that texts of other systems hold.
public enum TruthWords {
  private static let yes: Set<String> = ["true", "yes", "y", "1", "是"]
  private static let no: Set<String> = ["false", "no", "n", "0", "否"]

  /// What a text denotes, whatever its case and the blanks around it; nil for any other word, and for none.
  public static func value(_ text: String) -> Bool? {
    switch text {
    case "true", "1": return true
    case "false", "0": return false
    default:
      let word = text.withoutOuterBlanks.lowercased()
      return yes.contains(word) ? true : no.contains(word) ? false : nil
    }
  }

  /// The words, for messages.
  public static let list = "true, yes, y, 1, 是 and false, no, n, 0, 否, in any case"
}
