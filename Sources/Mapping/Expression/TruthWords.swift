/// The words for yes and no that texts of other systems hold.
public enum TruthWords {
  /// What a text denotes, whatever its case and the blanks around it; nil for any other word, and for none.
  public static func value(_ text: String) -> Bool? {
    word(text) ?? word(text.withoutOuterBlanks.lowercased())
  }

  private static func word(_ text: String) -> Bool? {
    switch text {
    case "true", "1", "y", "yes", "是": true
    case "false", "0", "n", "no", "否": false
    default: nil
    }
  }

  /// The words, for messages.
  public static let list = "true, yes, y, 1, 是 and false, no, n, 0, 否, in any case"
}
