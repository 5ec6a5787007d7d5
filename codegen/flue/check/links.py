# SPDX-License-Identifier: BSD-2-Clause
"""Links: each is told in one way, and a handle is nothing but the name of what is linked to."""

from flue.model import Handling
from flue.model.describe import an
from flue.model.queries import (
    downward,
    laying,
    moving,
    operation_at,
    places,
    quoted,
    takes_up,
)

from .registry import rule


def the_links(links) -> str:
    return f"the link{'s' * (len(links) > 1)} {quoted(x.name for x in links)}"


@rule("link-by")
def link_by(target):
    """One node is above another, and one handle names one object: two links would be one.

    Finds: a link by what is no handle, or by one that the host does not give; two links by the
    same; a handle that tells no link; `relinked_by` an operation that says nothing of links.
    Mend: give each link a variable of its own, of type `handle` and const or cached; one link of an
    object may be by `parent`, and what moves that brings `link`.
    """
    for obj in target.objects:
        found = [*_told_twice(obj), *_told_by_others(obj), *_moved_by_others(target, obj)]
        yield from found or _of_no_link(obj)  # what a wrong `by` leaves over is the same mistake


def _told_twice(obj):
    told: dict[str | None, str] = {}
    for link in obj.links:
        first = told.setdefault(link.by, link.name)
        if first != link.name:
            by = f'the handle "{link.by}"' if link.by else "the node above"
            hint = "each link is by a handle of its own"
            yield link.place("by"), f'"{first}" is told by {by} already', hint


def _told_by_others(obj):
    variables = {v.name: v for v in obj.variables}
    for link in obj.links:
        variable = variables.get(link.by)
        if variable and variable.type.kind != "handle":
            text = f'"{variable.name}" is of type {variable.type.name}, not a handle'
            yield link.place("by"), text, _handle_for(obj, link)
        elif variable and variable.klass not in ("const", "cached"):
            text = f'"{variable.name}" is {variable.klass}: the host tells what is linked to'
            yield link.place("by"), text, f'move "{variable.name}" to const or cached'


def _handle_for(obj, link) -> str:
    """A variable that could be meant; or what that one has to be."""
    taken = {x.by for x in obj.links}
    free = [v.name for v in obj.variables if v.type.kind == "handle" and v.name not in taken]
    return f"by: {free[0]}" if free else f'type: handle, at "{link.by}"'


def _moved_by_others(target, obj):
    for link in obj.links:
        mover = link.relinked_by and target.operation(link.relinked_by)
        if not mover or not mover.is_about(obj.name) or moving(target, obj, link):
            continue
        text = f'"{link.relinked_by}" cannot move the link'
        if target.operation(link.relinked_by).reaches == "new":
            yield link.place("relinked_by"), f"{text}: it makes new objects"
        else:
            hint = f'brings: [..., link] of "{link.relinked_by}"'
            yield link.place("relinked_by"), f"{text}: it does not bring it", hint


def _of_no_link(obj):
    told = {link.by for link in obj.links}
    for variable in obj.variables:
        if variable.type.kind == "handle" and variable.name not in told:
            text = f'no link is told by the handle "{variable.name}"'
            yield variable.where, text, f"links: {{...: {{to: ..., by: {variable.name}}}}}"


@rule("link-not-brought", once=True)
def link_not_brought(target):
    """A new object whose request says nothing of a link would stand on nothing.

    Finds: an operation that creates objects and does not bring what tells one of their links.
    Mend: add `link` to its `brings`, or the class of the handle; or say that the link is
    `optional`.
    """
    for place in places(target):
        operation = operation_at(target, place.state, place.event)
        if not operation or operation.name != place.event or operation.reaches != "new":
            continue
        for link in downward(target, place.obj) if takes_up(target, place) else ():
            if not link.optional and operation.name not in laying(target, place.obj, link):
                text = f'"{operation.name}" makes {an(place.obj.name)} and brings no link "{link.name}"'
                yield place.arm.where, text, _what_brings(place.obj, operation, link)


def _what_brings(obj, operation, link) -> str:
    word = "link" if link.by is None else obj.variable(link.by).klass
    if word in operation.brings:
        return f'"{link.by}" is not there in "{operation.name}"'
    return f'brings: [..., {word}] of "{operation.name}"'


@rule("handle-as-value")
def handle_as_value(target):
    """A handle is the host's name of an object; the hardware knows the object by its index.

    Finds: a handle that a command carries, that an update rule compares, or that is a parameter.
    Mend: name the link.
    """
    for parameter in target.parameters:
        if parameter.type.kind == "handle":
            yield parameter.place(
                "type"
            ), f'"{parameter.name}" cannot be a handle: no object has it'
    for obj in target.objects:
        links = {x.by: x.name for x in obj.links if x.by}
        handles = {v.name for v in obj.variables if v.type.kind == "handle"}
        named = [(c, "carries", c.carries) for c in obj.commands]
        named += [(r, "changed", r.changed) for r in obj.plan]
        for what, key, words in named:
            found = [(i, word) for i, word in enumerate(words) if word in handles]
            if not found:
                continue
            meant = [links[word] for _, word in found if word in links]
            text = f'"{found[0][1]}" is a handle, and no value that hardware is told'
            if len(found) > 1:
                text = f"{quoted([w for _, w in found])} are handles, and no values that hardware is told"
            one = "the link is" if len(meant) == 1 else "the links are"
            hint = f"{one} called {' and '.join(meant)}" if meant else ""
            yield what.place(key, found[0][0]), text, hint


@rule("relink-unsure", once=True)
def relink_unsure(target):
    """Of an object of which nobody knows what the hardware has, the link it has and the one it was
    to have are both held, until that is known; there is no room for a third.

    Finds: an operation that may move a link where the hardware is `unsure`.
    Mend: refuse it there. Let another operation take the object away, or out of the hardware and
    back as the host knows it.
    """
    for place in places(target):
        if place.state.hardware != "unsure" or place.arm.handling is not Handling.ARM:
            continue
        if not takes_up(target, place):
            continue
        moved = [x for x in place.obj.links if place.event in moving(target, place.obj, x)]
        if moved:
            text = f'"{place.event}" may move {the_links(moved)} of {an(place.obj.name)}'
            yield place.arm.where, f"{text}, of which nobody knows what the hardware has"


@rule("variant-of-none")
def variant_of_none(target):
    """An object that takes its variant from another needs that other.

    Finds: `variant_of` an object to which the link is optional.
    Mend: take `optional` out of the link, or give the object variants of its own.
    """
    for obj in target.objects:
        if obj.variant_of and obj.link_above and obj.link_above.optional:
            text = f"{an(obj.name)} without {an(obj.variant_of)} would have no variant"
            yield obj.place("variant_of"), text
