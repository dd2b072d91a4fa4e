import CXML2

/// Validates one document while the engine reads it: the engine hands every event on to libxml2's streaming validation.
@safe
final class SchemaValidator {
  private let schemas: SchemaSet
  private let context: xmlSchemaValidCtxtPtr
  private let plug: xmlSchemaSAXPlugPtr
  /// The handlers of the validation. libxml2 writes to both places again when it is unplugged.
  private let handler: UnsafeMutablePointer<xmlSAXHandlerPtr?>
  private let target: UnsafeMutablePointer<UnsafeMutableRawPointer?>

  /// Begins a validation; the engine owns the validator and outlives it.
  init(_ schema: xmlSchemaPtr, of schemas: SchemaSet, for engine: XMLEngine) {
    self.schemas = schemas
    unsafe handler = .allocate(capacity: 1)
    unsafe handler.initialize(to: nil)
    unsafe target = .allocate(capacity: 1)
    unsafe target.initialize(to: nil)
    guard let context = unsafe xmlSchemaNewValidCtxt(schema) else { fatalError("libxml2 has no memory for a validation") }
    unsafe xmlSchemaSetValidStructuredErrors(
      context,
      { engine, error in
        guard let engine = unsafe engine, let error = unsafe error else { return }
        unsafe Unmanaged<XMLEngine>.fromOpaque(engine).takeUnretainedValue().reportViolation(LibraryError(error.pointee))
      }, Unmanaged.passUnretained(engine).toOpaque())
    // Without handlers to split with, libxml2 gives its own, to be called with the validation's context.
    guard let plug = unsafe xmlSchemaSAXPlug(context, handler, target) else { fatalError("libxml2 has no memory for a validation") }
    unsafe self.context = context
    unsafe self.plug = plug
  }

  deinit {
    unsafe xmlSchemaSAXUnplug(plug)
    unsafe xmlSchemaFreeValidCtxt(context)
    unsafe handler.deallocate()
    unsafe target.deallocate()
  }

  /// The calls into the validation.
  var calls: Calls {
    unsafe Calls(
      start: handler.pointee?.pointee.startElementNs, end: handler.pointee?.pointee.endElementNs, text: handler.pointee?.pointee.characters,
      target: target.pointee)
  }

  /// What libxml2's validation wants to be told of a document; nothing where there is none.
  @safe
  struct Calls {
    fileprivate var start: startElementNsSAX2Func?
    fileprivate var end: endElementNsSAX2Func?
    fileprivate var text: charactersSAXFunc?
    fileprivate var target: UnsafeMutableRawPointer?

    func startElement(
      _ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?,
      _ declarations: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>, _ parts: UnsafeMutableBufferPointer<UnsafePointer<UInt8>?>
    ) {
      unsafe start?(
        target, local, prefix, uri, CInt(declarations.count / 2), declarations.baseAddress, CInt(parts.count / 5), 0, parts.baseAddress)
    }

    func endElement(_ local: UnsafePointer<UInt8>?, _ prefix: UnsafePointer<UInt8>?, _ uri: UnsafePointer<UInt8>?) {
      unsafe end?(target, local, prefix, uri)
    }

    func characters(_ bytes: UnsafePointer<UInt8>?, _ count: Int) { unsafe text?(target, bytes, CInt(count)) }
  }
}

extension XMLEngine {
  /// Takes a breach of the schema. It belongs to the innermost open element: to its start tag or one of its attributes while the
  /// element begins, else to its text.
  func reportViolation(_ error: LibraryError) {
    guard !error.isWarning, failure == nil, let element = innermost else { return }
    var message = error.message
    let place =
      switch phase {
      case .start: element.tag.attributes.first { message.contains(", attribute '\($0.name)': ") }?.valuePosition
      case .text: tags.first?.textStart
      case .end: element.textStart
      }
    let position = place ?? element.tag.position
    // libxml2 says of a value first which facet it breaks, then that it is not of its type, or that it has no use for it as a key.
    let isEcho = error.isAny(of: XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1) || message.contains("No precomputed value available")
    if isEcho, let last = issues.last, last.position == position, last.code == .schemaViolation { return }
    // The names are read in the element's own namespace unless they say otherwise.
    if let namespace = element.tag.name.namespace { message = message.replacing("{\(namespace)}", with: "") }
    record(XMLIssue(.schemaViolation, message), at: position)
  }
}
