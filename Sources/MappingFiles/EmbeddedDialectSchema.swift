/// As ``EmbeddedSchemas`` has the others.
extension EmbeddedSchemas {
  static let dialect = #"""
    <?xml version="1.0" encoding="UTF-8"?>
    <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:tessera:dialect:1" targetNamespace="urn:tessera:dialect:1"
        elementFormDefault="qualified">
      <xs:annotation>
        <xs:documentation>A dialect: how the documents of a vocabulary are recognised, which samples show their shape, where their items stand. Docs/Dialects.md explains each name.</xs:documentation>
      </xs:annotation>

      <xs:element name="dialect">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="schemas" minOccurs="0">
              <xs:complexType>
                <xs:attribute name="folder" type="path" use="required"/>
              </xs:complexType>
            </xs:element>
            <xs:element name="document" type="document" maxOccurs="1000"/>
          </xs:sequence>
          <!-- Mapping files name the types of its items name:type. -->
          <xs:attribute name="name" type="name" use="required"/>
          <!-- How the sender is answered: receipt, or the protocol of an adapter that ships. -->
          <xs:attribute name="protocol" type="name"/>
        </xs:complexType>
      </xs:element>

      <xs:complexType name="document">
        <xs:sequence>
          <!-- Where items of several kinds stand; a document with one kind says it with items= and key=. -->
          <xs:element name="items" minOccurs="0" maxOccurs="100">
            <xs:complexType>
              <xs:attribute name="type" type="name" use="required"/>
              <xs:attribute name="path" type="steps" use="required"/>
              <xs:attribute name="key" type="steps"/>
            </xs:complexType>
          </xs:element>
          <xs:element name="sample" maxOccurs="1000">
            <xs:complexType>
              <xs:attribute name="file" type="path" use="required"/>
            </xs:complexType>
          </xs:element>
        </xs:sequence>
        <xs:attribute name="type" type="name" use="required"/>
        <xs:attribute name="root" type="step" use="required"/>
        <xs:attribute name="namespace" type="xs:string"/>
        <!-- attribute=value, several with blanks between: what the root says beside its name. -->
        <xs:attribute name="where" type="conditions"/>
        <xs:attribute name="items" type="steps"/>
        <xs:attribute name="key" type="steps"/>
        <xs:attribute name="message" type="steps"/>
        <xs:attribute name="sender" type="steps"/>
        <xs:attribute name="schema" type="path"/>
        <xs:attribute name="asks" type="name"/>
        <xs:attribute name="answers" type="typeName"/>
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

      <xs:simpleType name="path">
        <xs:restriction base="xs:string">
          <xs:minLength value="1"/>
        </xs:restriction>
      </xs:simpleType>

      <!-- The local name of an element. -->
      <xs:simpleType name="step">
        <xs:restriction base="xs:NCName"/>
      </xs:simpleType>

      <!-- Local names with / between, the last may be an @attribute; . is the document itself. -->
      <xs:simpleType name="steps">
        <xs:restriction base="xs:string">
          <xs:pattern value="\.|([^/@\s]+/)*@?[^/@\s]+"/>
        </xs:restriction>
      </xs:simpleType>

      <xs:simpleType name="conditions">
        <xs:restriction base="xs:string">
          <xs:pattern value="\s*([^=\s]+=\S*(\s+[^=\s]+=\S*)*)?\s*"/>
        </xs:restriction>
      </xs:simpleType>
    </xs:schema>

    """#
}
