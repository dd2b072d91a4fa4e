"""The operations of an interface by omniORBpy's descriptors: (in-types, out-types or None for oneway, exceptions by id)."""

import descriptors as d
import json_values


def operation(interface, name):
    """The descriptor of an operation, an inherited one too; `_get_x` and `_set_x` for an attribute."""
    return getattr(d.idl_object(interface), "_d_" + name)


def operations(interface):
    """The names of all operations, inherited ones too."""
    found = d.idl_object(interface)
    return [name[3:] for name in dir(found) if name.startswith("_d_")]


def list_of(types, result):
    """What omniORBpy takes or gives as results, nothing, a value or a tuple by their number, as a list."""
    if not types:
        return []
    return [result] if len(types) == 1 else list(result)


def results_of(values):
    """The opposite of list_of."""
    if not values:
        return None
    return values[0] if len(values) == 1 else tuple(values)


def to_json_list(types, values):
    return [json_values.to_json(described, value) for described, value in zip(types, values, strict=True)]


def from_json_list(types, values):
    return [json_values.from_json(described, value) for described, value in zip(types, values, strict=True)]
