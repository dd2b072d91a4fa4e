"""A servant for any interface: it answers as it is told, else with what it was given, and keeps a list of its calls."""

import importlib
import os
import threading
import time

import omniORB
from omniORB import CORBA

import descriptors as d
import json_values
import operations


class Script:
    """What a servant does for each operation, and what was asked of it."""

    def __init__(self, interface):
        self.interface = interface
        self.lock = threading.Lock()
        self.answers = {}
        self.calls = []

    def set_answer(self, operation, answer):
        """`answer` is a dict; {"once": true} in it makes it hold for one call only, several of these for one call each."""
        with self.lock:
            if answer.get("once"):
                self.answers.setdefault(operation, []).insert(0, answer)
                once = [a for a in self.answers[operation] if a.get("once")]
                always = [a for a in self.answers[operation] if not a.get("once")]
                self.answers[operation] = once[1:] + once[:1] + always
            else:
                self.answers[operation] = [a for a in self.answers.get(operation, []) if a.get("once")] + [answer]

    def take_answer(self, operation):
        with self.lock:
            waiting = self.answers.get(operation)
            if not waiting:
                return {}
            return waiting.pop(0) if waiting[0].get("once") else waiting[0]

    def record(self, operation, arguments):
        with self.lock:
            self.calls.append({"operation": operation, "arguments": arguments})

    def perform(self, operation, values):
        ins, outs, _ = operations.operation(self.interface, operation)
        self.record(operation, operations.to_json_list(ins, values))
        answer = self.take_answer(operation)
        if "milliseconds" in answer:
            time.sleep(answer["milliseconds"] / 1000)
        if answer.get("die"):
            os._exit(1)
        if "exception" in answer:
            raise exception_of(answer)
        if "results" in answer:
            return operations.results_of(operations.from_json_list(outs, answer["results"]))
        return operations.results_of(echoed(ins, values, outs or ()))


def echoed(ins, values, outs):
    """For every result the first argument of the same type that no earlier result has taken."""
    left = list(zip(ins, values, strict=True))
    results = []
    for described in outs:
        found = next((pair for pair in left if pair[0] == described), None)
        if found is None:
            raise CORBA.NO_IMPLEMENT(0, CORBA.COMPLETED_NO)
        left.remove(found)
        results.append(found[1])
    return results


def exception_of(answer):
    """`CORBA::NAME` with `minor` and `completed`, or `Module::Exception` with `members`."""
    name = answer["exception"]
    if name.startswith("CORBA::"):
        completed = getattr(CORBA, answer.get("completed", "COMPLETED_NO"))
        return getattr(CORBA, name[7:])(answer.get("minor", 0), completed)
    return json_values.from_json(d.descriptor(name), answer.get("members", {}))


def servant(interface):
    """A servant of the interface, and its script."""
    module, _, rest = interface.partition("::")
    skeleton = importlib.import_module(module + "__POA")
    for part in rest.split("::"):
        skeleton = getattr(skeleton, part)
    script = Script(interface)

    def method(name):
        return lambda self, *values: script.perform(name, values)

    methods = {name: method(name) for name in operations.operations(interface)}
    return type("ScriptedServant", (skeleton,), methods)(), script


def activate(orb, interface, key):
    """Serves the interface; its reference, and its script. With a key it is `corbaloc:iiop:HOST:PORT/KEY` too."""
    made, script = servant(interface)
    poa = orb.resolve_initial_references("omniINSPOA" if key else "RootPOA")
    if key:
        poa.activate_object_with_id(key.encode(), made)
    poa._get_the_POAManager().activate()
    return orb.object_to_string(made._this()), script
