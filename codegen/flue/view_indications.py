# SPDX-License-Identifier: BSD-2-Clause
"""Plain data about indications: the host's calls, and the functions that make them."""

from __future__ import annotations

from dataclasses import dataclass, field

from flue.emit_names import Names
from flue.model import CLASSES, Call, Indication, Object, Raise, Struct, Target
from flue.emit_names import MEMBER_OF

PARAMETERS = {
    "object_handle": "void *object_handle",
    "target_handle": "void *target_handle",
    "code": "uint32_t code",
    "detail": "uint32_t detail",
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
            out.append(CallView(call, ", ".join(texts)))
    return out


def _pointer(names: Names, word: str) -> str:
    return f"{names.struct(word)} *{word}"


@dataclass(frozen=True)
class IndicationView:
    """An indication: the function that makes it, and what is filled in first."""

    indication: Indication
    call: Call
    arguments: str  # of the host's call, as C
    struct: Struct | None  # one of the node file's structures, made for the call
    fills: list[tuple[str, str]] = field(default_factory=list)  # its members, with values as C
    raised: Raise | None = None
    states: list[str] = field(default_factory=list)  # constants of those it may be made in

    @property
    def name(self) -> str:
        return self.indication.name

    @property
    def carries(self) -> bool:
        """A node is made for it, with all of the object's state."""
        return self.indication.carries == "all" and "node" in self.call.passes

    @property
    def detail(self) -> str:
        """Name of the parameter that becomes the detail; empty if there is none."""
        if "detail" not in self.call.passes:
            return ""
        return "reason" if self.indication.reasons else self.indication.argument or ""


def indication_view(target: Target, names: Names, x: Indication, obj: Object | None):
    call = target.call(x.call)
    structs = {s.name: s for s in target.node.structs}
    struct = next((structs[p] for p in call.passes if p in structs), None)
    out = IndicationView(x, call, "", struct)
    words = {
        "object_handle": "flue_host_handle(object)" if obj else "NULL",
        "target_handle": "target->config.host_handle",
        "code": f"{x.code:#x}u",
        "detail": "detail" if out.detail else "0",
        "node": "&made.node" if out.carries else "NULL",
    }
    arguments = ", ".join(words.get(p, f"&{p}") for p in call.passes)
    raised = next((r for r in obj.raises if r.indication == x.name), None) if obj else None
    states = [names.state(obj.name, s) for s in raised.states] if raised else []
    fills = fills_of(struct, words) if struct else []
    return IndicationView(x, call, arguments, struct, fills, raised, states)


def fills_of(struct: Struct, words: dict[str, str]) -> list[tuple[str, str]]:
    """What a structure made for a call holds; all else in it is zero."""
    out = []
    for m in struct.members:
        if m.role == "code":
            out.append((m.host, f"(int32_t){words['code']}" if m.type == "i32" else words["code"]))
        elif m.role == "target_handle":
            out.append((m.host, words["target_handle"]))
        elif m.value:
            out.append((m.host, f"{m.value:#x}u"))
    return out


def node_fills(target: Target, names: Names, obj: Object) -> list[tuple[str, str]]:
    """What a node made for an indication holds, beside the state that follows it."""
    code = max(obj.type_codes, key=lambda t: len(t.classes))
    out = [(m.host, names.type_code(code)) for m in target.node.with_role("type")]
    out += [(m.host, f"{m.value:#x}u") for m in target.node.members if m.value]
    return out + [(m.host, "flue_host_handle(object)") for m in target.node.with_role("host_handle")]


def state_members(names: Names, obj: Object) -> list[tuple[str, str, str]]:
    """(class, structure, member) of the state that follows such a node."""
    made = [(k, names.state_struct(obj.name, k), MEMBER_OF[k]) for k in CLASSES if obj.layout(k)]
    return made


def answer_path(obj: Object, x: Indication) -> tuple[str, str, bool] | None:
    """(member of the object, host's member, is an age) of what the host writes in place."""
    if x.host_answers is None:
        return None
    v = obj.variable(x.host_answers)
    return MEMBER_OF[v.klass], v.host, v.type.kind == "age"


def told(obj: Object, target: Target, mark: str) -> list[tuple[str, str]]:
    """The (indication, detail) pairs by which an object's mark is told."""
    out = []
    for name, reason in next(s.indications for s in obj.sees if s.mark == mark):
        reasons = dict(target.indication(name).reasons)
        out.append((name, f"{reasons[reason]}" if reason else "0"))
    return out
