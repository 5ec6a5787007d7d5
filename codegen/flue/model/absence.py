# SPDX-License-Identifier: BSD-2-Clause
"""States in which the hardware does not have the object, and links whose ends it must have.

By both the runtime decides when a command is sent whether all that it names is there.
"""

from __future__ import annotations

from .dataflow import steps
from .object import Command, Object
from .queries import linked_numbers, told_links
from .target import Target


def absent(target: Target, obj: Object) -> frozenset[str]:
    """The states in which no command may name an object as what another one links to.

    They are those in which the hardware does not have it: at rest by the claim, busy where it is so on
    some way, or until the answer that is waited for. None, where the target lets others link to that.
    """
    if "has_not" not in target.unusable.hardware:
        return frozenset()
    without = {s.to.name for s in steps(target, obj) if s.after.hardware == "has_not"}
    return frozenset(
        s.name for s in obj.states if (s.hardware == "has_not" if s.resting else s.name in without)
    )


def stands_on(target: Target, obj: Object, command: Command) -> tuple[int, ...]:
    """Numbers of the links whose ends must be there when the command is sent: all that it tells of.

    What takes the object away takes it from whatever is left of what it stood on; but a number could
    be somebody else's by then.
    """
    told = told_links(target, obj, command)
    if command.hardware == "has_not":
        told = tuple(link for link, *_ in linked_numbers(target, obj, command))
    return tuple(i for i, link in enumerate(obj.links) if link in told)
