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

  /// The addresses that make a name, and the name's number; -1 in a slot that is free.
  private struct Slot {
    var local: UInt = 0
    var prefix: UInt = 0
    var namespace: UInt = 0
    var number = -1
  }

  /// A hash table with open addressing, half of it free: elements ask it once each.
  private var slots = [Slot](repeating: Slot(), count: 128)
  /// All entries by their numbers.
  private(set) var all: [Entry] = []
  private var seen: Set<UInt> = []

  /// How many different strings have been met as names.
  var distinctCount: Int { seen.count }

  /// The number of an expanded name.
  mutating func number(
    _ local: UnsafePointer<UInt8>?, prefix: UnsafePointer<UInt8>?, namespace: UnsafePointer<UInt8>?
  ) -> Int {
    let key = Slot(local: UInt(bitPattern: local), prefix: UInt(bitPattern: prefix), namespace: UInt(bitPattern: namespace))
    let place = place(of: key)
    if slots[place].number >= 0 { return slots[place].number }
    return unsafe add(key, at: place, local, prefix, namespace)
  }

  /// The entry of an expanded name.
  mutating func entry(
    _ local: UnsafePointer<UInt8>?, prefix: UnsafePointer<UInt8>?, namespace: UnsafePointer<UInt8>?
  ) -> Entry {
    all[unsafe number(local, prefix: prefix, namespace: namespace)]
  }

  /// The slot that holds the key, or the free one where it belongs.
  private func place(of key: Slot) -> Int {
    let mask = slots.count - 1
    let mixed = (key.local ^ key.prefix &<< 20 ^ key.namespace &<< 40) &* 0x9E37_79B9_7F4A_7C15
    var place = Int(truncatingIfNeeded: mixed &>> 32) & mask
    while slots[place].number >= 0,
      slots[place].local != key.local || slots[place].prefix != key.prefix || slots[place].namespace != key.namespace
    {
      place = (place + 1) & mask
    }
    return place
  }

  private mutating func add(
    _ key: Slot, at place: Int, _ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ namespace: UnsafePointer<UInt8>?
  ) -> Int {
    unsafe count(local)
    unsafe count(prefix)
    unsafe count(namespace)
    let localName = unsafe Self.string(local)
    let prefixName = unsafe prefix.map { unsafe String(cString: $0) }
    let number = all.count
    unsafe all.append(
      Entry(
        number: number, name: XMLName(localName, namespace: namespace.map { unsafe String(cString: $0) }), prefix: prefixName,
        qualified: prefixName.map { "\($0):\(localName)" } ?? localName))
    slots[place] = key
    slots[place].number = number
    if all.count > slots.count / 2 { grow() }
    return number
  }

  private mutating func grow() {
    let former = slots
    slots = [Slot](repeating: Slot(), count: 2 * former.count)
    for slot in former where slot.number >= 0 { slots[place(of: slot)] = slot }
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
