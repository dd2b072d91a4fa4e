import Foundation

@testable import XMLStream

/// The fault that ends the reading of a document, nil if it is accepted.
func refusal(_ bytes: [UInt8], limits: XMLLimits = .init()) -> XMLIssue? {
  do throws(XMLIssue) {
    let reader = try XMLReader(bytes: bytes, file: "doc.xml", limits: limits)
    while try reader.next() != nil {}
    return nil
  } catch {
    return error
  }
}

/// The fault that ends the reading of a document, nil if it is accepted.
func refusal(_ text: String, limits: XMLLimits = .init()) -> XMLIssue? { refusal(Array(text.utf8), limits: limits) }

/// The document's tree.
func tree(_ text: String, schemas: SchemaSet? = nil) throws -> XMLElement {
  try XMLDocument(parsing: Array(text.utf8), file: "doc.xml", schemas: schemas).root
}

/// The bytes of a file.
func bytes(of path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

/// The names of the files of a folder that end so, in order.
func fileNames(in folder: String, ending: String) throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(ending) }.sorted()
}

/// The paths of the XML files of a folder, in order.
func xmlFiles(in folder: String) throws -> [String] { try fileNames(in: folder, ending: ".xml").map { "\(folder)/\($0)" } }

/// Text in UTF-16 behind a byte order mark.
func utf16(_ text: String, bigEndian: Bool) -> [UInt8] {
  ("\u{FEFF}" + text).utf16.flatMap { bigEndian ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
}
