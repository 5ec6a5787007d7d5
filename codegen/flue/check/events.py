# SPDX-License-Identifier: BSD-2-Clause
"""Events of the device: they come at any moment, bring nobody's node and owe nobody a status."""

from flue.model import Handling
from flue.model.describe import an
from flue.model.queries import host_knows, is_of_device, places, quoted

from .registry import rule


def _arms(target):
    """Places in which an event of the device does something."""
    for place in places(target):
        if is_of_device(place.obj, place.event) and place.arm.handling is Handling.ARM:
            yield place


@rule("event-while-busy", once=True)
def event_while_busy(target):
    """A busy state waits for the answer to its command; left before, nobody takes that answer.

    Finds: an event of the device that leads out of a busy state.
    Mend: `defer: true`: it is seen as soon as the object rests.
    """
    for place in _arms(target):
        if not place.state.resting and place.to is not place.state:
            text = f'"{place.event}" leaves {place.spot} while a command is under way'
            yield place.arm.where, text, "defer: true"


@rule("event-forgotten", once=True)
def event_forgotten(target):
    """What the hardware does by itself is so from then on; an event that says so must be heard.

    Finds: an event of the device with `hardware:` that a busy state drops.
    Mend: `defer: true`: it is seen as soon as the object rests, in a state that claims what is so.
    """
    for place in places(target):
        event = place.obj.event(place.event)
        drops = place.arm.handling is not Handling.DEFER and place.to is place.state
        if event and event.hardware and not place.state.resting and drops:
            text = f'"{event.name}" changes what the hardware has, and {place.spot} forgets it'
            yield place.arm.where, text, "defer: true"


@rule("event-data-unused", warning=True)
def event_data_unused(target):
    """Data of an event are for the host, or for variables that an arm sets.

    Finds: an event of the device with `data:` that no arm passes on: none tells of it by an indication
    whose call passes `data`, and none sets a variable to it.
    Mend: `tell` or `set` where the event comes; or leave the data out.
    """
    passing = {c.name for c in target.calls if "data" in c.passes}
    by = {i.name for i in target.indications if i.call in passing}
    told = {
        (place.obj.name, place.event)
        for place in places(target)
        if (place.arm.tell is not None and place.arm.tell[0] in by)
        or any(s.value and s.value.sort == "event" for s in place.arm.sets)
    }
    unused = [
        event
        for obj in target.sound_objects
        for event in obj.events
        if event.data and (obj.name, event.name) not in told
    ]
    if not passing and len(target.calls) == 1 and len(unused) > 1:
        names = quoted(dict.fromkeys(event.name for event in unused))
        text = f'"{target.calls[0].name}" passes no data: nobody gets those of {names}'
        yield target.calls[0].place("passes"), text, "passes: [..., data]"
        return
    for event in unused:
        text = f'nobody gets the data of "{event.name}"'
        yield event.place("data"), text, "tell it, by a call that passes data"


@rule("wrong-tell", once=True)
def wrong_tell(target):
    """Told is what has happened to an object that the host has, with what the device says of it.

    Finds: `tell` on an event that is not the device's; where the host has no handle of the object;
    an indication about another object; one whose `detail` is an argument.
    Mend: tell by an indication about this object, in states where the host has it. What goes along
    is the event's `data`.
    """
    said = set()
    for place in places(target):
        if place.arm.tell is None or (place.obj.name, place.arm.tell[0]) in said:
            continue
        indication = target.indication(place.arm.tell[0])
        at = place.arm.place("tell")
        if not is_of_device(place.obj, place.event):
            hint = "take it out; a state raises others (raises)"
            yield at, f'"{place.event}" cannot tell: only events of the device do', hint
        elif not host_knows(target, place.state):
            text = f'"{indication.name}" is told in {place.spot}'
            text += f", where the host has no handle of the {place.obj.name}"
            yield at, text, "stay: true, or defer: true until it has"
        elif indication.about != place.obj.name:
            who = "the target" if indication.about == "target" else an(indication.about)
            said.add((place.obj.name, indication.name))
            text = f'"{indication.name}" is about {who}: {an(place.obj.name)} cannot tell by it'
            yield at, text, _indication_for(target, place.obj, indication)
        elif indication.argument:
            text = (
                f'"{indication.name}" has the argument "{indication.argument}": an event has none'
            )
            yield at, text, "pass the event's data"


def _indication_for(target, obj, indication) -> str:
    """Those that could be meant; or what that one has to be about."""
    names = [i.name for i in target.indications if i.about == obj.name]
    about = f'about: {obj.name}, at "{indication.name}"'
    return f"tell: {' or '.join(names)}; or {about}" if names else about
