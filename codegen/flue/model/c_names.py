# SPDX-License-Identifier: BSD-2-Clause
"""C names for what the model names; every generated identifier is made here.

`Names(target)` is handed to the templates as `n`. Its methods take model objects or plain names:

    n.kind("tcp") -> CHIMNEY_TCP            n.state("tcp", "offloaded") -> CHIMNEY_TCP_OFFLOADED
    n.args("write_mtu") -> struct chimney_write_mtu_args
"""

from __future__ import annotations

from flue.model import INTERNAL_EVENTS, TOGETHER, Target, TypeCode

EVENTS_OF_FLUE = ("none", *INTERNAL_EVENTS)


class Names:
    def __init__(self, target: Target) -> None:
        self.low = target.name
        self.up = target.name.upper()

    def const(self, *parts: str) -> str:
        return "_".join((self.up,) + tuple(p.upper() for p in parts))

    def kind(self, obj: str) -> str:
        return self.const(obj)

    def operation(self, name: str) -> str:
        return self.const(name)

    def event(self, name: str) -> str:
        return self.const("event", name)

    def device_event(self, obj: str, name: str) -> str:
        return self.const(obj, "event", name)

    def result(self, name: str) -> str:
        return self.const("result", name)

    def status(self, name: str) -> str:
        return self.const("status", name)

    def status_index(self, name: str) -> str:
        return self.const("status_index", name)

    def state(self, obj: str, name: str) -> str:
        return self.const(obj, word(name))

    def command(self, obj: str, name: str) -> str:
        return self.const(obj, name)

    def indication(self, name: str) -> str:
        return self.const("indication", name)

    def mark(self, name: str) -> str:
        return self.const("mark", name)

    def variant(self, name: str | None) -> str:
        return self.const("variant", name) if name else "FLUE_NO_BYTE"

    def parameter(self, name: str) -> str:
        return self.const("parameter", name)

    def flag(self, variable: str, flag: str, obj: str) -> str:
        return self.const(obj, variable, flag)

    def type_code(self, code: TypeCode) -> str:
        return self.const("type", *type_code_words(code))

    def object_struct(self, obj: str) -> str:
        return f"struct {self.low}_{obj}"

    def state_struct(self, obj: str, klass: str) -> str:
        return f"struct {self.low}_{obj}_{klass}"

    def struct(self, name: str) -> str:
        return f"struct {self.low}_{name}"

    def args(self, command: str) -> str:
        return f"struct {self.low}_{command}_args"

    def transfer(self, obj: str, name: str) -> str:
        return self.const("transfer", obj, name)

    def event_data(self, obj: str, event: str) -> str:
        return f"struct {self.low}_{obj}_{event}_data"

    def data(self, command: str) -> str:
        return f"struct {self.low}_{command}_data"


def word(state: str) -> str:
    """The name of a state as one word: reading (from active) is reading_from_active."""
    return state.replace(" (", "_").replace(" ", "_").replace(")", "")


def type_code_words(code: TypeCode) -> tuple[str, ...]:
    """The words a type code's constant is made of: path, ipv4, cached."""
    several = code.word if code.word in TOGETHER else "all"
    classes = code.classes[0] if len(code.classes) == 1 else several
    return tuple(w for w in (code.object, code.variant, classes) if w)
