public import CDR

/// An exception declared in IDL; generated structs conform.
public protocol UserException: Error, RecordConvertible {
  /// The id under which it travels.
  static var repositoryID: String { get }
}

/// A declared exception received by a dynamic call, as a record of its description.
public struct DynamicUserException: Error, Hashable, Sendable {
  /// The exception's fields; its type carries the repository id and the name.
  public var record: Record

  public init(_ record: Record) { self.record = record }
}

extension DynamicUserException: CustomStringConvertible {
  public var description: String {
    let fields = zip(record.type.fields, record.slots).map { "\($0.name) \($1.summary)" }
    return fields.isEmpty ? record.type.name : "\(record.type.name): \(fields.joined(separator: ", "))"
  }
}
