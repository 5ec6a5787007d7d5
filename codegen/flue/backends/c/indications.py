# SPDX-License-Identifier: BSD-2-Clause
"""Plain data about indications: the host's calls, and the functions that make them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flue.model import Call, Indication, Member, Object, Raise, Struct, Target, TypeCode
from flue.model.c_names import Names
from flue.model.types import built_in

from .expressions import MEMBER_OF
from .fields import kept_mask, literal

PARAMETERS = {
    "object_handle": "void *object_handle",
    "target_handle": "void *target_handle",
    "code": "uint32_t code",
    "detail": "uint32_t detail",
    "data": "const void *data",
}


@dataclass(frozen=True)
class CallView:
    """One member of the indication table."""

    call: Call
    parameters: str  # of the function, as C

    @property
    def name(self) -> str:
        return self.call.name


def call_views(target: Target, names: Names) -> list[CallView]:
    """The calls that indications are made by, in the order they are declared."""
    used = {i.call for i in target.indications}
    out = []
    for call in target.calls:
        if call.name in used:
            texts = [PARAMETERS.get(p) or _pointer(names, p) for p in call.passes]
            out.append(CallView(call, ", ".join(texts) or "void"))
    return out


def _pointer(names: Names, word: str) -> str:
    return f"{names.struct(word)} *{word}"


@dataclass(frozen=True)
class MadeStruct:
    """One of the node file's structures, made for a call."""

    c: str  # struct chimney_status_indication
    name: str  # of the local variable
    fills: list[tuple[str, str]]  # its members, with values as C


@dataclass(frozen=True)
class IndicationView:
    """An indication: the function that makes it, and what is filled in first."""

    indication: Indication
    call: Call
    arguments: str  # of the host's call, as C
    structs: list[MadeStruct]
    raised: Raise | None = None
    states: list[str] = field(default_factory=list)  # constants of those it may be made in

    @property
    def name(self) -> str:
        return self.indication.name

    @property
    def carries(self) -> bool:
        """A node is made for it, with all of the object's state."""
        return self.indication.carries == "all" and "node" in self.call.passes

    def reason_rows(self, names: Names) -> list[tuple[str, int]]:
        """Constants of 32 bits, as an int has them."""
        rows = [(names.const(self.name, r), v) for r, v in self.indication.reasons]
        return [(name, v - (1 << 32) if v >= 1 << 31 else v) for name, v in rows]

    @property
    def names_object(self) -> bool:
        """Something of the object goes along."""
        return self.carries or "(object)" in self.arguments

    @property
    def data(self) -> bool:
        """What an event of the device brought goes along."""
        return "data" in self.call.passes

    @property
    def detail(self) -> str:
        """Name of the parameter that becomes the detail; empty if there is none."""
        if "detail" not in self.call.passes:
            return ""
        return "reason" if self.indication.reasons else self.indication.argument or ""


def indication_view(target: Target, names: Names, x: Indication, obj: Object | None):
    call = target.call(x.call)
    structs = [s for s in target.node.structs if s.name in call.passes]
    out = IndicationView(x, call, "", [])
    words = {
        "object_handle": "flue_host_handle(object)" if obj else "NULL",
        "target_handle": "target->config.host_handle",
        "code": f"{x.code:#x}u",
        "detail": "detail" if out.detail else "0",
        "data": "data" if obj else "NULL",
        "node": "&made.node" if out.carries else "NULL",
    }
    arguments = ", ".join(words.get(p, f"&made_{p}") for p in call.passes)
    raised = next((r for r in obj.raises if r.indication == x.name), None) if obj else None
    states = [names.state(obj.name, s) for s in raised.states] if obj and raised else []
    made = [MadeStruct(names.struct(s.name), f"made_{s.name}", fills_of(s, words)) for s in structs]
    return IndicationView(x, call, arguments, made, raised, states)


def made_value(m: Member) -> str:
    """The number that is written to a member of a structure that the target makes."""
    type_ = built_in(m.type)
    assert type_ is not None and m.value is not None
    return literal(m.value, type_)


def fills_of(struct: Struct, words: dict[str, str]) -> list[tuple[str, str]]:
    """What a structure made for a call holds; all else in it is zero."""
    out = []
    for m in struct.members:
        if m.role == "code":
            out.append((m.host, f"(int32_t){words['code']}" if m.type == "i32" else words["code"]))
        elif m.role == "target_handle":
            out.append((m.host, words["target_handle"]))
        elif m.value:
            out.append((m.host, made_value(m)))
    return out


def node_fills(target: Target, names: Names, obj: Object) -> list[tuple[str, str]]:
    """What a node made for an indication holds, beside the state that follows it."""
    out = [(m.host, made_type(names, obj)) for m in target.node.with_role("type")]
    filled = [m for m in target.node.members if m.value]
    out += [(m.host, made_value(m)) for m in filled]
    return out + [
        (m.host, "flue_host_handle(object)") for m in target.node.with_role("host_handle")
    ]


def made_code(obj: Object, variant: str | None = None) -> TypeCode:
    """The type code that names most of the object's state."""
    codes = [c for c in obj.type_codes if variant in (None, c.variant)]
    return max(codes or obj.type_codes, key=lambda t: len(t.classes))


def made_type(names: Names, obj: Object) -> str:
    """The type of a node made for an object, as C; each variant has its own."""
    codes = [(v, names.type_code(made_code(obj, v))) for v in obj.variants]
    if len({code for _, code in codes}) < 2:
        return names.type_code(made_code(obj))
    text = codes[-1][1]
    for variant, code in reversed(codes[:-1]):
        text = f"object->variant == {names.variant(variant)} ? {code} : {text}"
    return text


def state_members(names: Names, obj: Object) -> list[tuple[str, str, str]]:
    """(class, structure, member) of the state that follows such a node."""
    return [(k, names.state_struct(obj.name, k), MEMBER_OF[k]) for k in made_code(obj).classes]


def answered(obj: Object, x: Indication) -> str | None:
    """The statement, as C, that keeps what the host wrote in place."""
    if x.host_answers is None:
        return None
    v = obj.variable(x.host_answers)
    own, made = f"own->{MEMBER_OF[v.klass]}.{v.host}", f"made.{MEMBER_OF[v.klass]}.{v.host}"
    if v.type.array:
        return f"memcpy({own}, {made}, sizeof {own});"
    if v.type.kind == "age":
        return f"own->{v.name}_at = flue_moment(target, {made});"
    if v.flags:
        mask = f"{kept_mask(v):#x}u"
        return f"{own} = {made} & {mask if v.bits else f'({v.type.c}){mask}'};"
    return f"{own} = {made};"


Told = tuple[str, str | None]  # an indication, and its reason


def told(obj: Object) -> list[Told]:
    """What events of the device tell the host; an arm's number of it counts from 1."""
    return list(dict.fromkeys(a.tell for c in obj.cells for a in c.arms if a.tell))


def told_rows(obj: Object, target: Target) -> list[tuple[str, str]]:
    """The same as (indication, detail)."""
    found = [(name, reason, dict(target.indication(name).reasons)) for name, reason in told(obj)]
    return [(name, f"{reasons[reason]}" if reason else "0") for name, reason, reasons in found]


def notified(obj: Object, target: Target, mark: str) -> list[tuple[str, str]]:
    """The (indication, detail) pairs by which the host is notified of an object's mark."""
    out = []
    for name, reason in next(s.indications for s in obj.sees if s.mark == mark):
        reasons = dict(target.indication(name).reasons)
        out.append((name, f"{reasons[reason]}" if reason else "0"))
    return out
