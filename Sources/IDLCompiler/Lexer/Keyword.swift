/// The keywords of OMG IDL in CORBA 3.0 (3.2.4, table 3-6), which contain those of CORBA 2.6.
enum Keyword: String, CaseIterable {
  case abstract, any, attribute, boolean, `case`, char, component, const, consumes, context, custom, `default`, double
  case emits, `enum`, eventtype, exception, factory, finder, fixed, float, getraises, home, `import`, `in`, `inout`
  case interface, local, long, module, multiple, native, octet, oneway, out, primarykey, `private`, provides, `public`
  case publishes, raises, readonly, sequence, setraises, short, string, `struct`, supports, `switch`, truncatable
  case typedef, typeid, typeprefix, union, unsigned, uses, valuetype, void, wchar, wstring
  case object = "Object"
  case valueBase = "ValueBase"
  case `true` = "TRUE"
  case `false` = "FALSE"

  /// Finds the keyword that equals an identifier but for upper and lower case.
  static func collision(with identifier: String) -> Keyword? { byFoldedName[identifier.lowercased()] }

  private static let byFoldedName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue.lowercased(), $0) })
}
