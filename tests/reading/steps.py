# SPDX-License-Identifier: BSD-2-Clause
"""Lists of commands in one arm: sent one after the other, taken back from the end.

After `spelled_out` an arm sends one command, and a state waits for one: a list is a chain of states.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from text import VERBS, Spec, arms_of, listed, must

if TYPE_CHECKING:
    from machines import Machine

ALL = "all"


def _every_arm(obj: dict):
    for name, state in obj["states"].items():
        for event, arms in state.get("when", {}).items():
            for arm in arms_of(arms):
                yield name, event, arm


def _several(arm: dict) -> list[str]:
    return arm["send"] if isinstance(arm.get("send"), list) and len(arm["send"]) > 1 else []


def _waiting(obj: dict) -> tuple[dict, dict]:
    """By state the list that is sent on the way there, and the list that is taken back there."""
    sends: dict[str, list] = {}
    undoes: dict[str, list] = {}
    for _, _, arm in _every_arm(obj):
        if _several(arm):
            state = obj["states"].get(arm.get("to"), {})
            must("busy" in state, "steps", f"{arm['send']} leads to {arm.get('to')}")
            sends.setdefault(arm["to"], arm["send"])
    for name, _, arm in _every_arm(obj):
        if arm.get("undo") == ALL:
            state = obj["states"].get(arm.get("to"), {})
            must(name in sends and "busy" in state, "steps", f"undo all in {name}")
            undoes.setdefault(arm["to"], sends[name])
    for _, _, arm in _every_arm(obj):
        to = arm.get("to")
        must(to not in sends or _several(arm) == sends[to], "steps", f"another way to {to}")
        must(to not in undoes or arm.get("undo") == ALL, "steps", f"another way to {to}")
    must(not set(sends) & set(undoes), "steps", "sent and taken back in one state")
    return sends, undoes


def spelled_out(obj: dict) -> None:
    """In place."""
    sends, undoes = _waiting(obj)

    def at(name: str, step: int) -> str:
        return f"{name}[{step}]" if name in sends or name in undoes else name

    def one(arm: dict, step: int) -> dict:
        """The arm in the state that waits for this step."""
        arm, to = dict(arm), arm.get("to")
        if "send" in arm:
            arm["send"] = listed(arm["send"])[0]
        if to in sends:
            arm["to"] = at(to, 0)
        if arm.get("undo") == ALL:
            arm.update(undo=undoes[to][step], to=at(to, step))
        return arm

    states = {}
    for name, state in obj["states"].items():
        steps = sends.get(name, undoes.get(name, [None]))
        for i in range(len(steps)):
            when = {e: [one(a, i) for a in arms_of(x)] for e, x in state.get("when", {}).items()}
            if name in sends and i + 1 < len(steps):
                when["done"] = [{"send": steps[i + 1], "to": at(name, i + 1)}]
            if name in undoes and i > 0:
                when["done"] = [{"undo": steps[i - 1], "to": at(name, i - 1)}]
            states[at(name, i)] = {**state, "when": when}
    obj["states"] = states


def tried_again(obj: dict) -> None:
    """In place: a state for each time, the last without the arm."""
    begun: dict[str, list] = {}
    for _, _, arm in _every_arm(obj):
        started = {v: arm[v] for v in VERBS if v in arm}
        if started and started not in (here := begun.setdefault(arm.get("to", ""), [])):
            here.append(started)
    states = {}
    for name, state in obj["states"].items():
        found = [(event, a) for n, event, a in _every_arm(obj) if n == name and "retry" in a]
        must(len(found) < 2, "retry", f"twice in {name}")
        times = found[0][1]["retry"] if found else 0
        if found:
            must("busy" in state and found[0][0] == "failed", "retry", f"on {found[0][0]}")
            started = begun.get(name, [])
            must(len(started) == 1 and "undo" not in started[0], "retry", f"of {started}")
        for i in range(times + 1):
            following = {"to": f"{name}+{i + 1}", "again": True, **begun.get(name, [{}])[0]}
            when = {
                event: _of_time(arms_of(arms), following if i < times else None)
                for event, arms in state.get("when", {}).items()
            }
            states[f"{name}+{i}" if i else name] = {**state, "when": when}
    obj["states"] = states


def _of_time(arms: list, following: dict | None) -> list:
    out: list = []
    hidden: list = []
    for arm in arms:
        if arm.get("if") in hidden or None in hidden:
            continue
        if "retry" not in arm:
            out.append(arm)
        elif following:
            hidden.append(arm.get("if"))
            out.append({**{k: v for k, v in arm.items() if k == "if"}, **following})
    return out


def check(spec: Spec) -> None:
    for obj in spec.objects:
        spelled_out(obj)
        tried_again(obj)


def given_back(m: Machine, ends: set[str]) -> None:
    """Wherever the host has it, it can give it back."""
    for name, state in m.states.items():
        if state.get("rest", {}).get("host") != "has" or not ends:
            continue
        ways = [to for s, e, _, _, to in m.places() if s == name and e in ends]
        must(any(to != name for to in ways), "ended", f"{name} is never left")
