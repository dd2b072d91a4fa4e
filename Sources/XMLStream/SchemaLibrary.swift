import CXML2
import Synchronization

/// The documents of one compilation of schemas, and the only place that libxml2 can load anything from.
@safe
struct SchemaLibrary {
  /// libxml2 knows the documents by URIs of this scheme, which nothing else can open, so that relative references can be resolved.
  private static let scheme = "tessera-schema:///"
  /// The loader is one for the process, so one compilation is made at a time; its documents are the loader's for that while.
  private static let compilation = Mutex<Void>(())
  private static let loadable = Mutex<[String: [UInt8]]>([:])

  private let main: String
  private var texts: [String: [UInt8]] = [:]
  private var trees: [String: XMLDocument] = [:]

  /// Reads and checks the documents.
  init(_ documents: [SchemaDocument], main: String) throws(XMLIssues) {
    self.main = main
    var issues: [XMLIssue] = []
    for document in documents {
      let uri = Self.uri(of: document.name)
      guard Self.isAllowed(document.name) else {
        issues.append(
          XMLIssue(
            .schemaInvalid, "'\(document.name)' is no name for a schema document.", file: document.name,
            hint: "Use a relative path of letters, digits and '._-/', or an absolute URI."))
        continue
      }
      guard texts[uri] == nil else {
        issues.append(XMLIssue(.schemaInvalid, "Two documents are registered as '\(document.name)'.", file: document.name))
        continue
      }
      texts[uri] = InternalSubset.removed(from: document.bytes)
      do throws(XMLIssues) {
        trees[uri] = try XMLDocument(parsing: texts[uri]!, file: document.name, limits: XMLLimits(depth: 256))
      } catch {
        issues += error.issues
      }
    }
    if texts[Self.uri(of: main)] == nil {
      issues.append(XMLIssue(.schemaNotRegistered, "The main document '\(main)' is not registered.", file: main))
    }
    for uri in trees.keys.sorted() { issues += unresolvedReferences(in: trees[uri]!, uri: uri) }
    guard issues.isEmpty else { throw XMLIssues(issues) }
  }

  /// What the documents say of single elements.
  var types: SchemaTypes { SchemaTypes(trees.keys.sorted().compactMap { trees[$0] }) }

  /// Compiles the main document with all that it refers to.
  func compile() throws(XMLIssues) -> xmlSchemaPtr {
    let errors = SchemaErrors(trees)
    let address = Self.compilation.withLock { _ in
      Self.loadable.withLock { $0 = texts }
      defer { Self.loadable.withLock { $0 = [:] } }
      let parser = unsafe xmlSchemaNewParserCtxt(Self.uri(of: main))
      unsafe xmlSchemaSetParserStructuredErrors(
        parser,
        { errors, error in
          guard let errors = unsafe errors, let error = unsafe error else { return }
          unsafe Unmanaged<SchemaErrors>.fromOpaque(errors).takeUnretainedValue().take(error.pointee)
        }, Unmanaged.passUnretained(errors).toOpaque())
      let schema = unsafe xmlSchemaParse(parser)
      unsafe xmlSchemaFreeParserCtxt(parser)
      return UInt(bitPattern: schema)
    }
    guard errors.issues.isEmpty, let schema = unsafe xmlSchemaPtr(bitPattern: address) else {
      unsafe xmlSchemaFree(xmlSchemaPtr(bitPattern: address))
      let fallback = XMLIssue(.schemaInvalid, "The schema '\(main)' cannot be compiled.", file: main)
      throw XMLIssues(errors.issues.isEmpty ? [fallback] : errors.issues)
    }
    return unsafe schema
  }

  /// The loader of libxml2: gives a document of the compilation in progress, and nothing else.
  static func load(_ location: UnsafePointer<CChar>?, for context: xmlParserCtxtPtr?) -> xmlParserInputPtr? {
    guard let location = unsafe location, let text = loadable.withLock({ unsafe $0[String(cString: location)] }) else { return nil }
    let buffer = unsafe text.withUnsafeBytes {
      unsafe xmlParserInputBufferCreateMem($0.baseAddress?.assumingMemoryBound(to: CChar.self), CInt($0.count), XML_CHAR_ENCODING_NONE)
    }
    guard let buffer = unsafe buffer else { return nil }
    guard let input = unsafe xmlNewIOInputStream(context, buffer, XML_CHAR_ENCODING_NONE) else {
      unsafe xmlFreeParserInputBuffer(buffer)
      return nil
    }
    // References within the document are resolved against its own URI.
    let name = unsafe xmlCharStrdup(location)
    unsafe input.pointee.filename = UnsafePointer(UnsafeMutableRawPointer(name)?.assumingMemoryBound(to: CChar.self))
    return unsafe input
  }

  /// What a document includes, imports or redefines without its being registered.
  private func unresolvedReferences(in document: XMLDocument, uri: String) -> [XMLIssue] {
    var issues: [XMLIssue] = []
    let references = ["include", "import", "redefine"].map { XMLName($0, namespace: "http://www.w3.org/2001/XMLSchema") }
    for element in document.root.elements where references.contains(element.name) {
      guard let location = element["schemaLocation"] else { continue }
      let target = Self.resolve(location, against: uri)
      guard target.flatMap({ texts[$0] }) == nil else { continue }
      issues.append(
        element.issue(
          .schemaNotRegistered, "The schema document '\(location)' is not registered.", file: document.file, attribute: "schemaLocation",
          hint: "Schemas are found among the registered documents only; register it under a name that this location leads to."))
    }
    return issues
  }

  /// The URI that libxml2 makes of a reference.
  private static func resolve(_ location: String, against base: String) -> String? {
    guard let result = unsafe xmlBuildURI(location, base) else { return nil }
    defer { unsafe tessera_xml_free(result) }
    return unsafe String(cString: result)
  }

  static func uri(of name: String) -> String { name.contains(":") ? name : scheme + name }

  private static func isAllowed(_ name: String) -> Bool {
    let steps = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPath = !name.isEmpty && steps.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    let allowed = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: ":"): true
      default: false
      }
    }
    return allowed && (isPath || name.contains("://"))
  }
}

/// Collects what libxml2 finds wrong in schemas, and finds the place of each in the trees of their documents.
private final class SchemaErrors {
  private let trees: [String: XMLDocument]
  private(set) var issues: [XMLIssue] = []

  init(_ trees: [String: XMLDocument]) { self.trees = trees }

  func take(_ error: xmlError) {
    let message = unsafe LibraryError(error).message
    guard unsafe !LibraryError(error).isWarning, issues.count < XMLLimits().issues else { return }
    var node = unsafe error.node?.assumingMemoryBound(to: xmlNode.self)
    var attribute: XMLName?
    if unsafe node?.pointee.type == XML_ATTRIBUTE_NODE {
      attribute = unsafe XMLName(NameTable.string(node?.pointee.name))
      unsafe node = node?.pointee.parent
    }
    let uri = unsafe NameTable.string(node?.pointee.doc?.pointee.URL)
    guard let document = trees[uri], let element = unsafe Self.element(of: node, in: document) else {
      issues.append(XMLIssue(.schemaInvalid, message, file: unsafe error.file.map { unsafe String(cString: $0) } ?? ""))
      return
    }
    let plain = message.replacing("{\(element.name.namespace ?? "")}", with: "")
    issues.append(element.issue(.schemaInvalid, plain, file: document.file, attribute: attribute))
  }

  /// The element of our tree that stands where libxml2's node stands in its own.
  private static func element(of node: xmlNodePtr?, in document: XMLDocument) -> XMLElement? {
    var indices: [Int] = []
    var node = unsafe node
    while let current = unsafe node, unsafe current.pointee.type == XML_ELEMENT_NODE {
      var index = 0
      var sibling = unsafe current.pointee.prev
      while let previous = unsafe sibling {
        if unsafe previous.pointee.type == XML_ELEMENT_NODE { index += 1 }
        unsafe sibling = previous.pointee.prev
      }
      indices.append(index)
      unsafe node = current.pointee.parent
    }
    guard !indices.isEmpty else { return nil }
    var element = document.root
    for index in indices.dropLast().reversed() {
      guard element.elements.indices.contains(index) else { return nil }
      element = element.elements[index]
    }
    return element
  }
}
