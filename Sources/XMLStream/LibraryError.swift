import CXML2

/// An error of libxml2 in Swift values. The library's message may quote the document; it becomes safe to print in an ``XMLIssue``.
struct LibraryError {
  let isWarning: Bool
  let domain: CInt
  let code: CInt
  let message: String

  init(_ error: xmlError) {
    unsafe isWarning = error.level == XML_ERR_WARNING
    unsafe domain = error.domain
    unsafe code = error.code
    unsafe message = error.message.map { unsafe String(cString: $0) } ?? "libxml2 reports error \(error.code) without a message."
  }

  /// Whether the error is about namespaces, after which libxml2 goes on.
  var isOfNamespaces: Bool { domain == CInt(bitPattern: XML_FROM_NAMESPACE.rawValue) }

  /// Whether the code is one of these.
  func isAny(of codes: xmlParserErrors...) -> Bool { codes.contains { code == CInt(bitPattern: $0.rawValue) } }
}
