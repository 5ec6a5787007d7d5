# SPDX-License-Identifier: BSD-2-Clause
"""Machines: every pair decided, every completion once, every busy state left."""

from __future__ import annotations

import links
from answers import denied, reaching
from commands import host_has, question, taken_apart, there_in
from text import ASKED, BEFORE, DECISIONS, Spec, VERBS, WHOLE
from text import arms_of, device_events, lines, must, plans
from whole import waits


class Machine:
    """The table of one object, as the four things decide it."""

    def __init__(self, spec: Spec, obj: dict):
        self.spec, self.obj, self.states = spec, obj, obj["states"]
        self.first = next(iter(self.states))
        self.raised = device_events(obj)
        self.events = [*spec.operations, *spec.events, *self.raised]
        self.cells: dict[tuple[str, str], list[dict]] = {}
        for name in self.states:
            for event in self.events:
                self._decide(name, event)

    def _decide(self, name: str, event: str) -> None:
        state = self.states[name]
        own = state.get("when", {}).get(event)
        if self.impossible(name, event):
            must(own is None, "totality", f"{event} never reaches {name}")
            return
        sorts = ["idle"] if "rest" in state else [f"busy.{state['busy']}", "busy"]
        given = [self.spec.target.get("defaults", {}).get(s, {}).get(event) for s in sorts]
        found = [x for x in [own, *given] if x is not None]
        must(found, "totality", f"{name} does not decide {event}")
        arms = arms_of(found[0])
        for arm in arms:
            known = [*self.states, *([] if "rest" in state else [BEFORE])]
            must(arm.get("to", name) in known, "names", f"a default leads to {arm.get('to')}")
        self.cells[name, event] = arms

    def impossible(self, name: str, event: str) -> bool:
        state = self.states[name]
        new = self.spec.operations.get(event, {}).get("reaches") == "new"
        if self.obj["object"] not in self.about(event):
            return True
        if name == self.first:
            return not new
        if event in ("done", "failed"):
            return "rest" in state or "waits" in state
        if event in DECISIONS:
            return "waits" not in state
        if event == "restore":
            return "busy" in state
        if event == "reset" or event in self.raised:
            return False
        return new or not host_has(self.spec, state)

    def about(self, event: str) -> list[str]:
        return self.spec.operations.get(event, {}).get("about", self.spec.target["objects"])

    def places(self):
        """(state, event, arm, arms before it, where it leads, which may be `before`)."""
        for (name, event), arms in self.cells.items():
            for i, arm in enumerate(arms):
                yield name, event, arm, arms[:i], arm.get("to", name)

    def debt(self, name: str) -> int:
        return int(self.states.get(name, {}).get("busy", "nobody") != "nobody")

    def rests(self, name: str) -> bool:
        return name == BEFORE or "rest" in self.states[name]

    def operation(self, name: str, event: str) -> str | None:
        """That an arm's status would complete."""
        found = event if event in self.spec.operations else self.states[name].get("busy")
        return None if found == "nobody" else found


def verb(arm: dict) -> str | None:
    return next((v for v in VERBS if v in arm), None)


def totality(m: Machine) -> None:
    for arms in m.cells.values():
        asked: list = []
        for arm in arms:
            must(None not in asked and arm.get("if") not in asked, "arms", "an arm is never tried")
            asked.append(arm.get("if"))
        for i in range(len(arms)):
            ways = reaching(m.spec, m.obj, arms[: i + 1])
            must(ways is None or ways, "arms", f"no answers lead to arm {i + 1} of {asked}")
        must(asked[-1] is None, "arms", "no last arm")
    must(len(m.states) > 1, "totality", f"nothing leads out of {m.first}, the only state")
    reached, todo = {m.first}, [m.first]
    while todo:
        here = todo.pop()
        for name, _, _, _, to in m.places():
            if name == here and to not in (*reached, BEFORE):
                reached.add(to)
                todo.append(to)
    must(reached == set(m.states), "totality", f"nothing leads to {set(m.states) - reached}")


def law(m: Machine) -> None:
    for name, event, arm, _, to in m.places():
        arrives = event in m.spec.operations
        if "defer" in arm:
            waits = arrives or event in m.raised
            must(waits and not m.rests(name), "law", f"{event} deferred in {name}")
            continue
        gives = "status" in arm or "refuse" in arm
        before, after = m.debt(name) + arrives, m.debt(to) + gives
        must(before == after, "law", f"{event} in {name}: {before} debts, then {after}")
        if m.debt(to) and to != name:
            owed = event if arrives and not m.debt(name) else m.states[name]["busy"]
            must(m.states[to]["busy"] == owed, "law", f"{event} in {name}: another is owed")


def waiting(m: Machine) -> None:
    """A busy state waits for one answer, and hears it."""
    answers = ("done", "failed", "reset", *DECISIONS)
    for name, event, arm, _, to in m.places():
        starts, busy = verb(arm), not m.rests(name)
        if event == "reset":
            must(not starts, "waiting", f"a command on reset in {name}")
        if busy and event in answers and to == name and "defer" not in arm:
            must(starts or "status" in arm, "waiting", f"{name} stays on {event}")
        if not (m.rests(to) or waits(m, to) or to == name or (busy and event not in answers)):
            must(starts, "waiting", f"{to} is entered with nothing under way")
        must(not (busy and event not in answers and starts), "waiting", f"a second one in {name}")
        if m.rests(to):
            must(not starts, "waiting", f"{to} hears no answer")
            must(not busy or event in answers, "waiting", f"{name} is left by {event}")
    _no_rings(m)


def _no_rings(m: Machine) -> None:
    edges: dict[str, set[str]] = {}
    for name, event, arm, _, to in m.places():
        moves = not m.rests(name) and not m.rests(to) and (verb(arm) or to != name)
        if moves and event in ("done", "failed", "reset", *DECISIONS):
            edges.setdefault(name, set()).add(to)
    for start in edges:
        seen, todo = set(), [start]
        while todo:
            for to in edges.get(todo.pop(), ()):
                must(to != start, "waiting", f"busy states lead round by {start}")
                if to not in seen:
                    seen.add(to)
                    todo.append(to)


def asked(m: Machine) -> None:
    """Questions that have two answers, statuses that are allowed, commands that can be undone."""
    for name, event, arm, _, _ in m.places():
        operation = m.operation(name, event)
        if "if" in arm:
            there = host_has(m.spec, m.states[name])
            fresh = just_read(m, name) if event == "done" else set()
            question(m.spec, m.obj, arm["if"], operation, operation is not None, there, fresh)
        status = arm.get("status", arm.get("refuse"))
        if operation and status not in (None, "from_command"):
            allowed = m.spec.operations[operation]["statuses"]
            must(status in allowed, "status", f"{status} is not one of {operation}")
        must("refuse" not in arm or not m.spec.good(arm["refuse"]), "status", "a good refusal")
        _kept_nowhere(m, event, arm, operation)
        if "plan" in arm:
            o = m.spec.operations.get(operation, {})
            fits = o.get("reaches") == "reference" and {"cached", "link"} & set(o.get("brings", []))
            must(fits, "plan", f"{event} brings nothing to compare")
        if "undo" in arm and arm["undo"] not in plans(m.obj):
            undo = m.obj["commands"][arm["undo"]].get("undo")
            must(undo in m.obj["commands"], "undo", f"{arm['undo']} names no command")


def just_read(m: Machine, waiting: str) -> set[str]:
    """What the one answer that a state waits for brings, whichever command it was."""
    found = []
    for _, _, arm, _, to in m.places():
        if verb(arm) and to == waiting:
            c = m.obj["commands"][arm["send"]] if "send" in arm else {}
            found.append(taken_apart(m.spec, m.obj, c.get("returns", [])))
    return set.intersection(*found) if found else set()


def _kept_nowhere(m: Machine, event: str, arm: dict, operation: str | None) -> None:
    """Arguments of a request are sent only for operations that bring them."""
    asks = m.obj["variables"].get(ASKED, {})
    o = m.spec.operations.get(operation or "", {})
    there = {
        n for n, v in asks.items() if ASKED in o.get("brings", []) and there_in(v, [operation])
    }
    for c in started(m, arm) if asks else ():
        words = taken_apart(m.spec, m.obj, m.obj["commands"][c].get("carries", [])) & set(asks)
        must(words <= there, "carries", f"{c} on {event}: {words - there}")


def started(m: Machine, arm: dict) -> list[str]:
    """Names of the commands an arm may send."""
    if "send" in arm:
        return [arm["send"]]
    plan = arm.get("plan", arm.get("undo"))
    if plan in plans(m.obj):
        return [r["send"] for r in lines(m.obj, plan) if r["send"] != "nothing"]
    undo = m.obj["commands"].get(arm.get("undo"), {}).get("undo")
    return [undo] if undo in m.obj["commands"] else []


def results(machines: list[Machine]) -> None:
    """Each bad result has a status under its operation, and a bad one."""
    for m in machines:
        for name, event, arm, _, _ in m.places():
            operation = m.operation(name, event)
            for command in started(m, arm) if operation else ():
                for result in [
                    "timeout",
                    "reset",
                    *m.obj["commands"][command].get("answers", ["failure"]),
                ]:
                    _status_of(m.spec, operation, result)


def _find(o: dict, result: str) -> str | None:
    by_name = result if result in o["statuses"] else None
    return o.get("results", {}).get(result, by_name)


def _status_of(spec: Spec, operation: str, result: str) -> None:
    o = spec.operations[operation]
    status = _find(o, result) or o.get("results", {}).get("others")
    must(status is not None, "results", f"{result} has no status under {operation}")
    must(not spec.good(status), "results", f"{result} is good under {operation}")


def guards(m: Machine, ends: set[str]) -> None:
    """Nothing is taken from under its dependents, and nothing linked to what is unusable."""
    obj, spec = m.obj, m.spec
    linked = links.lead_to(spec, obj)
    for name, event, arm, before, to in m.places():
        arms = [*before, arm]
        does = verb(arm) or ("to" in arm and not set(WHOLE) & set(arm))
        new = spec.operations.get(m.operation(name, event) or "", {}).get("reaches") == "new"
        unmade = event == "abort" and new and "undo" in arm
        if linked and does and (event in ends or unmade):
            asks = denied(spec, obj, arms, lambda c: "dependents" in c)
            must(asks, "guards", f"dependents in {name}")
        taken = verb(arm) or spec.good(arm.get("status")) or waits(m, to)
        _stands(m, event, taken)
        _third(m, name, event, arm, taken)
        for link, forms in _doubtful(m, name, event, arm, taken):

            def asks_for_it(c: dict) -> bool:
                return c.get("link") in forms and c.get("of", link) == link

            must(denied(spec, obj, arms, asks_for_it), "guards", f"{link} on {event} in {name}")


def _stands(m: Machine, event: str, taken: object) -> None:
    """What is made stands on all that it has to stand on."""
    new = m.spec.operations.get(event, {}).get("reaches") == "new"
    if new and taken:
        for name, link in m.spec.links(m.obj).items():
            told = link.get("optional") or links.lays(m.spec, m.obj, link, event)
            must(told, "links", f"{event} makes it without {name}")


def _third(m: Machine, name: str, event: str, arm: dict, taken: object) -> None:
    """No link moves while nobody knows which of two the hardware has."""
    unsure = m.states[name].get("rest", {}).get("hardware") == "unsure"
    if unsure and taken and not set(WHOLE) & set(arm):
        moved = [x for x in m.spec.links(m.obj).values() if links.lays(m.spec, m.obj, x, event)]
        must(not moved, "links", f"{event} moves a link in {name}")


def _doubtful(m: Machine, name: str, event: str, arm: dict, taken: object):
    """Links that an arm makes or tells of, and the questions of which one clears each of them."""
    if set(WHOLE) & set(arm):
        return
    obj, spec = m.obj, m.spec
    sent = [obj["commands"][c] for c in started(m, arm)] if {"send", "plan"} & set(arm) else []
    adds = any(c.get("hardware") == "has" for c in sent)
    again = adds and m.states[name].get("rest", {}).get("host") == "has" and event != "restore"
    for link, told in spec.links(obj).items():
        words = [w.partition(".")[0] for c in sent for w in c.get("carries", [])]
        carried = any(link in links.meant(spec, obj, w) for w in words)
        if event == "restore" and carried:
            yield link, ("present", "next")
        elif again:
            yield link, ("next",) if links.lays(spec, obj, told, event) else ("present", "next")
        elif links.lays(spec, obj, told, event) and taken:
            yield link, ("new", "next")


def planning(m: Machine) -> dict[str, set[str]]:
    """Operations in which something is planned, for each plan."""
    arms = [(m.operation(n, e), arm) for n, e, arm, _, _ in m.places() if "plan" in arm]
    return {p: {o for o, arm in arms if arm["plan"] == p} - {None} for p in plans(m.obj)}
