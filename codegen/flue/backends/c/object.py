# SPDX-License-Identifier: BSD-2-Clause
"""Plain data about one object, for its .rl and its part of the headers."""

from __future__ import annotations

from functools import cached_property

from flue.model import CLASSES, OBJECTS_CLASSES, Command, Object, Target, Variable, copies
from flue.model.arguments import selected
from flue.model.c_names import Names, word
from flue.model.questions import with_parts

from . import comparisons, fast_path, fields, plans, presence, settings, tables
from .answer_copies import Copy, answer_copies
from .command import CommandView
from .device import DeviceView
from .device_events import EventView
from .links import LinkView
from .expressions import MEMBER_OF, bits, class_bit
from .secrets import SecretsView


class ObjectView(EventView):
    def __init__(self, target: Target, names: Names, obj: Object) -> None:
        self.target = target
        self.names = names
        self.obj = obj
        self.name = obj.name
        self.low = f"{names.low}_{obj.name}"
        self.kind = names.kind(obj.name)
        self.struct = names.object_struct(obj.name)
        self.senders = fields.senders(target, obj)
        self.conditions = plans.used_conditions(target, obj)
        self.needs = plans.needs(names, obj)
        self.arms = tables.table_arms(target, obj, names)
        self.states = [tables.state_row(target, obj, names, s) for s in obj.states]

    @cached_property
    def kept(self) -> list[str]:
        """Classes the object keeps a copy of; delegated only where something needs it."""
        out = [k for k in ("cached", "const") if self.obj.of_class(k)]
        return out + (["delegated"] if self._keeps_delegated() else [])

    def _keeps_delegated(self) -> bool:
        brought_by = {o.name for o in self.target.operations if "delegated" in o.brings}
        for c in self.obj.commands:
            words = selected(self.obj, c.carries)
            carried = any(v.klass == "delegated" for v, _ in words)
            if carried and self.senders[c.name] - brought_by:
                return True
        read = {w for n in self.asked for w in self.condition(n).older}
        read |= {x.name for n in self.asked for x in comparisons.variables(self.condition(n))}
        read |= settings.sources(self.obj)
        return any(v.name in read for v in self.obj.of_class("delegated"))

    @property
    def kept_bits(self) -> str:
        return bits([class_bit(k) for k in CLASSES if k in self.kept])

    @property
    def copies(self) -> list[tuple[str, str, str]]:
        """(class, structure, member) of the copies in the object."""
        return [(k, self.names.state_struct(self.name, k), MEMBER_OF[k]) for k in self.kept]

    def pointers(self, klass: str) -> list[tuple[Variable, str]]:
        """Pointer variables of a class, with the length of what they name as C."""
        found = [v for v in self.having(klass) if v.type.kind == "pointer"]
        return [(v, plans.bytes_by_variant(self.names, v)) for v in found]

    def there(self, v: Variable) -> str:
        """C: it is there in the operation that brings its class; empty where it always is."""
        return presence.there(self.names, v, copies.bringing(self.target, v.klass))

    @property
    def brought_pointers(self) -> bool:
        """Whether a host may forget to say where something is."""
        return any(self.pointers(k) for k in self.kept)

    def flag_rows(self, v: Variable) -> list[tuple]:
        """A constant for each flag and pulse."""
        rows: list[tuple] = []
        for f in v.flags:
            text = hex(f.mask) if f.mask < 1 << 31 else f"{f.mask:#x}u"
            notes = (f.doc, "acts once, is never kept" if f.pulse else "")
            rows.append((self.names.flag(v.name, f.name, self.name), text, f.mask, notes))
        return rows

    def ages(self, klass: str) -> list[Variable]:
        return [v for v in self.having(klass) if v.type.kind == "age"]

    assigned = staticmethod(fields.assigned)

    def pulses(self, klass: str) -> list[tuple[Variable, int]]:
        """(variable, the bits that are none)."""
        found = [v for v in self.obj.of_class(klass) if any(f.pulse for f in v.flags)]
        return [(v, fields.kept_mask(v)) for v in found]

    def kept_in(self, klass: str) -> list[presence.Tied]:
        """Variables of a class that only some of the operations that bring it keep."""
        plain = [v for v in self.having(klass) if not v.secret]
        return presence.tied(self.names, plain, copies.bringing(self.target, klass))

    def given_in(self, klass: str) -> list[presence.Tied]:
        """Variables of a class that only some of those that are given it may see."""
        given = presence.giving(self.target, klass)
        told = {""} if any(i.carries for i in self.target.indications) else set()
        plain = [v for v in self.obj.of_class(klass) if not v.secret]
        found = presence.tied(self.names, plain, given | told)
        own = self.having(klass)
        return [t if t.variable in own else presence.Tied(t.variable, "false") for t in found]

    @cached_property
    def secrets(self) -> SecretsView:
        """What goes from the node to a command, and is not left anywhere."""
        return SecretsView(self.obj)

    def lies_under_another(self, t: presence.Tied) -> bool:
        """Whether what is left alone in one operation may lie over what is given in another."""
        return t.test != "false" and copies.lies_under_another(self.obj, t.variable)

    def seen(self, v: Variable) -> str:
        """C: it is there in the operation that is given its class; empty where it always is."""
        found = [t.test for t in self.given_in(v.klass) if t.variable is v]
        return f"({found[0]})" if found else ""

    def having(self, klass: str) -> list[Variable]:
        """Variables of a class that the object has a value of."""
        return [v for v in self.obj.of_class(klass) if presence.had(self.target, self.obj, v)]

    def mask(self, v: Variable, mask: int) -> str:
        return f"{mask:#x}u" if v.bits else f"({v.type.c}){mask:#x}u"

    @cached_property
    def commands(self) -> list[CommandView]:
        return [self._command(c) for c in self.obj.commands]

    def _command(self, c: Command) -> CommandView:
        sent_in = self.senders[c.name]
        args = fields.fields(self.names, self.target, self.obj, c.carries, sent_in, answer=False)
        args += self.device.linked_fields(c)
        of = self.links.named({f.of for f in args})
        data = fields.fields(self.names, self.target, self.obj, c.returns, sent_in, answer=True)
        if c.undo in (None, "none"):
            undo = "FLUE_UNDO_NONE"
        elif c.undo == "old_values":
            undo = "FLUE_UNDO_OLD_VALUES"
        else:
            undo = self.names.command(self.name, self.obj.command(c.undo).name)
        last = any(r.irreversible and r.send == c.name for r in self.obj.plan)
        name = self.names.command(self.name, c.name)
        answers = tuple(self.names.result(a) for a in c.answers)
        effects = bool(self.effects_of(c.name))
        told = self.links.named(c.carries)
        return CommandView(c, name, args, data, told, of, undo, last, effects, answers)

    @cached_property
    def answer_copies(self) -> list[Copy]:
        return answer_copies(self.commands)

    @cached_property
    def links(self) -> LinkView:
        return LinkView(self.target, self.names, self.obj)

    @cached_property
    def device(self) -> DeviceView:
        """What the hardware chooses for the object."""
        return DeviceView(self.target, self.obj)

    @cached_property
    def settings(self) -> settings.SettingsView:
        """What arms set."""
        members = {k: MEMBER_OF[k] for k in (*self.kept, *OBJECTS_CLASSES)}
        return settings.SettingsView(self.target, self.names, self.obj, members)

    def read(self, field: fields.Field) -> str:
        return fields.read(field, set(self.kept), self.low)

    def writes(self, command: CommandView, klass: str) -> list[tuple[str, str]]:
        return fields.writes([f for f in command.data if f.klass == klass])

    def own_writes(self, command: CommandView, klass: str) -> list[tuple[str, str]]:
        """The same into the object's copy."""
        own, ages = self.having(klass), self.ages(klass)
        mine = [f for f in command.data if f.klass == klass and f.variable in own]
        return fields.writes([f for f in mine if f.variable not in ages])

    def aged(self, command: CommandView, klass: str) -> list[fields.Field]:
        ages = self.ages(klass)
        return [f for f in command.data if f.klass == klass and f.variable in ages]

    def reads_age(self, command: CommandView, klass: str) -> bool:
        ages = self.ages(klass)
        return any(f.variable in ages for f in command.args if f.klass == klass)

    def copied(self, field: fields.Field) -> str:
        """The statement that gives an array of the arguments its values, where it has some."""
        assert field.variable is not None
        source = fields.origin(field)
        text = f"memcpy(args.{field.name}, {source}, sizeof args.{field.name});"
        return f"if ({field.guard})\n        {text}" if field.guard else text

    def calls(self, command: str) -> list[str]:
        """Calls of the functions that tell whether a command is needed."""
        return [f"{self.low}_{n.name}(q)" for n in self.needs_of(command)]

    def label(self, state: str) -> str:
        """A state's name in Ragel's chart, whose first state must be called start."""
        return "start" if state == self.obj.states[0].name else word(state)

    def arms_of(self, state: str) -> list[tables.TableArm]:
        return [a for a in self.arms if a.cell.state == state]

    def guarded(self, arm: tables.TableArm) -> str:
        """The letter of an arm, with the guards under which it is tried and holds."""
        text = str(arm.letter)
        for name in arm.refused:
            text = f"({text} when !{name})"
        return f"({text} when {arm.arm.condition})" if arm.arm.condition else text

    def needs_of(self, command: str) -> list[plans.Need]:
        return [n for n in self.needs if n.command == command]

    def effects_of(self, command: str) -> list[plans.Need]:
        return [n for n in self.needs if n.command == command and n.effect]

    def condition(self, name: str):
        return self.target.condition(self.obj, name)

    def comparison(self, name: str) -> comparisons.Comparison:
        kept = {k: MEMBER_OF[k] for k in (*self.kept, *OBJECTS_CLASSES)}
        return comparisons.comparison(self.target, self.names, self.obj, self.condition(name), kept)

    def tests(self, name: str) -> list[str]:
        return plans.condition_test(self.target, self.names, self.obj, self.condition(name))

    @cached_property
    def asked(self) -> list[str]:
        """Conditions that need a function: those of the machine, of indications, and their parts."""
        raised = [r.condition for r in self.obj.raises if r.condition]
        return [c.name for c in with_parts(self.target, self.obj, self.conditions + raised)]

    @property
    def raised(self) -> bool:
        """Whether the driver may make indications about it."""
        return bool(self.obj.raises)

    @property
    def irreversible_bits(self) -> str:
        return bits([f"1u << {c.c}" for c in self.commands if c.irreversible])

    @cached_property
    def fast(self) -> fast_path.FastPath | None:
        """The operation that has a fast path over these objects."""
        return fast_path.fast_path(self.target, self.names, self.obj)

    @property
    def notify_marks(self) -> str:
        return bits([f"1u << {self.names.mark(s.mark)}" for s in self.obj.sees])

    def rows(self, numbers: dict[str, int]) -> list[dict]:
        """The state table in the order of the numbers that Ragel gave the states."""
        return sorted(self.states, key=lambda r: numbers[r["state"].name])
