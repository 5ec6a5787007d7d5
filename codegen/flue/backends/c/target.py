# SPDX-License-Identifier: BSD-2-Clause
"""Plain data about a target, for its headers and tables. A decision about meaning that C needs is
made in one of the modules beside this; the templates only print what they are given."""

from __future__ import annotations

import os
from functools import cached_property
from types import SimpleNamespace

from flue.model import (
    DRIVERS_RESULTS,
    INTERNAL_EVENTS,
    OWN_RESULTS,
    ROLES,
    Target,
    TypeCode,
)
from flue.model.c_names import Names
from flue.model.struct_layout import known_size
from flue.model.transitions import event_number, events_by_number

from . import indications
from .contexts import ContextView
from .expressions import MEMBER_OF, bits, class_bit
from .fields import literal
from .format import c_text, function
from .host_structs import HostView
from .object import ObjectView
from .operations import OperationRows, member_offset
from .plans import along
from .ragel import PRIVATE
from .transfers import transfer_views

NO_CODE = TypeCode(0, "", None, ())


class TargetView:
    private = PRIVATE
    member_of = MEMBER_OF

    def __init__(self, target: Target, names: Names) -> None:
        self.target = target
        self.names = names
        self.host = HostView(target, names)
        self.header = target.node.state_header
        self.objects = [ObjectView(target, names, obj) for obj in target.objects]
        self.statuses = [s for s in target.statuses if s.value is not None]
        self.operations = OperationRows(target, names)
        self.contexts = ContextView(target)
        self.calls = indications.call_views(target, names)
        self.transfers = transfer_views(target, names)
        self.type_codes = sorted(
            (c for o in target.objects for c in o.type_codes), key=lambda c: c.code
        )

    @cached_property
    def events(self) -> list[SimpleNamespace]:
        known = events_by_number(self.target)
        return [SimpleNamespace(number=event_number(self.target, e), name=e) for e in known]

    @property
    def internal_events(self) -> tuple[str, ...]:
        return INTERNAL_EVENTS

    @property
    def own_results(self) -> tuple[str, ...]:
        return OWN_RESULTS

    @cached_property
    def variants(self) -> list[str]:
        return list(dict.fromkeys(v for o in self.target.objects for v in o.variants))

    def file_of(self, part) -> str:
        """The spec file of the target or an object; its folder is nobody's business."""
        return c_text(os.path.basename(part.file))

    def object(self, name: str) -> ObjectView:
        return next(o for o in self.objects if o.name == name)

    def indications_about(self, about: str) -> list[indications.IndicationView]:
        obj = None if about == "target" else self.target.object(about)
        found = [x for x in self.target.indications if x.about == about]
        return [indications.indication_view(self.target, self.names, x, obj) for x in found]

    @property
    def pause(self) -> tuple[str, str]:
        """The indications made on entering and leaving the mode that pauses the target."""
        mode = next((m for m in self.target.modes if m.hold), None)
        names = (mode.enter, mode.leave) if mode else (None, None)
        enter, leave = (self.names.indication(x) if x else "FLUE_NO_BYTE" for x in names)
        return enter, leave

    @property
    def target_raises(self) -> list[indications.IndicationView]:
        """Indications of the target that the driver makes; those of a mode are the runtime's."""
        by_mode = {x for m in self.target.modes for x in (m.enter, m.leave)}
        return [x for x in self.indications_about("target") if x.name not in by_mode]

    def seen(self, o: ObjectView, mark: str) -> list[tuple[str, str]]:
        return indications.notified(o.obj, self.target, mark)

    def node_fills(self, o: ObjectView) -> list[tuple[str, str]]:
        return indications.node_fills(self.target, self.names, o.obj)

    def state_members(self, o: ObjectView) -> list[tuple[str, str, str]]:
        return indications.state_members(self.names, o.obj)

    def is_notification(self, o: ObjectView, x: indications.IndicationView) -> bool:
        return any(x.name == name for s in o.obj.sees for name, _ in s.indications)

    def has_detail(self, indication: str) -> bool:
        about = self.target.indication(indication).about
        return any(x.name == indication and x.detail for x in self.indications_about(about))

    def has_data(self, indication: str) -> bool:
        about = self.target.indication(indication).about
        return any(x.name == indication and x.data for x in self.indications_about(about))

    @property
    def events_with_data(self) -> list:
        """Events of the device that bring data, each with its object."""
        return [(o, e) for o in self.objects for e in o.obj.events if e.data]

    def event_signature(self, o: ObjectView, event) -> str:
        """The function by which the driver raises an event of the device."""
        n = self.names
        words = [f"struct {n.low}_target *target", "flue_name name"]
        if event.data:
            words.append(f"const {n.event_data(o.name, event.name)} *data")
        return function(f"bool {o.low}_{event.name}", *words)

    def raise_parameters(self, x: indications.IndicationView) -> list[str]:
        words = [f"struct {self.names.low}_target *target"]
        words += ["flue_name name"] if x.indication.about != "target" else []
        if x.indication.reasons and x.detail:
            words.append(f"enum {self.names.low}_{x.name}_reason reason")
        elif x.detail:
            words.append(f"uint32_t {x.detail}")
        return words

    @property
    def raises(self) -> bool:
        return any(o.obj.raises for o in self.objects)

    @property
    def init_signature(self) -> str:
        low = self.names.low
        return function(
            f"enum flue_error {low}_init",
            f"struct {low}_target *target",
            "const struct flue_config *config",
            *self._tables(),
            "void *memory",
            "size_t bytes",
        )

    @property
    def device_open_signature(self) -> str:
        low = self.names.low
        return function(
            f"enum flue_error {low}_device_open",
            f"struct {low}_device *nic",
            "const struct flue_config *config",
            "const struct flue_device_options *options",
            *self._tables()[1:],
        )

    @property
    def missing_signature(self) -> str:
        return function(f"const char *{self.names.low}_missing", *self._tables())

    def _tables(self) -> list[str]:
        names = ("binding", "completions", "indications")
        return [f"const struct {self.names.low}_{t} *{t}" for t in names]

    @property
    def needed(self) -> dict[str, list[str]]:
        """By table: the functions that driver and host must give."""
        needed = {
            "binding": [c.name for o in self.objects for c in o.commands],
            "completions": [op.name for op in self.target.operations],
            "indications": [c.name for c in self.calls],
        }
        return {table: names for table, names in needed.items() if names}

    @property
    def done_signature(self) -> str:
        return function(f"bool {self.names.low}_done", *self._answer())

    def data_done(self, c) -> str:
        data = f"const {self.names.data(c.name)} *data"
        return function(f"bool {self.names.low}_{c.name}_done", *self._answer(), data)

    def _answer(self) -> list[str]:
        low = self.names.low
        return [f"struct {low}_target *target", "flue_cookie cookie", f"enum {low}_result result"]

    @property
    def length_member(self) -> str:
        members = self.header.members if self.header else ()
        return next(m.host for m in members if m.role == "length")

    def effect_doc(self, e) -> str:
        to = "its full time" if e.to == "full" else e.to
        unless = ", unless it is that already" if e.unless_equal else ""
        return "; ".join(t for t in (e.doc.rstrip("."), f"{e.sets} becomes {to}{unless}") if t)

    def command_notes(self, c) -> str:
        notes = [f"answer within {c.command.timeout_ms} ms"]
        own = DRIVERS_RESULTS[c.command.hardware == "has" :]
        notes.append("bad results: " + ", ".join((*c.command.answers, *own)))
        if c.command.unchanged_on_failure:
            notes.append("any but unsure says that nothing was changed")
        return "; ".join(notes)

    def answered(self, o: ObjectView, x: indications.IndicationView) -> str | None:
        return indications.answered(o.obj, x.indication) if x.carries else None

    @property
    def all_types(self) -> list[TypeCode]:
        """The type codes by value, with gaps where a value is none."""
        known = {c.code: c for c in self.type_codes}
        return [known.get(i, NO_CODE) for i in range(max(known, default=-1) + 1)]

    def type_row(self, c: TypeCode) -> str:
        if not c.object:
            return "{FLUE_NO_BYTE, FLUE_NO_BYTE, 0}"
        classes = bits([class_bit(k) for k in c.classes])
        return f"{{{self.names.kind(c.object)}, {self.names.variant(c.variant)}, {classes}}}"

    def members(self, role: str) -> list:
        return list(self.target.node.with_role(role))

    def offset(self, role: str) -> str:
        found = self.members(role)
        return member_offset(self.names, found[0].host) if found else "FLUE_NO_MEMBER"

    @property
    def scratch(self) -> list[str]:
        out = []
        for m in self.members("scratch"):
            _, count = known_size(m.type, self.target.node)
            indexed = [f"{m.host}[{i}]" for i in range(count)] if "[" in m.type else [m.host]
            out += [member_offset(self.names, x) for x in indexed]
        return out

    @property
    def type_bytes(self) -> int:
        size, _ = known_size(self.members("type")[0].type, self.target.node)
        return size

    @property
    def context_points(self) -> bool:
        """The context member points to the handle's cell; else it is the cell."""
        return self.target.node.context_points

    @property
    def length_offset(self) -> str:
        if not self.header:
            return "FLUE_NO_MEMBER"
        member = next(m for m in self.header.members if m.role == "length")
        return f"offsetof({self.names.struct(self.header.name)}, {member.host})"

    def role(self, pointer: str, value: str) -> str:
        """The role of a node by its context pointer and by what that points to."""
        for rule in self.target.node.roles:
            if rule.pointer in (None, pointer) and rule.value in (None, value):
                return "FLUE_" + rule.role.upper()
        return "FLUE_" + ROLES[0].upper()

    @property
    def unusable_marks(self) -> str:
        return bits([f"1u << {self.names.mark(m)}" for m in self.target.unusable.marks])

    @property
    def unusable_along(self) -> str:
        return along(self.target, self.target.unusable.along)

    @property
    def data_commands(self) -> list:
        return [c for o in self.objects for c in o.commands if c.data]

    def data_copy(self, copy) -> str:
        n = self.names
        name = f"void {n.low}_{copy.data}_data_from_{copy.args}"
        return function(name, f"{n.data(copy.data)} *data", f"const {n.args(copy.args)} *args")

    @property
    def value_types(self) -> list:
        return [t for t in self.target.types if t.enum]

    def enum_rows(self, t) -> list[tuple]:
        """A constant for each value of a type."""
        plain = all(abs(value) < 1 << 31 for _, value in t.enum)
        texts = [(name, v, str(v) if plain else literal(v, t)) for name, v in t.enum]
        return [(self.names.const(t.name, name), text, v, ()) for name, v, text in texts]
