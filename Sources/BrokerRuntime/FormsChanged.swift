/// Somebody changed the form of ids while something was about to be taken: nothing was changed, and what is tried again obeys the new form.
public struct FormsChanged: Error, Sendable, CustomStringConvertible {
  public static let code = "FORMS_CHANGED"

  public init() {}

  public var description: String { "the forms of ids were changed meanwhile; nothing was taken" }
}
