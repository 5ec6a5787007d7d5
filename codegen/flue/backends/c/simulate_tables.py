# SPDX-License-Identifier: BSD-2-Clause
"""Tables for histories (drivers/simulate): what a host has to know of a spec, and what must hold.

They are made of the model alone, where a value lies from the offsets that the spec says: the runtime's tables and
the generated C are what histories look at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flue.model import HOST_CLASSES, MACHINE, Call, Flag, Object, Operation, State, Target, Variable
from flue.model.c_names import Names
from flue.model.copies import set_by_arms
from flue.model.queries import carried, named_links, planning, sent_for

from .device_tables import position
from .fields import is_array
from .indications import told
from .object import ObjectView
from .transfers import transfer_views

CLAIMS = {"has": "HAS", "has_not": "HAS_NOT", "unsure": "UNSURE"}


@dataclass(frozen=True)
class Value:
    """A variable, or a flag of one, as the tables have it."""

    variable: Variable
    flag: Flag | None
    entry: int  # among the device's; of a handle the link's number
    known: bool
    kept: bool
    set: bool
    operations: int

    @property
    def sort(self) -> str:
        v = self.variable
        if v.type.kind == "handle":
            return "HANDLE"
        if v.type.kind == "pointer":
            return "NAMED"
        return "FLAG" if self.flag else "ARRAY" if is_array(v) else "NUMBER"

    @property
    def bytes(self) -> int:
        return self.variable.type.size if is_array(self.variable) else self.variable.type.bytes

    @property
    def shift(self) -> int:
        return self.variable.bits[0] if self.variable.bits else 0

    @property
    def mask(self) -> str:
        bits = self.flag.mask if self.flag else self.variable.ones
        return f"UINT64_C({bits << self.shift:#x})"


@dataclass(frozen=True)
class Seen:
    """A call by which the host is notified of a mark."""

    mark: int
    call: str
    code: int
    detail: int
    once: bool


HEARD = {"object_handle": "NULL", "code": "0", "detail": "0", "data": "NULL"}


class SimulateObject:
    """What a host knows of one kind."""

    def __init__(self, target: Target, names: Names, obj: Object) -> None:
        self.target, self.names, self.obj = target, names, obj
        self.noted = obj.of_class(MACHINE)
        self.values = [x for v in obj.variables if v.klass in HOST_CLASSES for x in self._values(v)]

    def _values(self, v: Variable) -> list[Value]:
        parts: list[Flag | None] = list(v.flags) if v.flags else [None]
        return [self._value(v, f) for f in parts]

    def _value(self, v: Variable, flag: Flag | None) -> Value:
        if v.type.kind == "handle":
            number = next((i for i, x in enumerate(self.obj.links) if x.by == v.name), 0)
            return Value(v, None, number, False, False, False, self._operations(v))
        pulse = flag is not None and flag.pulse
        number = v.type.kind not in ("pointer", "age")
        by_arms = v.name in set_by_arms(self.obj)
        kept = number and not pulse and not v.secret and not by_arms
        kept = kept and v.klass in ("const", "cached", "delegated")
        told = kept or (v.secret and v.keep) or v.type.kind == "pointer"
        told = told and not pulse and self._is_told(v, flag)
        at = position(self.obj, v.name, flag)
        return Value(v, flag, at, told, kept, by_arms, self._operations(v))

    def _operations(self, v: Variable) -> int:
        return sum(1 << o.index for o in self.target.operations if v.exists_in(o.name))

    def _is_told(self, v: Variable, flag: Flag | None) -> bool:
        """Whether the hardware has it whenever it has the object, as the host brought it last."""
        word = flag.name if flag else v.name
        bringing = [o for o in self.target.operations if v.klass in o.brings]
        if v.klass not in ("const", "cached") or not all(v.exists_in(o.name) for o in bringing):
            return False
        adds = [c for c in self.obj.commands if c.hardware == "has"]
        if not adds or not all(word in carried(self.obj, c.carries) for c in adds):
            return False
        return all(self._tells(o, word) for o in bringing if o.reaches != "new")

    def _tells(self, operation: Operation, word: str) -> bool:
        """Whether what this operation brings goes to the hardware: by a rule for it, or by a command
        that is sent whatever has changed. What is taken along for another's sake may be old."""
        if not operation.is_about(self.obj.name):
            return True
        rules = [r for r in self.obj.plan if r.send and not r.effect and not r.pulse]
        if any(word in carried(self.obj, r.changed) for r in rules):
            return True
        if operation.name in planning(self.obj):
            return False
        sent = [c for o, c in sent_for(self.target, operation.name) if o is self.obj]
        sent = [c for c in sent if c.hardware != "has"]
        return any(word in carried(self.obj, c.carries) for c in sent)

    @property
    def stays(self) -> int:
        """Operations that take others away, and none of these."""
        return sum(1 << o.index for o in self.target.operations if self.obj.name in o.keeps)

    @property
    def known_links(self) -> int:
        """Links that every command tells of which adds the object, or an update sends for them."""
        adds = [c for c in self.obj.commands if c.hardware == "has"]
        sent = [named_links(self.obj, c.carries) for c in adds]
        told = [x for x in self.obj.links if adds and all(x in s for s in sent)]
        return sum(1 << self.obj.links.index(x) for x in told)

    @property
    def seen(self) -> list[Seen]:
        found = [x for s in self.obj.sees for i in s.indications for x in self._seen(s.mark, *i)]
        calls = [(x.call, x.code, x.detail) for x in found]
        alone = [x.once and calls.count(c) == 1 for x, c in zip(found, calls)]
        return [replace(x, once=y) for x, y in zip(found, alone)]

    def _seen(self, mark: str, name: str, reason: str | None) -> list[Seen]:
        indication = self.target.indication(name)
        call = self.target.call(indication.call)
        raised = name in {r.indication for r in self.obj.raises} and not reason
        also = raised or (name, reason) in told(self.obj)  # it may come for another reason
        if "object_handle" not in call.passes:
            return []
        marked = next(m for m in self.target.marks if m.name == mark)
        code = indication.code if "code" in call.passes else 0
        detail = dict(indication.reasons)[reason] if reason and "detail" in call.passes else 0
        once = marked.ends == "with_object" and not also
        return [Seen(marked.index, call.name, code, detail, once)]

    @property
    def detailed(self) -> list[tuple[str, int]]:
        """Calls with their codes by which the host gets the number that the driver passed."""
        found = []
        for name in sorted({r.indication for r in self.obj.raises}):
            indication = self.target.indication(name)
            passes = self.target.call(indication.call).passes
            if indication.argument and {"object_handle", "detail"} <= set(passes):
                found.append((indication.call, indication.code if "code" in passes else 0))
        return found

    @property
    def copies(self) -> list[tuple[str, str]]:
        """(class, member) of what the object has of its own."""
        view = ObjectView(self.target, self.names, self.obj)
        return [(klass, member) for klass, _, member in view.copies if klass in HOST_CLASSES]

    def claim(self, state: State) -> str:
        return f"SIMULATE_{CLAIMS[state.hardware or ''] if state.resting else 'BUSY'}"

    def takes(self, state: State) -> int:
        """Transfers of which the hardware takes elements in this state, by their numbers."""
        every = [(o, t) for o in self.target.objects for t in o.transfers]
        return sum(
            1 << i
            for i, (o, t) in enumerate(every)
            if o is self.obj and not t.lent and state.name in t.states
        )

    def host_has(self, state: State) -> str:
        return str(state.host == "has").lower()

    def only(self, v: Variable) -> str:
        return self.names.variant(v.only)


class SimulateView:
    def __init__(self, target: Target, names: Names) -> None:
        self.target, self.names = target, names
        self.objects = [SimulateObject(target, names, o) for o in target.objects]
        self.transfers = transfer_views(target, names)

    @property
    def together(self) -> int:
        return sum(1 << o.index for o in self.target.operations if o.together)

    HEARD = HEARD

    def arguments(self, call: Call) -> str:
        words = [w if w in call.passes else none for w, none in HEARD.items()]
        return ", ".join([f'"{call.name}"', *words])

    def statuses(self, operation: Operation) -> str:
        words = [self.names.status_index(s) for s in operation.statuses]
        return " | ".join(f"UINT64_C(1) << {w}" for w in words)
