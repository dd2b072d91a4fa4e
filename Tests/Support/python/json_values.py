"""IDL values as JSON, both ways. ../README.md describes the convention for those who write tests."""

import struct

import omniORB
from omniORB import CORBA

import descriptors as d

INTEGERS = (d.SHORT, d.LONG, d.USHORT, d.ULONG, d.OCTET)
LONG_INTEGERS = (d.LONGLONG, d.ULONGLONG)

orb = None  # set by the script, for object references


def from_json(described, value):
    """The Python object that omniORBpy takes for the type."""
    described = d.resolve(described)
    kind = d.kind(described)
    if kind in INTEGERS or kind in (d.STRING, d.WSTRING):
        return value
    if kind == d.BOOLEAN:
        return value
    if kind in LONG_INTEGERS:
        return int(value)
    if kind == d.FLOAT:
        return struct.unpack(">f", bytes.fromhex(value))[0]
    if kind == d.DOUBLE:
        return struct.unpack(">d", bytes.fromhex(value))[0]
    if kind in (d.CHAR, d.WCHAR):
        return chr(value)
    if kind == d.ENUM:
        return next(item for item in described[3] if item._n == value)
    if kind == d.FIXED:
        return CORBA.fixed(value)
    if kind == d.OBJREF:
        return None if value is None else orb.string_to_object(value)
    if kind in (d.STRUCT, d.EXCEPT):
        return described[1](*[from_json(member, value[name]) for name, member in d.members(described)])
    if kind in (d.SEQUENCE, d.ARRAY):
        element = d.resolve(described[1])
        if d.kind(element) == d.OCTET:
            return bytes.fromhex(value["hex"])
        items = [from_json(element, item) for item in value]
        return "".join(items) if d.kind(element) == d.CHAR else items
    raise CORBA.NO_IMPLEMENT(0, CORBA.COMPLETED_NO)


def to_json(described, value):
    """The JSON value of what omniORBpy gives for the type."""
    described = d.resolve(described)
    kind = d.kind(described)
    if kind in INTEGERS or kind in (d.STRING, d.WSTRING):
        return value
    if kind == d.BOOLEAN:
        return bool(value)
    if kind in LONG_INTEGERS:
        return str(value)
    if kind == d.FLOAT:
        return struct.pack(">f", value).hex()
    if kind == d.DOUBLE:
        return struct.pack(">d", value).hex()
    if kind in (d.CHAR, d.WCHAR):
        return ord(value) if isinstance(value, str) else int.from_bytes(bytes(value)[1:], "big")  # see without_wchar
    if kind == d.ENUM:
        return value._n
    if kind == d.FIXED:
        return decimal_text(str(value), described[2])
    if kind == d.OBJREF:
        return None if value is None else orb.object_to_string(value)
    if kind in (d.STRUCT, d.EXCEPT):
        return {name: to_json(member, getattr(value, name)) for name, member in d.members(described)}
    if kind in (d.SEQUENCE, d.ARRAY):
        element = d.resolve(described[1])
        if d.kind(element) == d.OCTET:
            return {"hex": bytes(value).hex()}
        return [to_json(element, item) for item in value]
    raise CORBA.NO_IMPLEMENT(0, CORBA.COMPLETED_NO)


def decimal_text(text, scale):
    """The number with exactly `scale` decimals, and no minus before a zero: `1.5` of fixed<5,2> is `1.50`."""
    negative = text.startswith("-")
    whole, _, decimals = text.lstrip("-").partition(".")
    whole = whole.lstrip("0") or "0"
    decimals = decimals.ljust(scale, "0")
    negative = negative and (whole + decimals).strip("0") != ""
    return ("-" if negative else "") + whole + ("." + decimals if scale else "")


def has_wchar(described):
    """Whether the type holds a wchar outside of a recursion."""
    kind = d.kind(described)
    if kind == d.ALIAS:
        return has_wchar(described[3])
    if kind in (d.SEQUENCE, d.ARRAY):
        return has_wchar(described[1])
    return kind == d.WCHAR or kind in (d.STRUCT, d.EXCEPT) and any(has_wchar(member) for _, member in d.members(described))


def without_wchar(described):
    """The type with `octet[3]` in place of wchar.

    omniORBpy 4.3.1 takes one octet for a wchar when it reads. GIOP 1.2 writes the octet 2 and a UTF-16 unit, big-endian,
    without alignment: three octets, which is how they are read here. A recursive type keeps its wchars within the recursion.
    """
    kind = d.kind(described)
    if kind == d.WCHAR:
        return (d.ARRAY, d.OCTET, 3)
    if kind == d.ALIAS:
        return without_wchar(described[3])
    if kind in (d.SEQUENCE, d.ARRAY):
        return (kind, without_wchar(described[1]), described[2])
    if kind in (d.STRUCT, d.EXCEPT):
        replaced = [part for name, member in d.members(described) for part in (name, without_wchar(member))]
        # omniORBpy would find the type itself by its id.
        return (kind, described[1], described[2] + "#without-wchar", described[3]) + tuple(replaced)
    return described


def exception_json(error):
    """The `error` of an answer."""
    if isinstance(error, CORBA.SystemException):
        minor = omniORB.minorCodeToString(error) or "minor"
        return {
            "exception": "CORBA." + type(error).__name__,
            "message": f"{minor} 0x{error.minor:08x} {error.completed} {getattr(error, 'info', None) or ''}".strip(),
            "minor": error.minor,
            "completed": str(error.completed),
        }
    if isinstance(error, CORBA.UserException):
        described = omniORB.typeMapping[CORBA.id(type(error))]
        return {"exception": described[2], "message": str(error), "members": to_json(described, error)}
    return {"exception": "Python." + type(error).__name__, "message": str(error)}
