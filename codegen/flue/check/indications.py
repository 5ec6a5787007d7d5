# SPDX-License-Identifier: BSD-2-Clause
"""Indications: whoever makes one has what it tells of."""

from flue.model.describe import an
from .registry import rule


@rule("wrong-indication")
def wrong_indication(target):
    """An indication about an object is made by that object, one about the target by the target,
    which has no state that a node could carry.

    Finds: an indication raised or told by another than it is about; one about the target that
    carries an object's state; a pointer as the host's answer.
    Mend: name an indication that is about this object, or about the target for a mode.
    """
    known = {x.name: x for x in target.indications}
    for obj in target.objects:
        for raised in obj.raises:
            yield from _about(known[raised.indication], obj.name, raised.where, "raise")
        for seen in obj.sees:
            for i, (name, _) in enumerate(seen.indications):
                where = obj.place("sees", seen.mark, i)
                yield from _about(known[name], obj.name, where, "tell by")
    for mode in [m for m in target.modes if m.hold]:
        for key, name in (("enter", mode.enter), ("leave", mode.leave)):
            if name:
                yield from _about(known[name], "target", mode.place(key), "make")
    for x in target.indications:
        if x.about == "target" and x.carries and "node" in target.call(x.call).passes:
            text = f'"{x.name}" is about the target: there is no object whose state a node carries'
            yield x.key("carries"), text
    yield from _answers(target)


def _about(indication, who, where, verb):
    if indication.about != who:
        text = f'"{indication.name}" is about {_a(indication.about)}: {_a(who)} cannot {verb} it'
        yield where, text


def _a(who) -> str:
    return "the target" if who == "target" else an(who)


def _answers(target):
    """The host writes a value into the node; a pointer there is the node's, and ends with it."""
    for x in target.indications:
        if x.host_answers and x.about != "target":
            variables = {v.name: v for v in target.object(x.about).variables}
            v = variables.get(x.host_answers)  # a poisoned object has none
            if v and v.type.kind in ("pointer", "opaque"):
                text = f'"{v.name}" is a pointer: what the host answers is gone when it returned'
                yield x.place("host_answers"), text
