# SPDX-License-Identifier: BSD-2-Clause
"""Arms and states in words, for tables, diagrams and the comments of generated code."""

from __future__ import annotations

from flue.model import Arm, Handling, Link, Object, Setting, State, Target
from flue.model.queries import moving, quoted


def an(name: str) -> str:
    """A name with its article; what begins with u is said as "u8" or "unit" is."""
    return f"{'an' if name[:1] in tuple('aeio') else 'a'} {name}"


def named(kind: str, parts) -> str:
    """Several things of a kind, or one: variables "a", "b"."""
    return f"{kind}{'s' * (len(parts) > 1)} {quoted(x.name for x in parts)}"


def action(arm: Arm) -> str:
    """What an arm does, as a sentence's predicate: send add_path, go to offloading."""
    parts = [f"mark {arm.mark}"] if arm.mark else []
    parts += [f"clear {arm.clear}"] if arm.clear else []
    if arm.handling is Handling.REFUSE:
        parts.append(f"refuse with {status(arm.status)}")
    elif arm.handling is Handling.DEFER:
        parts.append("defer")
    elif arm.handling is Handling.STAY:
        parts.append("stay")
    else:
        parts += _performed(arm)
    parts += [setting(s) for s in arm.sets]
    if arm.tell:
        parts.append("tell " + ".".join(w for w in arm.tell if w))
    return ", ".join(parts)


def _performed(arm: Arm) -> list[str]:
    parts = [f"{arm.verb} {arm.subject}"] if arm.verb else []
    if arm.to:
        parts.append(f"go to {arm.to}")
    if arm.status:
        parts.append(f"answer {status(arm.status)}")
    return parts


def setting(s: Setting) -> str:
    """What becomes of a variable: set qp_state to rtr, add 1 to failures."""
    if s.value is None:
        return f"add {s.add} to {s.variable}"
    prefix = f"{s.value.sort}." if s.value.sort in ("own", "event") else ""
    return f"set {s.variable} to {prefix}{s.value.name}"


def status(name: str | None) -> str:
    return "the command's result" if name == "from_command" else str(name)


def links(target: Target, obj: Object) -> list[str]:
    """What each link leads to, what tells it, and what may move it: port: to a port, by the node above."""
    return [f"{link.name}: {_leads(target, obj, link)}" for link in obj.links]


def _leads(target: Target, obj: Object, link: Link) -> str:
    none = " or to nothing" if link.optional else ""
    by = f"the handle {link.by}" if link.by else "the node above"
    movers = " and ".join(moving(target, obj, link)) or "nothing"
    return f"to {an(link.to)}{none}, by {by}, moved by {movers}"


def sort_of(state: State) -> str:
    """What sort of condition a state is: at rest and who has it, or busy with what."""
    if state.busy == "nobody":
        return "restoring, no completion owed"
    if state.busy:
        return f"busy with {state.busy}"
    host = {"has": "host has it", "has_not": "host does not have it"}
    hardware = {"has": "has it", "has_not": "does not", "unsure": "may have it"}
    return f"at rest: {host[state.host or '']}, hardware {hardware[state.hardware or '']}"
