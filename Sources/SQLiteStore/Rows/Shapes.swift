import CDR
import StoreAPI

/// The numbers that stand in the file for the shapes of stored records: each shape is kept once, found by the hash of its text.
///
/// As with ``Names``, a row is never changed or removed; what a rolled back transaction added is forgotten by ``forget()``.
final class Shapes {
  private let connection: Connection
  private var numbers: [TypeShape: Int64] = [:]
  private var shapes: [Int64: TypeShape] = [:]

  init(_ connection: Connection) { self.connection = connection }

  /// The table, and which of its rows a held item was stored with.
  static let tables = [
    "CREATE TABLE shape (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, fields TEXT NOT NULL) STRICT",
    "CREATE INDEX shape_by_hash ON shape (hash)",
    "ALTER TABLE held ADD COLUMN shape INTEGER",
  ]

  /// The number of the shape, which is made if there is none.
  func assignedNumber(of shape: TypeShape) throws -> Int64 {
    if let number = numbers[shape] { return number }
    let find = try connection.statement("SELECT id FROM shape WHERE hash = ? AND fields = ?")
    if let number = try find.bind(shape.hash).bind(shape.text).first({ $0.readInt64() }) { return remember(number, shape) }
    let insert = try connection.statement("INSERT INTO shape (hash, fields) VALUES (?, ?) RETURNING id")
    return remember(try insert.bind(shape.hash).bind(shape.text).all { $0.readInt64() }[0], shape)
  }

  /// The shape of the number.
  func shape(of number: Int64) throws -> TypeShape {
    if let shape = shapes[number] { return shape }
    guard let text = try connection.statement("SELECT fields FROM shape WHERE id = ?").bind(number).first({ try $0.readText() }) else {
      throw StoreError(.corrupt, "\(connection.path) lacks the shape \(number) that a row bears.", hint: "Restore the file from a backup.")
    }
    let shape = TypeShape(text: text)
    _ = remember(number, shape)
    return shape
  }

  func forget() {
    numbers = [:]
    shapes = [:]
  }

  private func remember(_ number: Int64, _ shape: TypeShape) -> Int64 {
    numbers[shape] = number
    shapes[number] = shape
    return number
  }
}
