/// A mapping file as it was written, before it is checked. Every text knows its place.
public struct MappingDefinition: Sendable {
  public var name: SourceText
  /// `dialect:Type`, or the name of a canonical type.
  public var from: SourceText
  /// The only system, or the only type of system, that the mapping is for; nil for every one.
  public var system: SourceText?
  public var systemType: SourceText?
  /// How the CSV files that it reads are written; nil where it does not say.
  public var csv: CSVForm?
  /// `everything` where a message holds all that there is of its things; nil where it holds some.
  public var holds: SourceText?
  /// How many of a hundred things may be missing in a message that holds everything.
  public var missingAtMost: SourceText?
  /// Of the CSV files that it reads; empty for documents that have a type of their own.
  public var columns: [Column] = []
  public var emits: [Emit]
  /// Names the content: two files with one hash do the same.
  public var contentHash: String
  public var place: SourcePlace

  public init(name: SourceText, from: SourceText, emits: [Emit], contentHash: String = "", place: SourcePlace = .unknown) {
    self.name = name
    self.from = from
    self.emits = emits
    self.contentHash = contentHash
    self.place = place
  }

  /// `<csv>`: how CSV files are written. What it does not say is as the reader has it.
  public struct CSVForm: Sendable {
    /// `comma`, `semicolon`, `tab` or `bar`.
    public var separator: String?
    /// Such as `windows-1252`.
    public var encoding: String?
    public var place: SourcePlace

    public init(separator: String?, encoding: String?, place: SourcePlace) {
      self.separator = separator
      self.encoding = encoding
      self.place = place
    }
  }

  /// `<column>`: one of a CSV file.
  public struct Column: Sendable {
    /// As paths name it.
    public var name: SourceText
    /// As the file's first line names it.
    public var heading: String
    /// A file may lack it; it is empty then.
    public var isOptional: Bool

    public init(name: SourceText, heading: String, isOptional: Bool) {
      self.name = name
      self.heading = heading
      self.isOptional = isOptional
    }
  }

  /// `<emit>`: one record of the outcome, or one for each node of a path.
  public struct Emit: Sendable {
    public var to: SourceText
    /// The path to the nodes; nil where the document makes one record.
    public var forEach: SourceText?
    public var when: SourceText?
    /// `true` where the item is about the thing of this record.
    public var subject: SourceText?
    public var identity: Identity?
    public var instructions: [Instruction]
    public var requirements: [Requirement]
    /// `keep` or `clear`: what becomes of a field of which the document says nothing; nil counts as `clear`.
    public var absent: SourceText?
    /// `changes`, `updates` or `deletes`: what a record does with its thing; nil counts as `changes`.
    public var takes: SourceText?
    public var place: SourcePlace

    public init(
      to: SourceText, when: SourceText? = nil, identity: Identity?, instructions: [Instruction], requirements: [Requirement] = [],
      place: SourcePlace = .unknown, forEach: SourceText? = nil, subject: SourceText? = nil
    ) {
      self.to = to
      self.forEach = forEach
      self.when = when
      self.subject = subject
      self.identity = identity
      self.instructions = instructions
      self.requirements = requirements
      self.place = place
    }
  }

  /// `<identity>`: whose id the item bears.
  public struct Identity: Sendable {
    public var entity: SourceText
    public var from: SourceText
    /// The field of the target that takes the item's own id.
    public var field: SourceText?
    public var matches: [Key]
    public var proposals: [Key]
    public var place: SourcePlace

    public init(
      entity: SourceText, from: SourceText, field: SourceText? = nil, matches: [Key] = [], proposals: [Key] = [],
      place: SourcePlace = .unknown
    ) {
      self.entity = entity
      self.from = from
      self.field = field
      self.matches = matches
      self.proposals = proposals
      self.place = place
    }
  }

  /// `<match>` or `<propose>`.
  public struct Key: Sendable {
    public var field: SourceText
    public var from: SourceText

    public init(field: SourceText, from: SourceText) {
      self.field = field
      self.from = from
    }
  }

  public indirect enum Instruction: Sendable {
    case set(Assignment)
    case forEach(ForEach)

    /// What it fills.
    public var field: SourceText {
      switch self {
      case .set(let assignment): assignment.field
      case .forEach(let loop): loop.field
      }
    }
  }

  /// `<set>`: attributes as written; which of them go together is checked later.
  public struct Assignment: Sendable {
    public var field: SourceText
    public var from: SourceText?
    public var value: SourceText?
    public var table: SourceText?
    public var tableFrom: SourceText?
    public var tableTo: SourceText?
    public var idOf: SourceText?
    public var conversion: SourceText?
    public var scale: SourceText?
    public var round: SourceText?
    public var when: SourceText?
    public var otherwise: SourceText?
    public var unmapped: SourceText?
    public var defaultValue: SourceText?
    public var write: SourceText?
    public var place: SourcePlace

    public init(field: SourceText, from: SourceText? = nil, value: SourceText? = nil, place: SourcePlace = .unknown) {
      self.field = field
      self.from = from
      self.value = value
      self.place = place
    }
  }

  /// `<for-each>`: one element of a sequence for every node.
  public struct ForEach: Sendable {
    public var field: SourceText
    public var nodes: SourceText
    public var when: SourceText?
    public var write: SourceText?
    public var instructions: [Instruction]
    public var place: SourcePlace

    public init(
      field: SourceText, nodes: SourceText, when: SourceText? = nil, write: SourceText? = nil, instructions: [Instruction],
      place: SourcePlace = .unknown
    ) {
      self.field = field
      self.nodes = nodes
      self.when = when
      self.write = write
      self.instructions = instructions
      self.place = place
    }
  }

  /// `<require>`: a condition on the finished item.
  public struct Requirement: Sendable {
    public var condition: SourceText
    /// `reject` or `hold`.
    public var otherwise: SourceText
    public var code: SourceText
    public var place: SourcePlace

    public init(condition: SourceText, otherwise: SourceText, code: SourceText, place: SourcePlace = .unknown) {
      self.condition = condition
      self.otherwise = otherwise
      self.code = code
      self.place = place
    }
  }
}
