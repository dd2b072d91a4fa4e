/// The schemas of Schemas/, as part of the program: `mapping check` needs no files beside the program.
///
/// Made of those files: `TESSERA_REGENERATE=1 swift test --filter SchemaFileTests`.
enum EmbeddedSchemas {
  static let mapping = #"""
    <?xml version="1.0" encoding="UTF-8"?>
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:tessera:mapping:1" targetNamespace="urn:tessera:mapping:1"
        elementFormDefault="qualified">
      <xs:annotation>
        <xs:documentation>A mapping: how a document of one type becomes items of others. Paths are checked against the types when the file is loaded.</xs:documentation>
      </xs:annotation>

      <xs:element name="mapping">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="csv" type="csv" minOccurs="0"/>
            <xs:element name="column" type="column" minOccurs="0" maxOccurs="1000"/>
            <xs:element name="emit" type="emit" maxOccurs="unbounded"/>
            <xs:element name="test" type="test" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="name" type="name" use="required"/>
          <xs:attribute name="from" type="typeName" use="required"/>
          <xs:attribute name="system" type="name"/>
          <xs:attribute name="system-type" type="name"/>
          <xs:attribute name="holds" type="holds"/>
          <xs:attribute name="missing-at-most" type="percent"/>
        </xs:complexType>
      </xs:element>

      <xs:complexType name="csv">
        <xs:annotation>
          <xs:documentation>How the CSV files that a mapping from="csv:…" reads are written.</xs:documentation>
        </xs:annotation>
        <xs:attribute name="separator" type="separator"/>
        <xs:attribute name="encoding" type="encoding"/>
      </xs:complexType>

      <xs:complexType name="column">
        <xs:annotation>
          <xs:documentation>A column of the CSV files that a mapping from="csv:…" reads; heading is what their first line calls it.</xs:documentation>
        </xs:annotation>
        <xs:attribute name="name" type="name" use="required"/>
        <xs:attribute name="heading" type="xs:string"/>
        <xs:attribute name="optional" type="xs:boolean"/>
      </xs:complexType>

      <xs:complexType name="emit">
        <xs:sequence>
          <xs:element name="identity" type="identity" minOccurs="0"/>
          <xs:choice minOccurs="0" maxOccurs="unbounded">
            <xs:element name="set" type="set"/>
            <xs:element name="for-each" type="for-each"/>
            <xs:element name="require" type="require"/>
          </xs:choice>
        </xs:sequence>
        <xs:attribute name="to" type="typeName" use="required"/>
        <xs:attribute name="for-each" type="expression"/>
        <xs:attribute name="when" type="expression"/>
        <xs:attribute name="subject" type="xs:boolean"/>
        <xs:attribute name="absent" type="absent"/>
        <xs:attribute name="takes" type="takes"/>
      </xs:complexType>

      <xs:complexType name="identity">
        <xs:choice minOccurs="0" maxOccurs="unbounded">
          <xs:element name="match" type="key"/>
          <xs:element name="propose" type="key"/>
        </xs:choice>
        <xs:attribute name="entity" type="name" use="required"/>
        <xs:attribute name="from" type="expression" use="required"/>
        <xs:attribute name="field" type="fieldPath"/>
      </xs:complexType>

      <xs:complexType name="key">
        <xs:attribute name="field" type="fieldPath" use="required"/>
        <xs:attribute name="from" type="expression" use="required"/>
      </xs:complexType>

      <xs:complexType name="set">
        <xs:attribute name="field" type="fieldPath" use="required"/>
        <xs:attribute name="from" type="expression"/>
        <xs:attribute name="value" type="xs:string"/>
        <xs:attribute name="table" type="name"/>
        <xs:attribute name="table-from" type="name"/>
        <xs:attribute name="table-to" type="name"/>
        <xs:attribute name="id-of" type="name"/>
        <xs:attribute name="as" type="conversion"/>
        <xs:attribute name="scale" type="xs:nonNegativeInteger"/>
        <xs:attribute name="round" type="rounding"/>
        <xs:attribute name="when" type="expression"/>
        <xs:attribute name="otherwise" type="xs:string"/>
        <xs:attribute name="unmapped" type="unmapped"/>
        <xs:attribute name="default" type="xs:string"/>
        <xs:attribute name="write" type="write"/>
      </xs:complexType>

      <xs:complexType name="for-each">
        <xs:choice minOccurs="0" maxOccurs="unbounded">
          <xs:element name="set" type="set"/>
          <xs:element name="for-each" type="for-each"/>
        </xs:choice>
        <xs:attribute name="field" type="fieldPath" use="required"/>
        <xs:attribute name="in" type="expression" use="required"/>
        <xs:attribute name="when" type="expression"/>
        <xs:attribute name="write" type="write"/>
      </xs:complexType>

      <xs:complexType name="require">
        <xs:attribute name="that" type="expression" use="required"/>
        <xs:attribute name="else" use="required">
          <xs:simpleType>
            <xs:restriction base="xs:token">
              <xs:enumeration value="reject"/>
              <xs:enumeration value="hold"/>
            </xs:restriction>
          </xs:simpleType>
        </xs:attribute>
        <xs:attribute name="code" type="code" use="required"/>
      </xs:complexType>

      <!-- A document, and what the mapping must make of it: one element in expect for each item, in the order of the emits. -->
      <xs:complexType name="test">
        <xs:sequence>
          <xs:element name="qualifier" minOccurs="0" maxOccurs="unbounded">
            <xs:complexType>
              <xs:attribute name="name" type="name" use="required"/>
              <xs:attribute name="value" type="xs:string" use="required"/>
            </xs:complexType>
          </xs:element>
          <xs:element name="given" type="document"/>
          <xs:element name="expect" type="documents" minOccurs="0"/>
          <xs:choice minOccurs="0" maxOccurs="unbounded">
            <xs:element name="expect-problem">
              <xs:complexType>
                <xs:attribute name="code" type="code" use="required"/>
                <xs:attribute name="field" type="xs:string"/>
              </xs:complexType>
            </xs:element>
            <xs:element name="expect-held">
              <xs:complexType>
                <xs:attribute name="table" type="name" use="required"/>
                <xs:attribute name="value" type="xs:string" use="required"/>
              </xs:complexType>
            </xs:element>
          </xs:choice>
        </xs:sequence>
        <xs:attribute name="name" type="xs:string" use="required"/>
        <xs:attribute name="time" type="xs:string"/>
      </xs:complexType>

      <xs:complexType name="document">
        <xs:sequence>
          <xs:any namespace="##any" processContents="skip"/>
        </xs:sequence>
      </xs:complexType>

      <xs:complexType name="documents">
        <xs:sequence>
          <xs:any namespace="##any" processContents="skip" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence>
      </xs:complexType>

      <xs:simpleType name="name">
        <xs:restriction base="xs:string">
          <xs:pattern value="[A-Za-z0-9_][A-Za-z0-9_.\-]*"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="typeName">
        <xs:restriction base="xs:string">
          <xs:pattern value="([A-Za-z0-9_][A-Za-z0-9_.\-]*:)?[A-Za-z0-9_][A-Za-z0-9_.\-]*"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="fieldPath">
        <xs:restriction base="xs:string">
          <xs:minLength value="1"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="expression">
        <xs:restriction base="xs:string">
          <xs:minLength value="1"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="code">
        <xs:restriction base="xs:string">
          <xs:pattern value="[A-Z0-9_]+"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="conversion">
        <xs:restriction base="xs:token">
          <xs:enumeration value="decimal"/>
          <xs:enumeration value="integer"/>
          <xs:enumeration value="boolean"/>
          <xs:enumeration value="text"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="separator">
        <xs:restriction base="xs:token">
          <xs:enumeration value="comma"/>
          <xs:enumeration value="semicolon"/>
          <xs:enumeration value="tab"/>
          <xs:enumeration value="bar"/>
        </xs:restriction>
      </xs:simpleType>

      <!-- As the options of tessera push name them. -->
      <xs:simpleType name="encoding">
        <xs:restriction base="xs:token">
          <xs:enumeration value="utf-8"/>
          <xs:enumeration value="utf-16"/>
          <xs:enumeration value="utf-16le"/>
          <xs:enumeration value="utf-16be"/>
          <xs:enumeration value="iso-8859-1"/>
          <xs:enumeration value="iso-8859-15"/>
          <xs:enumeration value="windows-1250"/>
          <xs:enumeration value="windows-1252"/>
          <xs:enumeration value="gb18030"/>
          <xs:enumeration value="gbk"/>
          <xs:enumeration value="gb2312"/>
          <xs:enumeration value="big5"/>
          <xs:enumeration value="shift_jis"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="rounding">
        <xs:restriction base="xs:token">
          <xs:enumeration value="half-even"/>
          <xs:enumeration value="half-up"/>
          <xs:enumeration value="down"/>
          <xs:enumeration value="up"/>
          <xs:enumeration value="exact"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="takes">
        <xs:restriction base="xs:token">
          <xs:enumeration value="changes"/>
          <xs:enumeration value="updates"/>
          <xs:enumeration value="deletes"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="holds">
        <xs:restriction base="xs:token">
          <xs:enumeration value="everything"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="percent">
        <xs:restriction base="xs:integer">
          <xs:minInclusive value="0"/>
          <xs:maxInclusive value="100"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="absent">
        <xs:restriction base="xs:token">
          <xs:enumeration value="clear"/>
          <xs:enumeration value="keep"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="unmapped">
        <xs:restriction base="xs:token">
          <xs:enumeration value="fail"/>
          <xs:enumeration value="hold"/>
          <xs:enumeration value="pass"/>
          <xs:enumeration value="keep"/>
          <xs:enumeration value="drop-line"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="write">
        <xs:restriction base="xs:token">
          <xs:enumeration value="always"/>
          <xs:enumeration value="create-only"/>
          <xs:enumeration value="if-empty"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:schema>

    """#

  static let valueMap = #"""
    <?xml version="1.0" encoding="UTF-8"?>
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:tessera:value-map:1" targetNamespace="urn:tessera:value-map:1"
        elementFormDefault="qualified">
      <xs:annotation>
        <xs:documentation>A value map: what a static code of one type of system is called in another.</xs:documentation>
      </xs:annotation>

      <xs:element name="value-map">
        <xs:complexType>
          <xs:sequence>
            <!-- One for each type of system, named as its dialect; the canonical model's is named canonical. -->
            <xs:element name="column" minOccurs="2" maxOccurs="unbounded">
              <xs:complexType>
                <xs:attribute name="name" type="name" use="required"/>
                <!-- Whether several of its values may stand for one value of another column. -->
                <xs:attribute name="several" type="xs:boolean"/>
              </xs:complexType>
            </xs:element>
            <!-- The first is the most important: a row that states it is the better match. -->
            <xs:element name="qualifier" minOccurs="0" maxOccurs="unbounded">
              <xs:complexType>
                <xs:attribute name="name" type="name" use="required"/>
              </xs:complexType>
            </xs:element>
            <!-- What a value is called in a column where no row has it. -->
            <xs:element name="default" minOccurs="0" maxOccurs="unbounded">
              <xs:complexType>
                <xs:attribute name="column" type="name" use="required"/>
                <xs:attribute name="value" type="xs:string" use="required"/>
              </xs:complexType>
            </xs:element>
            <xs:element name="row" type="row" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="name" type="name" use="required"/>
        </xs:complexType>
      </xs:element>

      <xs:complexType name="row">
        <xs:sequence>
          <xs:element name="value" minOccurs="2" maxOccurs="unbounded">
            <xs:complexType>
              <xs:simpleContent>
                <xs:extension base="xs:string">
                  <xs:attribute name="column" type="name" use="required"/>
                </xs:extension>
              </xs:simpleContent>
            </xs:complexType>
          </xs:element>
          <!-- The row matches only where the qualifier has this value. -->
          <xs:element name="where" minOccurs="0" maxOccurs="unbounded">
            <xs:complexType>
              <xs:simpleContent>
                <xs:extension base="xs:string">
                  <xs:attribute name="qualifier" type="name" use="required"/>
                </xs:extension>
              </xs:simpleContent>
            </xs:complexType>
          </xs:element>
        </xs:sequence>
        <!-- Whether it is this row that answers where several could. -->
        <xs:attribute name="preferred" type="xs:boolean"/>
        <!-- First and last day, both included. -->
        <xs:attribute name="valid-from" type="xs:date"/>
        <xs:attribute name="valid-to" type="xs:date"/>
      </xs:complexType>

      <xs:simpleType name="name">
        <xs:restriction base="xs:string">
          <xs:pattern value="[A-Za-z0-9_][A-Za-z0-9_.\-]*"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:schema>

    """#
}
