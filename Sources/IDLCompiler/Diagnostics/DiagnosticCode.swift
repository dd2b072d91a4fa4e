/// The catalogue of rules that the front end checks; a back end adds its own numbers from 900.
///
/// Numbers are never reused: 1 to 99 source and preprocessor, 100 to 199 words, 200 to 299 grammar, 300 to 499 meaning.
public struct DiagnosticCode: Hashable, Sendable {
  /// The number in the catalogue.
  public let number: Int

  /// Creates a code; back ends use numbers from 900.
  public init(_ number: Int) { self.number = number }

  /// For example `IDL0012`.
  public var identifier: String {
    let digits = String(number)
    return "IDL" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
