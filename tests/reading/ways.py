# SPDX-License-Identifier: BSD-2-Clause
"""What is so on every way through a machine: of the hardware, of the host, of what it is told.

Played with all that may be: the hardware has the object in some of the worlds, and its values are
the object's in some. A state at rest is entered with what it claims.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import chosen
import links
import results
import settings
import transfers
import whole
from answers import denied
from commands import lasting, taken_apart, there_in, told_of
from machines import Machine, started, verb
from text import BEFORE, CLASSES, lines, must, plans

HAS, NOT, DOUBT = "has", "has_not", "unsure"


@dataclass(frozen=True)
class Deed:
    """A command, or an update, that may have changed the hardware."""

    name: str
    before: str
    sure: bool  # it went well
    undone_badly: bool = False


@dataclass(frozen=True)
class World:
    host: str  # has, has_not, or "" where nothing follows from what it was told
    hardware: str
    rested: str  # the hardware, when the object was at rest
    way: str | None = None  # the verb under way
    what: str | None = None  # and of which command, or plan
    bad: bool = False
    first: frozenset = frozenset()  # how the first of it that failed can have ended
    marked: bool = False
    read: frozenset = frozenset()
    went_well: frozenset = frozenset()
    known: frozenset = frozenset()  # what the hardware calls it
    deeds: tuple[Deed, ...] = ()
    came: str = ""  # where it rested, if the machine leads back there

    def has_news(self, m: Machine) -> bool:
        """The hardware has taken what the host brought."""
        return any(
            d.sure and (d.name in plans(m.obj) or m.obj["commands"][d.name].get("hardware") == HAS)
            for d in self.deeds
        )


def reads_only(m: Machine, c: dict) -> bool:
    returns = c.get("returns", [])
    changes = c.get("effects") or "hardware" in c or chosen.own(m.obj, returns)
    return bool(returns) and chosen.says_nothing_new(m.obj, c) and not changes


def answered(m: Machine, w: World, event: str, first: frozenset) -> World:
    after = hardware_after(m, w, event, first)
    if after.hardware == NOT or w.way is None:
        return replace(after, known=frozenset() if after.hardware == NOT else w.known)
    reads = w.way == "send" and reads_only(m, m.obj["commands"][w.what])
    reads = reads or (event == "failed" and results.spared(m, w, first))
    known = chosen.after(m.obj, w.known, w.way, w.what, event, reads)
    return replace(after, known=known)


def hardware_after(m: Machine, w: World, event: str, first: frozenset) -> World:
    rest = replace(w, way=None, what=None, first=first)
    if event == "reset":
        return replace(rest, hardware=NOT, bad=True, deeds=())
    if w.way is None:
        return rest if event == "done" else replace(rest, hardware=DOUBT, bad=True)
    if w.way == "undo":
        return undone(m, w, rest, event)
    c = m.obj["commands"].get(w.what, {}) if w.way == "send" else {}
    known = any(d.name == w.what for d in w.deeds)
    deeds = w.deeds if known else w.deeds + (Deed(w.what, w.hardware, event == "done"),)
    if event == "failed":
        if reads_only(m, c) or results.spared(m, w, first):
            return replace(rest, bad=True)
        return replace(rest, hardware=DOUBT, bad=True, deeds=deeds)
    if w.way == "plan":
        return replace(rest, deeds=deeds)
    return replace(
        rest,
        hardware=c.get("hardware", w.hardware),
        read=w.read | taken_apart(m.spec, m.obj, c.get("returns", [])),
        went_well=w.went_well | {w.what},
        deeds=w.deeds if reads_only(m, c) else deeds,
    )


def undone(m: Machine, w: World, rest: World, event: str) -> World:
    if event == "failed":
        deeds = tuple(replace(d, undone_badly=d.undone_badly or d.name == w.what) for d in w.deeds)
        return replace(rest, hardware=DOUBT, bad=True, deeds=deeds)
    names = [d.name for d in w.deeds]
    if w.what not in names:
        return replace(rest, hardware=w.rested)
    deed = w.deeds[names.index(w.what)]
    c = m.obj["commands"].get(w.what, {})
    by = m.obj["commands"].get(c.get("undo"), {})
    if w.what in plans(m.obj) and lasting(m.spec, m.obj, w.what, rest.first):
        after = DOUBT
    elif "hardware" in by:
        after = by["hardware"]
    elif "hardware" in c:  # its undo puts nothing back
        after = c["hardware"] if deed.sure else DOUBT
    else:
        after = deed.before
    return replace(rest, hardware=after, deeds=w.deeds[: names.index(w.what)])


def told(m: Machine, w: World, name: str, event: str, arm: dict, ends: set[str]) -> World:
    operation = m.operation(name, event)
    status = arm.get("status", arm.get("refuse"))
    if not status or not operation:
        return w
    good = m.spec.good(status)
    if m.spec.operations[operation]["reaches"] == "new":
        return replace(w, host=HAS if good else NOT)
    if operation in ends and good:
        return replace(w, host=NOT)
    return replace(w, host="") if operation in ends and "to" in arm else w


def walk(m: Machine, ends: set[str]):
    """Every (state, event, arm, world before, world after, next state)."""
    first = World(NOT, NOT, NOT)
    todo, seen = [(m.first, first)], {(m.first, first)}
    returns = any(to == BEFORE for _, _, _, _, to in m.places())
    while todo:
        name, before = todo.pop()
        for (state, event), arms in m.cells.items():
            for i, arm in enumerate(arms if state == name else ()):
                w = before
                can_be = results.possible(m, w, event)
                first = results.left_for(m, arms[: i + 1], can_be)
                if can_be and not first:
                    continue
                if event in ("done", "failed", "reset"):
                    w = answered(m, w, event, first)
                elif event == "abort":
                    w = replace(w, bad=True)
                elif m.rests(name):
                    w = World(w.host, w.hardware, w.hardware, known=w.known)
                    says = m.raised.get(event, {}).get("hardware")
                    if says and w.hardware != NOT:
                        w = World(w.host, says, says, known=w.known)
                if "again" in arm:
                    must(results.harmless(m, before, first), "retry", f"of what may act in {name}")
                    w = replace(w, bad=False, first=frozenset())
                w = told(m, w, name, event, arm, ends)
                w = replace(w, marked=w.marked or "mark" in arm)
                if verb(arm) and w.way is None:
                    w = replace(w, way=verb(arm), what=arm[verb(arm)])
                to = arm.get("to", name)
                came = name if m.rests(name) else before.came
                to = came if to == BEFORE else to
                yield name, event, arm, before, w, to
                then = replace(w, came=came if returns else "")
                if m.rests(to):
                    claim = m.states[to]["rest"]
                    known = w.known if claim["hardware"] != NOT else frozenset()
                    then = World(claim["host"], claim["hardware"], claim["hardware"], known=known)
                if (to, then) not in seen and (m.rests(to) or whole.waits(m, to) or then.way):
                    seen.add((to, then))
                    todo.append((to, then))


def check(m: Machine, ends: set[str]) -> None:
    claim = m.states[m.first].get("rest")
    must(claim == {"host": NOT, "hardware": NOT}, "claims", "the first state")
    worlds: dict = {}
    for step in walk(m, ends):
        worlds.setdefault(step[:2], set()).add(step[3])
        claims(m, *step)
        whole.end(m, *step[:3], *step[4:])
        undos(m, *step)
        orders(m, *step)
        statuses(m, ends, *step)
        begins(m, *step)
        numbers(m, *step)
        settings.step(m, *step)
        transfers.anew(m, *step)
    results.questions(m, worlds)


def numbers(m, name, event, arm, before, w, to) -> None:
    chosen.sent(m.obj, name, arm, w.known)
    if m.rests(to):
        chosen.rests(m.spec, m.obj, to, w.known)


def claims(m, name, event, arm, before, w, to) -> None:
    if not m.rests(to):
        return
    claim = m.states[to]["rest"]
    modest = claim["hardware"] == DOUBT and (event == "failed" or whole.kept(m, name, event, arm))
    must(
        claim["hardware"] == w.hardware or modest,
        "claims",
        f"{to} after {event} in {name}: {w.hardware}",
    )
    must(w.host in ("", claim["host"]), "claims", f"{to} after {event} in {name}: the host")


def undos(m, name, event, arm, before, w, to) -> None:
    if "undo" not in arm or event == "reset":
        return
    what = arm["undo"]
    deeds = [d.name for d in w.deeds]
    must(what in deeds and w.bad, "undo", f"{what} in {name} on {event}")
    deed = w.deeds[deeds.index(what)]
    must(not (deed.undone_badly and before.way == "undo"), "undo", f"{what} again")
    c = m.obj["commands"].get(what, {})
    by = m.obj["commands"].get(c.get("undo"), {})
    whole = (c.get("hardware"), by.get("hardware")) == (HAS, NOT)
    must(whole or deeds[-1] == what or deed.undone_badly, "undo", f"{what} before {deeds[-1]}")


def orders(m, name, event, arm, before, w, to) -> None:
    if "send" in arm or "plan" in arm:
        adds = "send" in arm and m.obj["commands"][arm["send"]].get("hardware") == HAS
        must(w.hardware != (HAS if adds else NOT), "place", f"{arm} in {name}")


def statuses(m, ends, name, event, arm, before, w, to) -> None:
    operation, status = m.operation(name, event), arm.get("status", arm.get("refuse"))
    if not operation or not status:
        return
    o = m.spec.operations[operation]
    if status == "from_command":
        must(w.bad, "status", f"nothing failed before {event} in {name}")
    if m.spec.good(status):
        _good(m, ends, name, event, arm, w, o, operation)
    else:
        alone = "together" not in o
        kept = alone and o.get("brings") and w.has_news(m) and w.hardware == HAS
        must(not kept, "status", f"{status} on {event} in {name}, and it was taken")
        must(event != "done" or w.bad, "status", f"{status} on {event} in {name}: nothing failed")


def _good(m, ends, name, event, arm, w, o, operation) -> None:
    has_delegated = bool(m.obj["variables"].get("delegated"))
    returns = o.get("returns", [])
    asked = returns == "asked"
    gives = o.get("brings") or (not asked and "delegated" in returns and has_delegated)
    fine = (w.hardware == NOT) if operation in ends else w.marked
    must(not w.bad or (fine and not gives), "status", f"good on {event} in {name} after a failure")
    news = o["reaches"] == "reference" and told_of(m.spec, m.obj, operation)
    if news and w.hardware == HAS and not w.bad:
        must(w.has_news(m), "status", f"good on {event} in {name}, and nothing was told")
    delegated = m.obj["variables"].get("delegated", {})
    if {n for n, v in delegated.items() if there_in(v, [operation])} - w.read:
        arms = m.cells[name, event][: m.cells[name, event].index(arm) + 1]
        done = denied(m.spec, m.obj, arms, lambda c: c.get("asked") == "delegated")
        must(done if asked else "delegated" not in returns, "status", f"{name}: nothing was read")


def begins(m, name, event, arm, before, w, to) -> None:
    """What updates tell, a new or restored object begins with."""
    if not m.rests(to) or w.hardware != HAS or w.rested == HAS:
        return
    adds = [c for c in w.went_well if m.obj["commands"][c].get("hardware") == HAS]
    if not adds:
        return
    words = [x for c in w.went_well for x in m.obj["commands"][c].get("carries", [])]
    telling = [r for r in lines(m.obj) if r["send"] != "nothing"]
    words_of = [n for r in telling if "effect" not in r for n in r.get("changed", [])]
    needed = links.changing(m.spec, m.obj, words_of)
    missing = needed - taken_apart(m.spec, m.obj, words)
    must(not missing, "begins", f"{adds} without {missing}")


__all__ = ["CLASSES", "check", "started"]
