"""The judge of our CDR codec: marshals and unmarshals with omniORB. The modules of omniidl are found by PYTHONPATH."""

import sys

import omniORB
from omniORB import CORBA, tcInternal

import descriptors
import json_values
import layout
import line_protocol


def marshal(request):
    described = descriptors.descriptor(request["type"])
    value = json_values.from_json(described, request["value"])
    data = omniORB.cdrMarshal(descriptors.type_code(described), value, request["little"])
    return layout.zero_padding(described, data, request["little"]).hex()


def unmarshal(request):
    described = descriptors.descriptor(request["type"])
    if json_values.has_wchar(described):
        code = tcInternal.createTypeCode(json_values.without_wchar(described))
    else:
        code = descriptors.type_code(described)
    value = omniORB.cdrUnmarshal(code, bytes.fromhex(request["hex"]), request["little"])
    return json_values.to_json(described, value)


if __name__ == "__main__":
    # Code sets are those of the whole system: UTF-8 for string, UTF-16 (omniORB's only one) for wstring.
    json_values.orb = CORBA.ORB_init([sys.argv[0], "-ORBnativeCharCodeSet", "UTF-8"] + sys.argv[1:], CORBA.ORB_ID)
    line_protocol.serve({"marshal": marshal, "unmarshal": unmarshal})
