"""omniORBpy's type descriptors: what it makes of IDL types, found by their IDL names.

A descriptor is the number of a TypeCode kind, or a tuple that starts with one; `omniORB.typeMapping` holds them by repository id.
"""

import importlib

import omniORB
from omniORB import CORBA, tcInternal

(SHORT, LONG, USHORT, ULONG, FLOAT, DOUBLE, BOOLEAN, CHAR, OCTET, ANY) = range(2, 12)
(OBJREF, STRUCT, UNION, ENUM, STRING, SEQUENCE, ARRAY, ALIAS, EXCEPT, LONGLONG, ULONGLONG) = range(14, 25)
WCHAR, WSTRING, FIXED = 26, 27, 28
INDIRECT = -1

BASIC = {
    "short": SHORT, "long": LONG, "unsigned short": USHORT, "unsigned long": ULONG, "long long": LONGLONG,
    "unsigned long long": ULONGLONG, "float": FLOAT, "double": DOUBLE, "boolean": BOOLEAN, "char": CHAR, "octet": OCTET,
    "wchar": WCHAR, "string": (STRING, 0), "wstring": (WSTRING, 0), "Object": (OBJREF, "", "Object"),
}


def idl_object(name):
    """What omniidl made of `Module::Name`: a class, or a stand-in for a typedef."""
    parts = name.strip(":").split("::")
    found = importlib.import_module(parts[0])
    for part in parts[1:]:
        # A name that is a Python keyword has an underscore before it.
        found = getattr(found, part, None) or getattr(found, "_" + part)
    return found


def descriptor(name):
    """The descriptor of a basic type, or of `Module::Type`."""
    if name in BASIC:
        return BASIC[name]
    return omniORB.typeMapping[CORBA.id(idl_object(name))]


def kind(described):
    return described if isinstance(described, int) else described[0]


def resolve(described):
    """Goes through typedefs and recursion to the type itself."""
    while kind(described) in (ALIAS, INDIRECT):
        if kind(described) == ALIAS:
            described = described[3]
        else:
            # The id of the enclosing type; omniORBpy puts the type itself in its place when it has met it.
            target = described[1][0]
            described = omniORB.typeMapping[target] if isinstance(target, str) else target
    return described


def members(described):
    """The (name, descriptor) pairs of a struct or an exception."""
    return [(described[i], described[i + 1]) for i in range(4, len(described), 2)]


def type_code(described):
    """The TypeCode; for a type with a repository id by that, since a recursive one cannot be made of its descriptor."""
    if kind(described) in (STRUCT, EXCEPT):
        return CORBA.TypeCode(described[2])
    if kind(described) == ALIAS:
        return CORBA.TypeCode(described[1])
    return tcInternal.createTypeCode(described)
