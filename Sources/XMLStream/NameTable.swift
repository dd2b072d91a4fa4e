/// The names of one document, made into Strings once each.
///
/// libxml2 keeps one copy of every name for as long as its parser lives, so that the address stands for the name.
@safe
struct NameTable {
  /// A name as elements and attributes carry it.
  struct Entry {
    let number: Int
    let name: XMLName
    let prefix: String?
    let qualified: String
  }

  private struct Key: Hashable {
    let local: UInt
    let prefix: UInt
    let namespace: UInt
  }

  private var entries: [Key: Entry] = [:]
  /// All entries by their numbers.
  private(set) var all: [Entry] = []
  private var seen: Set<UInt> = []

  /// How many different strings have been met as names.
  var distinctCount: Int { seen.count }

  /// The entry of an expanded name.
  mutating func entry(
    _ local: UnsafePointer<UInt8>?, prefix: UnsafePointer<UInt8>?, namespace: UnsafePointer<UInt8>?
  ) -> Entry {
    let key = Key(local: UInt(bitPattern: local), prefix: UInt(bitPattern: prefix), namespace: UInt(bitPattern: namespace))
    if let entry = entries[key] { return entry }
    unsafe count(local)
    unsafe count(prefix)
    unsafe count(namespace)
    let localName = unsafe Self.string(local)
    let prefixName = unsafe prefix.map { unsafe String(cString: $0) }
    let entry = unsafe Entry(
      number: entries.count, name: XMLName(localName, namespace: namespace.map { unsafe String(cString: $0) }), prefix: prefixName,
      qualified: prefixName.map { "\($0):\(localName)" } ?? localName)
    entries[key] = entry
    all.append(entry)
    return entry
  }

  /// Counts a string that takes room in libxml2's table without being an element's or attribute's name.
  mutating func count(_ name: UnsafePointer<UInt8>?) {
    if let name = unsafe name { seen.insert(UInt(bitPattern: name)) }
  }

  /// The Swift copy of a string of libxml2; empty for none.
  static func string(_ name: UnsafePointer<UInt8>?) -> String {
    unsafe name.map { unsafe String(cString: $0) } ?? ""
  }
}
