# SPDX-License-Identifier: BSD-2-Clause
"""Guards nobody may forget: nothing is taken from under its dependents or built on the unusable."""

from flue.model import Handling
from flue.model.dataflow import ending
from flue.model.queries import places, sent_by
from flue.model.questions import excluded

from .registry import rule


def _ruled_out(target, place, form, *links) -> bool:
    """Whether an arm is tried only where the question of this form has the answer no."""

    def asks(c):
        return c.form == form and (not links or c.link in links)

    return excluded(target, place.obj, [*place.earlier, place.arm], asks)


def _missing_arm(target, obj, form, question, link=None, way="refuse: ...") -> str:
    """With the condition that is declared, or the one to be. A restore can be refused to nobody."""
    fitting = [c for c in obj.conditions + target.conditions if (c.form, c.link) == (form, link)]
    if fitting:
        return f"{{if: {fitting[0].name}, {way}}}"
    return f"{way.partition(':')[0]}, if a condition {{{question}}} holds"


@rule("guard-forgotten-dependents", once=True)
def guard_forgotten_dependents(target):
    """An object others link to must not go: they would point at freed memory and hardware.

    Finds: an object taken away without asking for dependents.
    Mend: declare a condition with `dependents: some` and put an arm before this one that asks it
    and refuses.
    """
    ends = ending(target)
    linked = {o.links_to for o in target.objects if o.links_to != o.name}
    for place in places(target):
        arm, obj = place.arm, place.obj
        takes = arm.handling is Handling.ARM and (arm.verb or arm.to)
        if obj.name not in linked or place.event not in ends or not takes:
            continue
        if not _ruled_out(target, place, "dependents"):
            users = ", ".join(o.name for o in target.objects if o.links_to == obj.name)
            text = f'"{place.event}" takes the {obj.name} away without asking for dependents'
            hint = f"a {users} may link to it; before this arm: "
            yield arm.where, text, hint + _missing_arm(
                target, obj, "dependents", "dependents: some"
            )


@rule("guard-forgotten-link", once=True)
def guard_forgotten_link(target):
    """Nothing is linked to an object that is withdrawn, failing or not there yet.

    Finds: a link made without asking whether the other end is usable.
    Mend: declare a condition with `link: new, is: unusable` and put an arm before this one that
    asks it and refuses; for a restore `link: present`, and `stay: true`.
    """
    for place in places(target):
        if not place.obj.links_to or not _links(target, place):
            continue
        fresh = place.event != "restore"
        wanted = ("new",) if fresh else ("new", "present")
        if not _ruled_out(target, place, "link", *wanted):
            text = f'"{place.event}" links to a {place.obj.links_to} without asking whether it is usable'
            question = f"link: {wanted[-1]}, is: unusable"
            way = "refuse: ..." if fresh else "stay: true"
            hint = _missing_arm(target, place.obj, "link", question, wanted[-1], way)
            yield place.arm.where, text, f"before this arm: {hint}"


def _links(target, place) -> bool:
    """Whether an arm that starts commands makes or moves the object's link."""
    if place.arm.verb not in ("send", "plan"):
        return False
    if place.event == "restore":
        return any("link" in c.carries for c in sent_by(place.obj, place.arm))
    operation = next((o for o in target.operations if o.name == place.event), None)
    if not operation or "link" not in operation.brings:
        return False
    return operation.reaches == "new" or operation.name == place.obj.relinked_by
