/// Turns the bytes of a document into valid UTF-8 without a byte order mark and with LF for every line end (XML 1.0, 2.11),
/// chunk by chunk.
///
/// libxml2 is only ever given this text: it neither guesses an encoding nor converts one, so that the pre-scanner and libxml2
/// read the same characters. Known are UTF-8 (US-ASCII within it), UTF-16 of either byte order (XML 1.0, 4.3.3 and appendix F), and
/// where a document declares one of them, the charsets of ``DeclaredCharset``.
struct XMLDecoder {
  /// Text, and what ended it early.
  struct Result {
    /// Valid UTF-8, up to the fault if there is one.
    var text: [UInt8] = []
    /// The fault that stands right after `text`; no place is set in it.
    var failure: XMLIssue?
  }

  private enum Encoding {
    case utf8
    case utf16(bigEndian: Bool)
    case declared(CharsetConverter)
  }

  private var encoding: Encoding?
  private var hasMark = false
  /// Whether the last chunk ended with CR, so that LF at the start of the next one belongs to it.
  private var endedWithCarriageReturn = false
  /// The bytes of a character whose rest is in the next chunk, at most three.
  private var pending: [UInt8] = []

  /// Decodes one chunk. The first one must hold the XML declaration whole or be the last one.
  mutating func decode(_ bytes: [UInt8], isLast: Bool) -> Result {
    let isFirst = encoding == nil
    var input = pending.isEmpty ? bytes : pending + bytes
    pending = []
    if isFirst {
      let (found, markLength) = Self.sniff(input)
      guard let found else { return Self.unsupported("UTF-32") }
      encoding = found
      if markLength > 0 { input.removeFirst(markLength) }
      if case .utf8 = found, markLength == 0, let declared = Self.declaredEncoding(in: input),
        let charset = DeclaredCharset.named(declared)
      {
        guard let converter = CharsetConverter(charset) else { return Self.unsupported(declared) }
        encoding = .declared(converter)
      } else if case .utf8 = found,
        let failure = Self.checkDeclared(
          in: input, allowed: ["UTF-8", "UTF8", "US-ASCII", "ASCII"], marked: markLength > 0 ? "UTF-8" : nil)
      {
        return failure
      }
      hasMark = markLength > 0
    }
    var result: Result
    switch encoding {
    case .utf16(let bigEndian):
      result = decodeUTF16(input, bigEndian: bigEndian, isLast: isLast)
      if isFirst {
        let allowed = ["UTF-16", bigEndian ? "UTF-16BE" : "UTF-16LE", "ISO-10646-UCS-2"]
        let marked = hasMark ? "UTF-16" : nil
        if let failure = Self.checkDeclared(in: result.text, allowed: allowed, marked: marked) { return failure }
      }
    case .declared(let converter):
      result = decode(input, converter, isLast: isLast)
    case .utf8, nil:
      result = checkUTF8(input, isLast: isLast)
    }
    normaliseLineEnds(&result.text)
    if let zero = result.text.span.firstIndex(of: 0, from: 0) {
      result.text.removeSubrange(zero...)
      result.failure = XMLIssue(.notWellFormed, "The character U+0000 is not allowed in XML.")
    }
    return result
  }

  /// libxml2 would do it, too, but in push mode not within CDATA sections.
  private mutating func normaliseLineEnds(_ text: inout [UInt8]) {
    guard endedWithCarriageReturn || text.span.firstIndex(of: Byte.carriageReturn, from: 0) != nil else { return }
    var normal: [UInt8] = []
    normal.reserveCapacity(text.count)
    for byte in text {
      if byte == Byte.carriageReturn {
        normal.append(Byte.lineFeed)
      } else if byte != Byte.lineFeed || !endedWithCarriageReturn {
        normal.append(byte)
      }
      endedWithCarriageReturn = byte == Byte.carriageReturn
    }
    text = normal
  }

  private mutating func checkUTF8(_ input: [UInt8], isLast: Bool) -> Result {
    // Nearly all of it is valid; the library says what is wrong with the rest.
    if input.span.validUTF8Prefix == input.count { return Result(text: input) }
    do {
      _ = try UTF8Span(validating: input.span)
      return Result(text: input)
    } catch {
      let valid = Array(input[..<error.byteOffsets.lowerBound])
      if !isLast, case .truncatedScalar = error.kind, error.byteOffsets.upperBound == input.count {
        pending = Array(input[error.byteOffsets])
        return Result(text: valid)
      }
      let bytes = input[error.byteOffsets].map { "0x" + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
      return Result(
        text: valid,
        failure: XMLIssue(
          .encodingInvalid, "The byte \(bytes) is not valid UTF-8.", hint: "Save the document as UTF-8 or UTF-16, and declare what it is."))
    }
  }

  private mutating func decodeUTF16(_ input: [UInt8], bigEndian: Bool, isLast: Bool) -> Result {
    var result = Result()
    result.text.reserveCapacity(input.count)
    func unit(_ index: Int) -> UInt16 {
      bigEndian ? UInt16(input[index]) << 8 | UInt16(input[index + 1]) : UInt16(input[index + 1]) << 8 | UInt16(input[index])
    }
    var index = 0
    while index + 1 < input.count {
      let first = unit(index)
      var length = 2
      var value = UInt32(first)
      if UTF16.isLeadSurrogate(first) {
        if index + 3 >= input.count && !isLast { break }
        if index + 3 < input.count, UTF16.isTrailSurrogate(unit(index + 2)) {
          value = 0x10000 + (UInt32(first & 0x3FF) << 10 | UInt32(unit(index + 2) & 0x3FF))
          length = 4
        }
      }
      guard let scalar = Unicode.Scalar(value) else {
        result.failure = XMLIssue(.encodingInvalid, "The surrogate 0x\(String(first, radix: 16, uppercase: true)) has no partner.")
        return result
      }
      result.text.append(contentsOf: Unicode.UTF8.encode(scalar)!)
      index += length
    }
    if isLast, index < input.count {
      result.failure = XMLIssue(.encodingInvalid, "The document in UTF-16 ends within a character.")
    }
    pending = Array(input[index...])
    return result
  }

  private mutating func decode(_ input: [UInt8], _ converter: CharsetConverter, isLast: Bool) -> Result {
    let name = converter.charset.name
    let unwritten = converter.charset.firstUnwritten(input)
    let (text, taken, isInvalid) = converter.convert(unwritten.map { Array(input[..<$0]) } ?? input)
    var result = Result(text: text)
    if unwritten != nil || isInvalid {
      let byte = String(input[taken], radix: 16, uppercase: true)
      result.failure = XMLIssue(
        .encodingInvalid, "The byte 0x\(byte) begins no character of \(name), which the document declares.",
        hint: unwritten != nil
          ? "It looks like Windows-1252: declare that, or save the document as UTF-8."
          : "Save the document in the encoding that it declares.")
    } else if isLast, taken < input.count {
      result.failure = XMLIssue(.encodingInvalid, "The document ends within a character of \(name).")
    } else {
      pending = Array(input[taken...])
    }
    return result
  }

  /// Finds the family of encodings by byte order mark or by how `<?` is written; nil for UTF-32.
  private static func sniff(_ bytes: [UInt8]) -> (Encoding?, markLength: Int) {
    switch Array(bytes.prefix(4)) {
    case [0, 0, 0xFE, 0xFF], [0xFF, 0xFE, 0, 0], [0, 0, 0, 0x3C], [0x3C, 0, 0, 0]: (nil, 4)
    case let start where start.starts(with: [0xFE, 0xFF]): (.utf16(bigEndian: true), 2)
    case let start where start.starts(with: [0xFF, 0xFE]): (.utf16(bigEndian: false), 2)
    case let start where start.starts(with: [0xEF, 0xBB, 0xBF]): (.utf8, 3)
    case [0, 0x3C, 0, 0x3F]: (.utf16(bigEndian: true), 0)
    case [0x3C, 0, 0x3F, 0]: (.utf16(bigEndian: false), 0)
    default: (.utf8, 0)
    }
  }

  /// Refuses a document whose XML declaration names another encoding than the bytes show.
  ///
  /// - Parameter marked: the encoding whose byte order mark the document begins with; nil where it has none.
  private static func checkDeclared(in text: [UInt8], allowed: [String], marked: String?) -> Result? {
    guard let declared = declaredEncoding(in: text), !allowed.contains(declared.uppercased()) else { return nil }
    guard let marked else { return unsupported(declared) }
    return Result(
      failure: XMLIssue(
        .encodingUnsupported,
        "The document begins with the byte order mark of \(marked), and says that it is in the encoding '\(declared)': one of the two is wrong.",
        hint: "Declare encoding=\"\(marked)\" if the text is \(marked), else save it without the mark."))
  }

  private static func unsupported(_ name: String) -> Result {
    Result(
      failure: XMLIssue(
        .encodingUnsupported, "The document says that it is in the encoding '\(name)', which is not supported or not what its bytes are.",
        hint: "Save the document as UTF-8 or UTF-16, and declare what it is."))
  }

  /// The name after `encoding=` in the XML declaration, nil if there is none or it is not well-formed, which libxml2 reports.
  static func declaredEncoding(in text: [UInt8]) -> String? {
    let head = text.prefix(1_024)
    guard head.starts(with: "<?xml".utf8), head.count > 5, Byte.isSpace(head[5]) else { return nil }
    guard let end = head.firstIndex(of: Byte.greater), let keyword = text.span.firstIndex(of: "encoding", before: end) else { return nil }
    let rest = head[(keyword + 8)..<end].drop { Byte.isSpace($0) || $0 == Byte.equals }
    guard let quote = rest.first, quote == Byte.quote || quote == Byte.apostrophe else { return nil }
    return String(decoding: rest.dropFirst().prefix { $0 != quote }, as: UTF8.self)
  }
}
