/// Takes the internal subset out of a schema document, which some published schemas have and none needs for its meaning.
enum InternalSubset {
  /// The document with the bracketed part of its document type declaration turned to blanks, line ends kept so that every place
  /// stays the same. A document that is not in a superset of ASCII or has no such part comes back unchanged.
  static func removed(from document: [UInt8]) -> [UInt8] {
    guard let open = opening(of: document), let close = closing(of: document, from: open) else { return document }
    var result = document
    for index in open...close where !Byte.isSpace(result[index]) { result[index] = Byte.space }
    return result
  }

  /// The `[` of the document type declaration, sought in front of the root element only.
  private static func opening(of document: [UInt8]) -> Int? {
    var index = 0
    while index < document.count {
      let rest = document[index...]
      if rest.starts(with: "<!--".utf8) {
        index = skip(past: "-->", in: document, from: index + 4)
      } else if rest.starts(with: "<?".utf8) {
        index = skip(past: "?>", in: document, from: index + 2)
      } else if rest.starts(with: "<!DOCTYPE".utf8) {
        return bracket(in: document, from: index)
      } else if document[index] == Byte.less {
        return nil
      } else {
        index += 1
      }
    }
    return nil
  }

  private static func bracket(in document: [UInt8], from start: Int) -> Int? {
    var quote: UInt8?
    for index in start..<document.count {
      let byte = document[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == Byte.quote || byte == Byte.apostrophe {
        quote = byte
      } else if byte == Byte.openBracket {
        return index
      } else if byte == Byte.greater {
        return nil
      }
    }
    return nil
  }

  /// The `]` that ends the subset: not one within a literal, comment or processing instruction.
  private static func closing(of document: [UInt8], from open: Int) -> Int? {
    var index = open + 1
    var quote: UInt8?
    while index < document.count {
      let byte = document[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == Byte.quote || byte == Byte.apostrophe {
        quote = byte
      } else if byte == Byte.closeBracket {
        return index
      } else if document[index...].starts(with: "<!--".utf8) {
        index = skip(past: "-->", in: document, from: index + 4)
        continue
      } else if document[index...].starts(with: "<?".utf8) {
        index = skip(past: "?>", in: document, from: index + 2)
        continue
      }
      index += 1
    }
    return nil
  }

  private static func skip(past mark: String, in document: [UInt8], from start: Int) -> Int {
    var index = start
    while index < document.count {
      if document[index...].starts(with: mark.utf8) { return index + mark.utf8.count }
      index += 1
    }
    return document.count
  }
}
