import ForeignORB
import TesseraProcess

/// The store that the build of commit 68d2643 wrote, as SQL: three systems and a partner, links, held items, receipts, prices, names,
/// and contracts with deliveries in every state that can be reached.
enum StoredSample {
  /// Makes the data folder of the server out of it.
  static func restore(to server: TesseraServer) async throws {
    let sample = repositoryPath("Tests/AcceptFieldTests/Files/store-of-68d2643.sql.gz")
    try await ChildProcess.check(
      "sh", ["-c", "mkdir -m 700 tessera-data && gunzip -c \"$0\" | sqlite3 tessera-data/tessera.sqlite", sample], folder: server.folder)
  }

  /// The states of its contracts, by number.
  static let contracts = [
    "K-1 partly-shipped", "R-7 signed", "D-3 draft", "K-4 cancelled", "K-5 cancelled", "H-D70004 credit-hold", "H-D70008 credit-hold",
    "K-6 refused", "K-7 uncertain", "K-8 signed",
  ]
  /// The states of its deliveries, by number.
  static let deliveries = [
    "ordered", "confirmed", "ordered", "ordered", "confirmed", "refused", "uncertain", "waiting", "ready", "waiting", "waiting", "ready",
  ]
}
