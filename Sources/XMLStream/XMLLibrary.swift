import CXML2

/// What libxml2 needs once per process.
enum XMLLibrary {
  /// Makes libxml2 ready for several threads and takes from it every way to open a file or connection.
  static func start() { _ = started }

  private static let started: Bool = {
    xmlInitParser()
    // Otherwise a processing instruction could name a catalogue to be loaded.
    xmlCatalogSetDefaults(XML_CATA_ALLOW_NONE)
    // The loader is global. It refuses everything but the schemas that are registered with the compilation in progress.
    unsafe xmlSetExternalEntityLoader { location, _, context in unsafe SchemaLibrary.load(location, for: context) }
    return true
  }()
}
