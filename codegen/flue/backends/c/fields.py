# SPDX-License-Identifier: BSD-2-Clause
"""Members of the argument and data structures of commands, and the C that fills them.

A variable with flags becomes one bool per flag; pulses are not carried with it, only by name. The
C expressions here use the local names that the templates declare: `q` (the question), and one
pointer per class to the host's structure (constant, cached, delegated) that is read or written;
`kept_...` says that this pointer is the object's own copy, where ages are moments.
"""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Flag, Object, Target, Type, Variable
from flue.model.arguments import selected
from flue.model.c_names import Names
from flue.model.queries import sent_by

from . import presence
from .expressions import MEMBER_OF
from .host_structs import UNIT_C, element_c, joined, variable_doc


@dataclass(frozen=True)
class Field:
    name: str
    declaration: str  # uint8_t destination_mac[32]
    doc: str
    variable: Variable | None = None
    flag: Flag | None = None
    guard: str = ""  # C condition under which it has a value; empty = always
    of: str = ""  # the linked object whose variable it is; empty = its own

    @property
    def array(self) -> bool:
        return is_array(self.variable) if self.variable else False

    @property
    def klass(self) -> str:
        return self.variable.klass if self.variable and not self.of else ""


def is_array(v: Variable) -> bool:
    return v.type.array


def only_guard(names: Names, v: Variable) -> str:
    return f"q->object->variant == {names.variant(v.only)}" if v.only else ""


def guard_of(names: Names, v: Variable, sent_in: set[str | None], had: bool) -> str:
    """When a variable has a value: in its variant, and in the operations it is declared for.

    A restore (None) has no operation and no node: it sends what the object was brought.
    """
    parts = [only_guard(names, v)] if v.only else []
    shared = [o for o in sent_in if has_value(v, o, had)]
    if len(shared) < len(sent_in):
        tests = presence.tests(names, [o for o in v.operations if o in shared])
        tests += ["q->operation == FLUE_NO_BYTE"] if None in shared else []
        parts.append(tests[0] if len(tests) == 1 else f"({' || '.join(tests)})")
    return " && ".join(parts)


def has_value(v: Variable, operation: str | None, had: bool) -> bool:
    return had if v.operations and operation is None else v.exists_in(operation)


def assigned(v: Variable, to: str, source: str) -> str:
    """The statement that copies a whole variable between two structures of its class."""
    to, source = f"{to}{v.host}", f"{source}{v.host}"
    return f"memcpy({to}, {source}, sizeof {to});" if is_array(v) else f"{to} = {source};"


def fields(
    names: Names,
    target: Target,
    obj: Object,
    words: tuple[str, ...],
    sent_in: set[str | None],
    answer: bool,
) -> list[Field]:
    """The members for what a command carries, or (answer) for what it returns."""
    out = []
    for v, flag in selected(obj, words):
        had = presence.had(target, obj, v)
        if v.operations and not any(has_value(v, o, had) for o in sent_in):
            continue
        if answer and v.type.kind == "pointer":
            continue  # the object keeps what the pointer names; an answer has nothing to add
        guard = guard_of(names, v, sent_in, had)
        if flag is not None:
            doc = flag_doc(v, flag)
            out.append(Field(flag.name, f"bool {flag.name}", doc, v, flag, guard))
            continue
        count = f"[{v.type.count}]" if is_array(v) else ""
        text = joined(element_c(v.type), v.name) + count
        out.append(Field(v.name, text, field_doc(v), v, None, guard))
    return out


def flag_doc(v: Variable, flag: Flag) -> str:
    return (getattr(flag, "doc", "") or f"{flag.name.replace('_', ' ')}, of {v.name}").rstrip(".")


def field_doc(v: Variable) -> str:
    doc = variable_doc(v)
    if v.type.kind == "pointer":
        lengths = ", ".join(f"{n} for {name}" for name, n in v.type.variant_bytes)
        return f"{doc}; valid during the call; bytes: {lengths}" if lengths else doc
    return doc


def none_value(v: Variable) -> str:
    if v.type.kind in ("pointer", "opaque"):
        return "NULL"
    return literal(v.type.none, v.type) if v.type.none is not None else "0"


def literal(value: int, type: Type) -> str:
    """A value of a type, as C that needs no conversion."""
    if type.signed:
        lowest = -(1 << 8 * type.bytes - 1)
        return f"({value + 1} - 1)" if value == lowest else f"{value}"
    return f"{value:#x}u"


def bits_of(v: Variable, member: str) -> str:
    """A variable as bits to be masked: a signed one has none until it is cast."""
    return f"({UNIT_C[v.type.bytes]}){member}" if v.type.signed else member


def kept_mask(v: Variable) -> int:
    """The bits of a variable that are none of its pulses."""
    return v.ones & ~sum(f.mask for f in v.flags if f.pulse)


def host_path(v: Variable) -> str:
    return f"{MEMBER_OF[v.klass]}->{v.host}"


def origin(field: Field) -> str:
    """Where a field of the arguments has its value from."""
    assert field.variable is not None
    member = host_path(field.variable)
    return f"of_{field.of}->{member.replace('->', '.')}" if field.of else member


def read(field: Field, kept: set[str], low: str) -> str:
    """The expression that gives a field of the arguments its value."""
    v = field.variable
    assert v is not None
    member = origin(field)
    if field.flag:
        text = f"({bits_of(v, member)} & {field.flag.mask:#x}u) != 0"
        none = "false"
    elif v.type.kind == "age" and v.klass in kept:
        own = f"{MEMBER_OF[v.klass]}_is_own"
        text = f"{own} ? flue_age(q->target, {low}_of(q)->{v.name}_at) : {member}"
        none = "0"
    else:
        text = f"({element_c(v.type)}){member}" if v.bits else member
        none = none_value(v)
    if not field.guard:
        return text
    text = f"({text})" if "?" in text else text
    return f"{field.guard} ? {text} : {none}"


def writes(items: list[Field]) -> list[tuple[str, str]]:
    """(guard, statement) pairs that copy an answer's data into the host's structures."""
    out: list[tuple[str, str]] = []
    done: set[str] = set()
    for f in items:
        v = f.variable
        assert v is not None
        if f.flag:
            if v.name not in done:
                done.add(v.name)
                out.append((f.guard, flags_write(v, [x for x in items if x.variable is v])))
        elif f.array:
            member = host_path(v)
            out.append((f.guard, f"memcpy({member}, data->{f.name}, sizeof {member});"))
        elif v.bits:
            out.append((f.guard, f"{host_path(v)} = data->{f.name} & {v.ones:#x}u;"))
        else:
            out.append((f.guard, f"{host_path(v)} = data->{f.name};"))
    return out


def flags_write(v: Variable, items: list[Field]) -> str:
    words = [f"(data->{f.name} ? {f.flag.mask:#x}u : 0u)" for f in items if f.flag]
    text = f"({' | '.join(words)})"
    return (
        f"{host_path(v)} = {text} & {v.ones:#x}u;"
        if v.bits
        else f"{host_path(v)} = ({v.type.c}){text};"
    )


def senders(target: Target, obj: Object) -> dict[str, set[str | None]]:
    """The operations in which each command can be sent; None stands for a restore."""
    out: dict[str, set[str | None]] = {c.name: set() for c in obj.commands}
    operations = {o.name for o in target.operations}
    for cell in obj.cells:
        if not cell.possible:
            continue
        busy = obj.state(cell.state).busy
        while_in = cell.event if cell.event in operations else busy if busy in operations else None
        for arm in cell.arms:
            for command in sent_by(obj, arm):
                out[command.name].add(while_in)
    return out
