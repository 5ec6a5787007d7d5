# SPDX-License-Identifier: BSD-2-Clause
"""Transfers: what the host hands over for an object that stays as it is."""

from flue.model import CHAIN_WORDS, Chain, Object, Target, Transfer
from flue.model.dataflow import ending, steps
from flue.model.describe import an
from flue.model.queries import undoer

from .limits import LIMITS
from .registry import rule


@rule("wrong-transfer")
def wrong_transfer(target):
    """The host must get each element back: so it says by which function, with which status where it
    was not done, and the hardware takes none of an object that it may not have.

    Finds: a transfer that lacks its completion, its states or its status; one of the driver's own
    that has them; one taken in a state where the hardware has not the object, has it not yet, where that
    is not sure, or where the host has it no more; a good status for what was not done, or one that has no value;
    an order with a transfer that has none of its own; more than 16; transfers without the
    structure that they are chains of, or words of that which lie over each other.
    Mend: what the message says.
    """
    made = [(o, t) for o in target.objects for t in o.transfers]
    if made and target.node.chain is None:
        yield made[0][
            1
        ].where, '"transfers" are chains of what "chain" in the node\'s file describes'
    most = LIMITS["transfers"]
    for _, t in made[most:]:
        yield t.where, f"there are {len(made)} transfers, {most} at the most"
    for obj, t in made:
        yield from _whole(t)
        yield from _orders(obj, t)
        yield from _states(target, obj, t)
        yield from _statuses(target, t)
    if target.node.chain:
        yield from _words(target.node.chain, target.node.word_bytes)


def _whole(t: Transfer):
    said = {key for key in ("completion", "in", "refused") if t.key(key)}
    if not t.lent:
        for key in ("completion", "in", "refused"):
            if key not in said:
                yield t.where, f'"{t.name}" has no "{key}"'
        return
    for key in ("completion", "in", "after", "refused", "ending", "returned", "reset", "statuses"):
        if t.key(key):
            yield t.key(key), f'"{t.name}" is the driver\'s own: it has no "{key}"'


def _orders(obj: Object, t: Transfer):
    first = next((x for x in obj.transfers if x.name == t.after), None)
    if first and (first.lent or first.after):
        text = f'"{t.after}" has no order of its own: say the one that it goes with'
        yield t.key("after"), text if not first.lent else f'"{t.after}" is the driver\'s own'


def _adding(obj: Object) -> set[str | None]:
    """States in which a command by which the hardware gets the object is sent, or taken back."""
    adds = {c.name for c in obj.commands if c.hardware == "has"}
    return {a.to for c in obj.cells for a in c.arms if adds & {a.subject, *a.steps}}


def _states(target: Target, obj: Object, t: Transfer):
    adding = _adding(obj)
    for s in obj.states:
        if s.name not in t.states:
            continue
        if s.resting and s.hardware != "has":
            yield t.key("in"), f'"{s.name}" is no state in which the hardware has the object'
        elif s.resting and s.host != "has":
            yield t.key("in"), f'"{s.name}" is no state in which the host has the object'
        elif s.busy in ending(target, obj):
            yield t.key("in"), f'in "{s.name}" the object is on its way out of the hardware'
        elif s.name in adding:
            yield t.key("in"), f'in "{s.name}" the hardware may not have the object yet'


def _statuses(target: Target, t: Transfer):
    for key in ("refused", "ending", "returned", "reset"):
        if t.key(key) and getattr(t, key):
            yield from _bad(target, getattr(t, key), t.key(key))
    for name in t.statuses:
        yield from _bad(target, name, t.key("statuses"))
    if t.accepted and target.status(t.accepted).value is None:
        yield t.key("accepted"), f'"{t.accepted}" has no value'


def _bad(target: Target, name: str, where):
    status = target.status(name)
    if status.value is None:
        yield where, f'"{name}" has no value'
    elif status.good:
        yield where, f'"{name}" is good, but nothing was done'


def _words(chain: Chain, word: int):
    spans = [("next", chain.next, word, word), ("status", chain.status, 4, 4)]
    for key, at, size in zip(CHAIN_WORDS, chain.words, (word, 8, 8)):
        spans.append((key, at, size, size))
    for i, (key, at, size, align) in enumerate(spans):
        if at % min(align, word):
            yield chain.key(key), f"{at:#x} is no multiple of {min(align, word)}"
        for other, start, length, _ in spans[:i]:
            if at < start + length and start < at + size:
                yield chain.key(key), f'{at:#x} lies over "{other}" at {start:#x}'


@rule("transfers-lost", once=True)
def transfers_lost(target):
    """An object that the hardware gets anew is another one to it: of what it had of the one before it says nothing more.

    Finds: an arm that adds an object with transfers, which the hardware had, or may have had, when it rested last.
    Mend: lead to a state at rest with `hardware: has_not` first; there all comes back, and from there the
    object is added by an operation, or on `restore`.
    """
    for obj in target.sound_objects:
        if all(t.lent for t in obj.transfers):
            continue
        for step in steps(target, obj):
            rested = step.state.hardware if step.state.resting else step.before.before
            name = _adds(obj, step.arm)
            if name and rested != "has_not":
                text = f'"{name}" adds {an(obj.name)} that the hardware may have had: what was handed over is lost'
                yield step.arm.place(
                    step.arm.verb or "send"
                ), text, "a state of rest with hardware: has_not between"


def _adds(obj: Object, arm) -> str:
    """The command of an arm by which the hardware gets the object; empty: none."""
    if arm.verb not in ("send", "undo") or arm.subject in obj.plans:
        return ""
    names = (arm.subject, *arm.steps) if arm.verb == "send" else (arm.subject,)
    sent = [obj.command(n) for n in names if n]
    sent = sent if arm.verb == "send" else [u for c in sent if (u := undoer(obj, c))]
    return next((c.name for c in sent if c.hardware == "has"), "")
