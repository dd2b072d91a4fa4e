/// What a person looks for in codes and names, ignoring case in every script.
public struct SearchText: Sendable {
  private let folded: [UInt8]

  public init(_ text: String) { folded = Array(text.lowercased().utf8) }

  /// Whether one of the texts has it as a part.
  public func isPart(of texts: String...) -> Bool {
    folded.isEmpty || texts.contains { contained(in: Array($0.lowercased().utf8)) }
  }

  private func contained(in octets: [UInt8]) -> Bool {
    guard octets.count >= folded.count else { return false }
    return (0...(octets.count - folded.count)).contains { octets[$0...].starts(with: folded) }
  }
}
