# SPDX-License-Identifier: BSD-2-Clause
"""Marks that are taken away again: by arms that know that it is over."""

from flue.model import along
from flue.model.describe import an
from flue.model.queries import is_good, places, quoted

from .registry import rule


@rule("clear-in-vain", once=True)
def clear_in_vain(target):
    """How a mark ends is said once, where it is declared, and holds for all that set it.

    Finds: an arm that clears a mark which ends otherwise; a mark that ends `when_cleared`, and no arm
    clears it; an arm that sets the mark which it clears.
    Mend: `ends: when_cleared` for what arms clear, and for nothing else.
    """
    cleared = set()
    for place in places(target):
        arm = place.arm
        if arm.clear is None:
            continue
        cleared.add(arm.clear)
        mark = target.mark(arm.clear)
        if mark.ends != "when_cleared":
            text = f'"{mark.name}" ends {mark.ends}: no arm clears it'
            yield arm.place("clear"), text, "ends: when_cleared"
        elif arm.mark == arm.clear:
            yield arm.place("clear"), f'the arm sets "{arm.clear}", too'
    for mark in target.marks:
        if mark.ends == "when_cleared" and mark.name not in cleared:
            if len(target.sound_objects) == len(target.objects):
                yield mark.place("ends"), f'no arm clears "{mark.name}"', "clear: " + mark.name


@rule("cleared-too-soon", once=True)
def cleared_too_soon(target):
    """What a mark forbids is allowed again from the moment it is cleared: it must be over by then.

    Finds: an arm that clears a mark where a command is sent or taken back, of which nobody knows how
    it will end; on `failed` or a reset; or with a bad status, which says that nothing has changed.
    Mend: clear it on `done`, beside the good status; or at once where nothing is to be sent.
    """
    for place in places(target):
        arm = place.arm
        if arm.clear is None or target.mark(arm.clear).ends != "when_cleared":
            continue
        where = arm.place("clear")
        text = f'"{arm.clear}" is cleared'
        if arm.verb:
            yield where, f"{text} before it is known how the commands end", "on done"
        elif place.event in ("failed", "reset"):
            yield where, f'{text} on "{place.event}"', "on done"
        elif arm.status and not is_good(target, arm.status):
            yield where, f"{text}, and the status is bad"


def unanswerable(target, place, question) -> str | None:
    """Why none of the marks that are asked for can be found."""
    obj = place.obj
    if question.form != "marked" or place.arm.where.file != obj.where.file:
        return None  # a default may serve other kinds, which can be marked
    if place.state.name == obj.states[0].name:
        links = ", and its links are laid when its command is issued"
        return f"{an(obj.name)} that is new bears no mark" + links * (question.along != ())
    set_by = _setters(target, question.marks)
    kinds = [obj.name, *(x.to for x in along.met(target, obj, question.along))]
    if len(target.sound_objects) < len(target.objects) or not set_by or set_by & set(kinds):
        return None  # one that nothing sets at all is unused
    return f"no arm of {quoted(dict.fromkeys(kinds), ' or ')} sets {quoted(question.marks, ' or ')}"


def _setters(target, marks) -> set[str]:
    """The kinds of objects of which an arm sets one of these."""
    arms = (
        (o.name, arm) for o in target.objects for s in o.states for _, a in s.written for arm in a
    )
    by_default = {place.obj.name for place in places(target) if place.arm.mark in marks}
    return by_default | {name for name, arm in arms if arm.mark in marks}
