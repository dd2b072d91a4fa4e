"""A foreign ORB on the wire: calls any operation, serves any interface. The modules of omniidl are found by PYTHONPATH.

Requests (answers as line_protocol.py says, values as json_values.py says):
  call     reference, interface, operation, arguments, milliseconds?   the results: return value first, then out and inout
  is_a     reference, id                                               true or false
  exists   reference                                                   true or false
  serve    interface, key?                                             the reference
  answer   reference, operation, answer                                what the servant does, see scripted_servant.py
  calls    reference                                                   the calls that the servant got
"""

import sys

import omniORB
from omniORB import CORBA

import descriptors
import json_values
import line_protocol
import operations
import scripted_servant

scripts = {}


def object_of(reference):
    """The object, in any form that omniORB takes: `IOR:`, `corbaloc:`, or a file's content with blanks around it."""
    return json_values.orb.string_to_object(reference.strip())


def call(request):
    interface, name = request["interface"], request["operation"]
    # Unchecked, since what a reference claims is not this request's question; `is_a` asks.
    target = object_of(request["reference"])._unchecked_narrow(descriptors.idl_object(interface))
    ins, outs, _ = operations.operation(interface, name)
    arguments = operations.from_json_list(ins, request.get("arguments", []))
    if "milliseconds" in request:
        omniORB.setClientCallTimeout(target, request["milliseconds"])
    # A name that is a Python keyword has an underscore before it.
    method = getattr(target, name, None) or getattr(target, "_" + name)
    result = method(*arguments)
    return operations.to_json_list(outs or (), operations.list_of(outs, result))


def serve(request):
    reference, script = scripted_servant.activate(json_values.orb, request["interface"], request.get("key"))
    scripts[reference] = script
    return reference


def answer(request):
    scripts[request["reference"]].set_answer(request["operation"], request["answer"])
    return None


if __name__ == "__main__":
    options = sys.argv[1:]
    if "-ORBnativeCharCodeSet" not in options:
        options = ["-ORBnativeCharCodeSet", "UTF-8"] + options
    json_values.orb = CORBA.ORB_init([sys.argv[0], "-ORBendPoint", "giop:tcp:127.0.0.1:"] + options, CORBA.ORB_ID)
    line_protocol.serve({
        "call": call,
        "is_a": lambda request: bool(object_of(request["reference"])._is_a(request["id"])),
        "exists": lambda request: not object_of(request["reference"])._non_existent(),
        "serve": serve,
        "answer": answer,
        "calls": lambda request: scripts[request["reference"]].calls,
    })
