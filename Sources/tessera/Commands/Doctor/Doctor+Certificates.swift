import Broker
import BrokerRuntime
import EAIChannel
import U8EAIChannel

extension Doctor {
  /// Days before its end at which a certificate is worth a word.
  private static let warningDays: Int64 = 30

  /// What systems that we call over HTTP are trusted by. Whatever listens here encrypts nothing, and has no certificate.
  ///
  /// - Parameter now: in seconds since 1970.
  static func certificates(_ systems: [SystemRow], now: Int64) -> [Finding] {
    let found = systems.filter { $0.state == .active && $0.adapter == AdapterKind.u8EAI.rawValue }.map { finding($0, now) }
    if !found.isEmpty { return found }
    return [
      Finding(
        subject: "certificates", state: .good,
        text: "none are used: no system is called over https, and what listens here encrypts nothing",
        remedy: "partners elsewhere come through a proxy that ends TLS on this machine")
    ]
  }

  private static func finding(_ system: SystemRow, _ now: Int64) -> Finding {
    func finding(_ state: Finding.State, _ text: String, _ remedy: String = "") -> Finding {
      Finding(subject: "certificates", state: state, text: "\(system.name) \(text)", remedy: remedy)
    }
    let renewal = "put the new certificate into that file, or name another behind ca= when the system is added anew"
    do {
      let (isEncrypted, file) = try U8EAIChannel.encryption(ofReference: system.reference)
      guard isEncrypted else {
        return finding(.warning, "is called over http: nothing is encrypted", "take https beyond your own machine room")
      }
      guard let file else { return finding(.good, "is trusted by the certificates of this machine") }
      let all = try ChannelCertificate.all(inFile: file)
      // Any of them may be the one that counts, so the first that ends is told.
      guard let end = all.map(\.validUntil).min(), let start = all.map(\.validFrom).max() else {
        return finding(.bad, "is trusted by \(file), which has no certificate", renewal)
      }
      let day = Instant.text(end * 1_000_000).prefix(10)
      if end <= now { return finding(.bad, "is trusted by \(file), of which a certificate ended on \(day)", renewal) }
      if start > now {
        return finding(
          .bad, "is trusted by \(file), of which a certificate is not valid yet", "check the clock, or take another certificate")
      }
      if end <= now + warningDays * 86_400 {
        return finding(.warning, "is trusted by \(file), of which a certificate ends on \(day)", renewal)
      }
      return finding(.good, "is trusted by \(file) until \(day)")
    } catch {
      let failure = error as? AdapterFailure
      return finding(
        .bad, "cannot be called: \(failure?.message ?? "\(error)")",
        failure?.hint.isEmpty == false ? failure!.hint : "make the file readable for this user, with certificates in PEM")
    }
  }
}
