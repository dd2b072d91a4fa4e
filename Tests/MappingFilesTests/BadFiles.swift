/// What bad files look like, and the exact message for each.
extension BadFile {
  static let all: [BadFile] = [
    BadFile(
      #"not well-formed"#,
      #"<set field="rank" from="rank"/>"#,
      #"<set field="rank" from="rank">"#,
      """
      m.xml:22:3: error: Opening and ending tag mismatch: set line 19 and emit [XML_NOT_WELL_FORMED]
          </emit>
          ^
      """),
    BadFile(
      #"another root"#,
      #"<mapping xmlns="urn:tessera:mapping:1""#,
      #"<mapping xmlns="urn:other""#,
      """
      m.xml:1:1: error: '{urn:other}mapping' is neither a mapping nor a value map [MAPPING_UNKNOWN_DOCUMENT]
        <mapping xmlns="urn:other" name="erp-item" from="erp:item">
        ^
        hint: the root is <mapping xmlns="urn:tessera:mapping:1"> or <value-map xmlns="urn:tessera:value-map:1">
      """),
    BadFile(
      #"an unknown attribute"#,
      #"<set field="rank" from="rank"/>"#,
      #"<set field="rank" form="rank"/>"#,
      """
      m.xml:19:23: error: Element 'set', attribute 'form': The attribute 'form' is not allowed. [XML_SCHEMA_VIOLATION]
            <set field="rank" form="rank"/>
                              ^
        hint: did you mean 'from'?
      """),
    BadFile(
      #"an element with a slip"#,
      #"<set field="rank" from="rank"/>"#,
      #"<sett field="rank" from="rank"/>"#,
      """
      m.xml:19:5: error: Element 'sett': This element is not expected. [XML_SCHEMA_VIOLATION]
            <sett field="rank" from="rank"/>
            ^
        hint: did you mean 'set'?
      """),
    BadFile(
      #"a word with a slip"#,
      #"<set field="rank" from="rank"/>"#,
      #"<set field="rank" from="rank" write="create-olny"/>"#,
      """
      m.xml:19:42: error: Element 'set', attribute 'write': [facet 'enumeration'] The value 'create-olny' is not an element of the set {'always', 'create-only', 'if-empty'}. [XML_SCHEMA_VIOLATION]
            <set field="rank" from="rank" write="create-olny"/>
                                                 ^
        hint: did you mean 'create-only'?
      """),
    BadFile(
      #"an unknown element"#,
      #"<set field="rank" from="rank"/>"#,
      #"<put field="rank" from="rank"/>"#,
      """
      m.xml:19:5: error: Element 'put': This element is not expected. [XML_SCHEMA_VIOLATION]
            <put field="rank" from="rank"/>
            ^
      """),
    BadFile(
      #"a policy that does not exist"#,
      #"unmapped="hold"/>\#n    <set field="category""#,
      #"unmapped="wait"/>\#n    <set field="category""#,
      """
      m.xml:9:58: error: Element 'set', attribute 'unmapped': [facet 'enumeration'] The value 'wait' is not an element of the set {'fail', 'hold', 'pass', 'keep', 'drop-line'}. [XML_SCHEMA_VIOLATION]
            <set field="unit" from="uom" table="units" unmapped="wait"/>
                                                                 ^
      """),
    BadFile(
      #"no name"#,
      #"name="erp-item" from"#,
      #"from"#,
      """
      m.xml:1:1: error: Element 'mapping': The attribute 'name' is required but missing. [XML_SCHEMA_VIOLATION]
        <mapping xmlns="urn:tessera:mapping:1" from="erp:item">
        ^
      """),
    BadFile(
      #"an unknown source type"#,
      #"from="erp:item""#,
      #"from="erp:itme""#,
      """
      m.xml:1:62: error: there is no type 'erp:itme' [MAPPING_UNKNOWN_TYPE]
        <mapping xmlns="urn:tessera:mapping:1" name="erp-item" from="erp:itme">
                                                                     ^
        hint: did you mean 'erp:item'?
      """),
    BadFile(
      #"an unknown target type"#,
      #"to="Product""#,
      #"to="Produkt""#,
      """
      m.xml:2:13: error: there is no type 'Produkt' [MAPPING_UNKNOWN_TYPE]
          <emit to="Produkt">
                    ^
        hint: did you mean 'Product'?
      """),
    BadFile(
      #"no identity"#,
      #"<identity entity="Product" from="no" field="id">\#n      <match field="code" from="no"/>\#n      <propose field="name" from="title"/>\#n    </identity>\#n    "#,
      #""#,
      """
      m.xml:2:3: error: the emit of Product does not say whose id the item bears [MAPPING_MISSING_IDENTITY]
          <emit to="Product">
          ^
        hint: it needs an <identity entity="…" from="…"/>
      """),
    BadFile(
      #"an unknown entity"#,
      #"entity="Product""#,
      #"entity="Produkt""#,
      """
      m.xml:3:23: error: there is no entity 'Produkt' [MAPPING_UNKNOWN_ENTITY]
            <identity entity="Produkt" from="no" field="id">
                              ^
        hint: did you mean 'Product'?
      """),
    BadFile(
      #"a match of an unknown field"#,
      #"<match field="code""#,
      #"<match field="cod""#,
      """
      m.xml:4:21: error: Product has no field 'cod' [MAPPING_UNKNOWN_FIELD]
              <match field="cod" from="no"/>
                            ^
        hint: did you mean 'code'?
      """),
    BadFile(
      #"an unknown field"#,
      #"<set field="rank" from"#,
      #"<set field="rnak" from"#,
      """
      m.xml:19:17: error: Product has no field 'rnak' [MAPPING_UNKNOWN_FIELD]
            <set field="rnak" from="rank"/>
                        ^
        hint: did you mean 'rank'?
      """),
    BadFile(
      #"an unknown field of a record"#,
      #"listPrice/amount" from"#,
      #"listPrice/amnt" from"#,
      """
      m.xml:11:27: error: Money has no field 'amnt' [MAPPING_UNKNOWN_FIELD]
            <set field="listPrice/amnt" from="price" as="decimal" scale="4" round="half-even"/>
                                  ^
        hint: did you mean 'amount'?
      """),
    BadFile(
      #"a field inside a list"#,
      #"<set field="rank" from"#,
      #"<set field="packagings/code" value="x"/>\#n    <set field="rank" from"#,
      """
      m.xml:19:28: error: 'packagings' is a list, which has no field 'code' [MAPPING_UNKNOWN_FIELD]
            <set field="packagings/code" value="x"/>
                                   ^
        hint: fill it with <for-each field="…" in="…">
      """),
    BadFile(
      #"an unknown path"#,
      #"normalize-space(title)"#,
      #"normalize-space(titel)"#,
      """
      m.xml:8:45: error: item has no field 'titel' [MAPPING_UNKNOWN_PATH]
            <set field="name" from="normalize-space(titel)"/>
                                                    ^
        hint: did you mean 'title'?
      """),
    BadFile(
      #"an unknown path in a list"#,
      #"in="entries[unit_code"#,
      #"in="entries[unitcode"#,
      """
      m.xml:15:46: error: entry has no field 'unitcode' [MAPPING_UNKNOWN_PATH]
            <for-each field="packagings" in="entries[unitcode != '']">
                                                     ^
        hint: did you mean 'unit_code'?
      """),
    BadFile(
      #"text where a number is needed"#,
      #"from="price" as="decimal" scale="4" round="half-even""#,
      #"from="price""#,
      """
      m.xml:11:41: error: 'price' is text, and the field 'listPrice/amount' is fixed<18,4> [MAPPING_TYPE]
            <set field="listPrice/amount" from="price"/>
                                                ^
        hint: say how it is converted: as="decimal"
      """),
    BadFile(
      #"text that is computed with"#,
      #"from="price" as="decimal" scale="4" round="half-even""#,
      #"from="price * 2""#,
      """
      m.xml:11:41: error: 'price' is text, where a number is needed [MAPPING_TYPE]
            <set field="listPrice/amount" from="price * 2"/>
                                                ^
        hint: convert it: decimal(price)
      """),
    BadFile(
      #"a number where text is needed"#,
      #"<set field="name" from="normalize-space(title)"/>"#,
      #"<set field="name" from="rank"/>"#,
      """
      m.xml:8:29: error: 'rank' is a number, and the field 'name' is string [MAPPING_TYPE]
            <set field="name" from="rank"/>
                                    ^
        hint: say how it is converted: as="text"
      """),
    BadFile(
      #"a scale that the field does not have"#,
      #"scale="4""#,
      #"scale="6""#,
      """
      m.xml:11:68: error: scale="6" is no number from 0 to 4, which is what the field 'listPrice/amount' holds [MAPPING_LITERAL]
            <set field="listPrice/amount" from="price" as="decimal" scale="6" round="half-even"/>
                                                                           ^
      """),
    BadFile(
      #"several nodes"#,
      #"<set field="name" from="normalize-space(title)"/>"#,
      #"<set field="name" from="entries/unit_code"/>"#,
      """
      m.xml:8:29: error: 'entries/unit_code' may have several nodes where one is needed [MAPPING_SEVERAL_NODES]
            <set field="name" from="entries/unit_code"/>
                                    ^
        hint: choose one with a predicate such as [1], or use count() or sum()
      """),
    BadFile(
      #"a division without a scale"#,
      #"from="price" as="decimal""#,
      #"from="decimal(price) div 2" as="decimal""#,
      """
      m.xml:11:56: error: expected an operator or the end, found 'div' [MAPPING_SYNTAX]
            <set field="listPrice/amount" from="decimal(price) div 2" as="decimal" scale="4" round="half-even"/>
                                                               ^
        hint: a division states its scale and rounding: div(a, b, 4, 'half-even')
      """),
    BadFile(
      #"an unknown function"#,
      #"normalize-space(title)"#,
      #"normalise-space(title)"#,
      """
      m.xml:8:29: error: there is no function 'normalise-space' [MAPPING_UNKNOWN_FUNCTION]
            <set field="name" from="normalise-space(title)"/>
                                    ^
        hint: did you mean 'normalize-space'?
      """),
    BadFile(
      #"too few arguments"#,
      #"normalize-space(title)"#,
      #"replace(title, ',')"#,
      """
      m.xml:8:29: error: replace() is given 2 arguments [MAPPING_ARGUMENTS]
            <set field="name" from="replace(title, ',')"/>
                                    ^
        hint: it is written replace(text, old, new)
      """),
    BadFile(
      #"a comparison of text with a number"#,
      #"ended != ''"#,
      #"ended &gt; 0"#,
      """
      m.xml:13:48: error: 'ended' is text, where a number is needed [MAPPING_TYPE]
            <set field="status" value="inactive" when="ended &gt; 0" otherwise="active"/>
                                                       ^
        hint: convert it: decimal(ended)
      """),
    BadFile(
      #"a text as a condition"#,
      #"ended != ''"#,
      #"ended"#,
      """
      m.xml:13:48: error: 'ended' is text, where a condition is needed [MAPPING_TYPE]
            <set field="status" value="inactive" when="ended" otherwise="active"/>
                                                       ^
        hint: compare it: ended != ''
      """),
    BadFile(
      #"a literal that is no enumerator"#,
      #"value="inactive""#,
      #"value="inaktive""#,
      """
      m.xml:13:32: error: "inaktive" is no enumerator of Status [MAPPING_LITERAL]
            <set field="status" value="inaktive" when="ended != ''" otherwise="active"/>
                                       ^
        hint: did you mean 'inactive'?
      """),
    BadFile(
      #"a condition without otherwise"#,
      #" otherwise="active""#,
      #""#,
      """
      m.xml:13:48: error: 'status' has no value where the condition does not hold [MAPPING_MISSING_FIELD]
            <set field="status" value="inactive" when="ended != ''"/>
                                                       ^
        hint: add otherwise="…", or another <set> of the field without when=
      """),
    BadFile(
      #"a field set twice"#,
      #"<set field="rank" from"#,
      #"<set field="name" value="x"/>\#n    <set field="rank" from"#,
      """
      m.xml:19:17: error: 'name' is set already [MAPPING_DUPLICATE_FIELD]
            <set field="name" value="x"/>
                        ^
        hint: several <set> of one field need when= on all but the last
      """),
    BadFile(
      #"a field that is not set"#,
      #"<set field="category" from="group" id-of="Category" unmapped="hold"/>\#n    "#,
      #""#,
      """
      m.xml:2:3: error: the field 'category' of Product is not set [MAPPING_MISSING_FIELD]
          <emit to="Product">
          ^
        hint: add <set field="category" …/>; only optional fields and lists may be left out
      """),
    BadFile(
      #"an unknown value map"#,
      #"table="units""#,
      #"table="unit""#,
      """
      m.xml:9:41: error: there is no value map 'unit' [MAPPING_UNKNOWN_TABLE]
            <set field="unit" from="uom" table="unit" unmapped="hold"/>
                                                ^
        hint: did you mean 'units'?
      """),
    BadFile(
      #"an unknown column"#,
      #"table="units""#,
      #"table="units" table-from="epr""#,
      """
      m.xml:9:60: error: the value map 'units' has no column 'epr' [MAPPING_UNKNOWN_TABLE]
            <set field="unit" from="uom" table="units" table-from="epr" unmapped="hold"/>
                                                                   ^
        hint: did you mean 'erp'?
      """),
    BadFile(
      #"a policy without a lookup"#,
      #"<set field="code" from="no"/>"#,
      #"<set field="code" from="no" unmapped="hold"/>"#,
      """
      m.xml:7:43: error: there is nothing that could be unmapped [MAPPING_ATTRIBUTES]
            <set field="code" from="no" unmapped="hold"/>
                                                  ^
        hint: unmapped= and default= go with table= or id-of=
      """),
    BadFile(
      #"from and value"#,
      #"<set field="code" from="no"/>"#,
      #"<set field="code" from="no" value="x"/>"#,
      """
      m.xml:7:40: error: 'code' has from= and value= [MAPPING_ATTRIBUTES]
            <set field="code" from="no" value="x"/>
                                               ^
        hint: leave one of them out
      """),
    BadFile(
      #"a requirement of what is not known yet"#,
      #"listPrice/amount &gt;= 0""#,
      #"listPrice/amount &gt;= 0 and category != ''""#,
      """
      m.xml:20:49: error: 'category' takes an id, which is not known yet when require is checked [MAPPING_TYPE]
            <require that="listPrice/amount &gt;= 0 and category != ''" else="reject" code="NEGATIVE_PRICE"/>
                                                        ^
      """),
    BadFile(
      #"a requirement with a misspelt field"#,
      #"listPrice/amount &gt;= 0""#,
      #"listprice/amount &gt;= 0""#,
      """
      m.xml:20:20: error: Product has no field 'listprice' [MAPPING_UNKNOWN_PATH]
            <require that="listprice/amount &gt;= 0" else="reject" code="NEGATIVE_PRICE"/>
                           ^
        hint: did you mean 'listPrice'?
      """),
    BadFile(
      #"a write policy inside a list"#,
      #"from="unit_code"/>"#,
      #"from="unit_code" write="if-empty"/>"#,
      """
      m.xml:16:49: error: a field of a list element has no write policy of its own [MAPPING_ATTRIBUTES]
              <set field="code" from="unit_code" write="if-empty"/>
                                                        ^
        hint: give it to the for-each
      """),
    BadFile(
      #"a text that is not closed"#,
      #"normalize-space(title)"#,
      #"concat(title, 'x)"#,
      """
      m.xml:8:43: error: the text that begins here is not closed with ' [MAPPING_SYNTAX]
            <set field="name" from="concat(title, 'x)"/>
                                                  ^
      """),
  ]
}
