"""Finds the padding in CDR bytes, by walking the type over them.

omniORB leaves padding as it found the memory, so that two encodings of one value differ; tests compare them with zeros there.
"""

import descriptors as d

SIZES = {
    d.SHORT: 2, d.USHORT: 2, d.LONG: 4, d.ULONG: 4, d.ENUM: 4, d.FLOAT: 4, d.DOUBLE: 8, d.LONGLONG: 8, d.ULONGLONG: 8,
    d.BOOLEAN: 1, d.CHAR: 1, d.OCTET: 1,
}


class Walk:
    def __init__(self, data, little):
        self.data = bytearray(data)
        self.order = "little" if little else "big"
        self.offset = 0

    def align(self, size):
        while self.offset % size:
            self.data[self.offset] = 0
            self.offset += 1

    def skip(self, count):
        self.offset += count
        if self.offset > len(self.data):
            raise ValueError(f"the bytes end at {len(self.data)}, the value does not")

    def ulong(self):
        self.align(4)
        self.skip(4)
        return int.from_bytes(self.data[self.offset - 4 : self.offset], self.order)

    def octets(self):
        self.skip(self.ulong())

    def value(self, described):
        described = d.resolve(described)
        kind = d.kind(described)
        if kind in SIZES:
            self.align(SIZES[kind])
            self.skip(SIZES[kind])
        elif kind == d.WCHAR:
            self.skip(1 + self.data[self.offset])
        elif kind in (d.STRING, d.WSTRING):
            self.octets()
        elif kind == d.FIXED:
            self.skip((described[1] + 2) // 2)
        elif kind == d.SEQUENCE:
            for _ in range(self.ulong()):
                self.value(described[1])
        elif kind == d.ARRAY:
            for _ in range(described[2]):
                self.value(described[1])
        elif kind in (d.STRUCT, d.EXCEPT):
            if kind == d.EXCEPT:
                self.octets()  # the repository id
            for _, member in d.members(described):
                self.value(member)
        elif kind == d.OBJREF:
            self.octets()  # the type id
            for _ in range(self.ulong()):
                self.ulong()  # the profile's tag
                self.octets()
        else:
            raise ValueError(f"no layout for the TypeCode kind {kind}")


def zero_padding(described, data, little):
    """The bytes with zeros for padding; an error if the type does not use up exactly these bytes."""
    walk = Walk(data, little)
    walk.value(described)
    if walk.offset != len(data):
        raise ValueError(f"the value ends at {walk.offset}, the bytes at {len(data)}")
    return bytes(walk.data)
