# SPDX-License-Identifier: BSD-2-Clause
"""Tables for a software NIC (drivers/device): where a command's values lie, and what it does to an entry.

An entry of an object has a member for each of its variables, a bool for each flag, under the names that
the commands' arguments have them by; handles are links there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from flue.model import DEVICE, MACHINE, Arm, Effect, Flag, Object, Target, Variable
from flue.model.c_names import Names
from flue.model.queries import places
from flue.model.questions import with_parts

from .command import CommandView
from .fields import Field, field_doc, flag_doc, is_array, literal
from .host_structs import element_c, joined
from .object import ObjectView

HARDWARE = {None: "KEEPS", "has": "HAS", "has_not": "HAS_NOT", "unsure": "UNSURE"}


@dataclass(frozen=True)
class Row:
    """One value of an entry."""

    name: str
    declaration: str
    doc: str
    variable: Variable
    flag: Flag | None

    @property
    def klass(self) -> str:
        v = self.variable
        return "FLUE_CLASSES" if v.klass == DEVICE else f"FLUE_{v.klass.upper()}"

    @property
    def fixed(self) -> bool:
        """Whether it never changes, and is there in all operations: else commands may carry 0."""
        return self.variable.klass == "const" and not self.variable.operations

    @property
    def sort(self) -> str:
        v = self.variable
        if self.flag:
            return "FLUE_DEVICE_FLAG"
        if v.type.kind in ("pointer", "opaque"):
            return "FLUE_DEVICE_NAMED" if v.type.kind == "pointer" else "FLUE_DEVICE_POINTER"
        if is_array(v):
            return "FLUE_DEVICE_ARRAY"
        return "FLUE_DEVICE_SIGNED" if v.type.signed else "FLUE_DEVICE_UNSIGNED"

    @property
    def element(self) -> str:
        if self.flag or self.variable.type.kind == "pointer":
            return "1"
        return f"sizeof({element_c(self.variable.type)})"

    @property
    def ones(self) -> str:
        return f"UINT64_C({1 if self.flag else self.variable.ones:#x})"

    @property
    def values(self) -> list[str]:
        """Those that its type has names for."""
        of = () if self.flag else self.variable.type.enum
        return [f"(int64_t){literal(v, self.variable.type)}" for _, v in of]


def rows(obj: Object) -> list[Row]:
    """The values of an entry, in the order of the spec."""
    out = []
    for v in obj.variables:
        if v.type.kind == "handle" or v.klass == MACHINE:
            continue
        out += [Row(f.name, f"bool {f.name}", flag_doc(v, f), v, f) for f in v.flags]
        if not v.flags:
            out.append(Row(v.name, _declared(v), field_doc(v), v, None))
    return out


def _declared(v: Variable) -> str:
    if v.type.kind == "pointer":
        return f"uint8_t {v.name}[{v.type.stored_bytes}]"
    return joined(element_c(v.type), v.name) + (f"[{v.type.count}]" if is_array(v) else "")


class DeviceObject:
    """What a device knows of one kind."""

    def __init__(self, target: Target, names: Names, view: ObjectView) -> None:
        self.target, self.names, self.view = target, names, view
        self.obj = view.obj
        self.rows = rows(view.obj)
        self.struct = f"struct {names.low}_device_{view.name}"
        self.low = f"{names.low}_device_{view.name}"
        self.commands = [DeviceCommand(self, c) for c in view.commands]

    @cached_property
    def links_hold(self) -> bool:
        """Whether the spec lets nothing be linked to what the hardware does not have."""
        return "has_not" in self.target.unusable.hardware

    @cached_property
    def stays(self) -> bool:
        """Whether the spec asks for dependents wherever it has a resting object removed."""
        return all(
            any(asks_dependents(self.target, self.obj, a.condition) for a in place.earlier)
            for place in places(self.target)
            if place.obj is self.obj and place.state.resting and removes(self.obj, place.arm)
        )

    def variant_bytes(self, row: Row) -> list[str]:
        """How long what a pointer names is, by variant."""
        lengths = dict(row.variable.type.variant_bytes)
        return [f"[{self.names.variant(v)}] = {lengths.get(v, 0)}" for v in self.obj.variants]

    def hardware(self, word: str | None) -> str:
        return f"FLUE_DEVICE_{HARDWARE[word]}"

    def reasons(self, indication: str) -> list[str]:
        """Of what it raises by itself: not those by which the host is notified of marks."""
        found = self.target.indication(indication).reasons
        marks = {why for s in self.obj.sees for name, why in s.indications if name == indication}
        mine = [x for x in found if x[0] not in marks] or found
        return [f"{value & 0xFFFFFFFF:#x}u" for _, value in mine]


def removes(obj: Object, arm: Arm) -> bool:
    return arm.verb == "send" and obj.command(arm.subject).hardware == "has_not"


def asks_dependents(target: Target, obj: Object, condition: str | None) -> bool:
    names = [condition] if condition else []
    return any(c.form == "dependents" for c in with_parts(target, obj, names))


class DeviceCommand:
    """Where one command and its answer have what they bring."""

    def __init__(self, kind: DeviceObject, command: CommandView) -> None:
        self.kind, self.view = kind, command
        self.name, self.c = command.name, command.c
        self.args = kind.names.args(command.name)
        self.data = kind.names.data(command.name)

    @property
    def hardware(self) -> str:
        return self.kind.hardware(self.view.command.hardware)

    @property
    def full(self) -> str:
        """The result where a table of the hardware has no room: the pool's own, or else the last."""
        answers = self.view.command.answers
        named = [a for a in answers if a == self.kind.obj.full_status] or list(answers[-1:])
        return self.kind.names.result(named[0]) if named else "FLUE_RESULT_UNSURE"

    @property
    def carries(self) -> list[str]:
        return [self._field(f, self.args) for f in self.view.args]

    @property
    def returns(self) -> list[str]:
        return [self._field(f, self.data) for f in self.view.data]

    @property
    def links(self) -> list[str]:
        return [f"[{i}] = offsetof({self.args}, {x.name})" for i, x in self.view.links]

    @property
    def effects(self) -> list[str]:
        return [self._effect(e) for e in self.view.command.effects]

    def _field(self, f: Field, struct: str) -> str:
        assert f.variable is not None
        obj, link = self.kind.obj, "FLUE_NO_BYTE"
        if f.of:
            found = obj.link(f.of)
            obj, link = self.kind.target.object(found.to), str(obj.links.index(found))
        number = position(obj, f.variable.name, f.flag)
        return f"{{offsetof({struct}, {f.name}), {number}, {link}}}"

    def _effect(self, e: Effect) -> str:
        obj, number, source = self.kind.obj, "0", 0
        to = "FULL" if e.to == "full" else "NUMBER" if isinstance(e.to, int) else "VARIABLE"
        if to == "NUMBER":
            number = str(e.to)
        elif to == "VARIABLE":
            source = position(obj, str(e.to), None)
        sets = position(obj, e.sets, None)
        return f"{{offsetof({self.args}, {e.name}), {sets}, FLUE_DEVICE_{to}, {source}, {number}}}"


def position(obj: Object, variable: str, flag: Flag | None) -> int:
    """Where a value stands among those of an entry."""
    wanted = variable, flag.name if flag else None
    found = ((r.variable.name, r.flag.name if r.flag else None) for r in rows(obj))
    return next(i for i, key in enumerate(found) if key == wanted)


def device_objects(target: Target, names: Names, views: list[ObjectView]) -> list[DeviceObject]:
    return [DeviceObject(target, names, view) for view in views]
