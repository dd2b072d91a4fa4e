/// Our own minor codes have the letters of our ORB type before them; they say which rule the octets break.
let ours: UInt32 = 0x5453_5000
let truncated = ours | 1
let countTooLarge = ours | 2
let outOfBounds = ours | 3
let noBoolean = ours | 4
let noEnumerator = ours | 5
let noString = ours | 6
let noDecimal = ours | 7
let nestedTooDeep = ours | 8
let leftOver = ours | 9
let noCharacters = ours | 10

extension Row {
  private static let gate = "IDL:tessera.test/Parley/Gate:1.0"
  private static let notThere = Answer.refused("OBJECT_NOT_EXIST", omg | 2)
  private static let noOperation = Answer.refused("BAD_OPERATION", omg | 2)

  /// An operation name that is not ASCII: the X becomes an octet that is no UTF-8.
  private static func spoilt(_ message: [UInt8]) -> [UInt8] { message.map { $0 == 0x58 ? 0xFF : $0 } }

  static let targets: [Row] = [
    // Objects.
    Row("an unknown key", notThere) { $0.request("nop", key: "Nobody") },
    Row("an empty key", notThere) { $0.request("nop", key: "") },
    Row("the beginning of a key", notThere) { $0.request("nop", key: "Gat") },
    Row("a key with a zero behind it", notThere) { $0.request("nop", key: "Gate\0") },
    Row("a key of 60,000 octets", notThere) { $0.request("nop", key: String(repeating: "k", count: 60_000)) },
    Row("an unknown key below an adapter's name", notThere) { $0.request("nop", key: "Pool/1") },
    Row("a well-known key", .forward(gate)) { $0.request("nop", key: "Parley/Gate") },
    Row("whether an unknown object is there", .result([1])) { $0.request("_non_existent", key: "Nobody") },
    Row("whether a known object is there", .result([0])) { $0.request("_non_existent") },
    .silent("an unknown key, oneway") { $0.request("nop", key: "Nobody", response: 0) },

    // Operations.
    Row("an unknown operation", noOperation) { $0.request("open") },
    Row("an unknown operation of another adapter's object", noOperation) { $0.request("open", key: "Pool") },
    Row("an operation in other letters", noOperation) { $0.request("NOP") },
    Row("an empty operation name", noOperation) { $0.request("") },
    Row("an operation name of 4,000 octets", noOperation) { $0.request(String(repeating: "o", count: 4000)) },
    Row("an operation name that is not ASCII", noOperation) { spoilt($0.request("nXp")) },
    Row("an attribute that is not there", noOperation) { $0.request("_get_nothing") },
    Row("the interface repository", .refused("NO_IMPLEMENT")) { $0.request("_interface") },
    Row("an unknown operation with arguments that lie", noOperation) { $0.request("open") { $0.long(.max) } },
    .silent("an unknown operation, oneway") { $0.request("open", response: 0) },
    .unreadable("an operation name of 5,000 octets") { $0.request(String(repeating: "o", count: 5000)) },
    .unreadable("an operation name with a zero inside") { $0.request("n\0p") },

    // Whether an answer is wanted.
    .silent("an operation with a result, but oneway") { $0.request("noted", response: 0) },
    Row("a oneway operation, but with an answer", .nothing) { $0.request("note") { $0.long(0) } },
    Row("an answer as soon as the server has the request", Form.giop12, .nothing) { $0.request("nop", response: 1) },
    .silent("neither kind of answer", Form.giop12) { $0.request("nop", response: 2) },
    .unreadable("an answer wanted by 2", Form.all.filter { $0.minor < 2 }) { form in
      // The boolean stands behind the empty service context list and the request id.
      var message = form.request("nop")
      message[20] = 2
      return message
    },
    .silent("arguments that lie, oneway") { $0.request("say", response: 0) { $0.long(.max) } },
    .silent("arguments cut short, oneway") { $0.request("note", response: 0) { $0.short(1) } },

    // LocateRequest.
    Row("where a known object is", .located(1)) { $0.locateRequest() },
    Row("where an unknown object is", .located(0)) { $0.locateRequest(key: "Nobody") },
    Row("where an object with an empty key is", .located(0)) { $0.locateRequest(key: "") },
    Row("where a well-known object is", .forward(gate)) { $0.locateRequest(key: "Parley/Gate") },

    // CancelRequest.
    .silent("the end of a request that never was") { $0.cancelRequest(4711) },
    .silent("the end of a request, with octets behind it") { $0.message(2) { $0.raw([UInt8](repeating: 7, count: 100)) } },
  ]
}
