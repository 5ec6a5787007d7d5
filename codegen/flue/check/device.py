# SPDX-License-Identifier: BSD-2-Clause
"""Numbers that the hardware chooses: they are carried only where it has told them."""

from flue.model import DEVICE
from flue.model.dataflow import steps
from flue.model.queries import linked_numbers, numbers, quoted, sent_by

from .registry import rule


@rule("number-unknown")
def number_unknown(target):
    """A number of the hardware's names its entry from the answer that tells it, until the hardware has the
    object no more, or a command whose answer would tell it is lost; any other would name somebody else's.

    Finds: a command that carries a variable of the class `device` where no answer has told it (an undo
    decides that when it runs); one that no answer tells at all.
    Mend: let the command that adds the object return it; where that failed, lead to a state in which nothing
    carries it.
    """
    for obj in target.objects:
        told = {n for c in obj.commands for n in numbers(obj, c.returns)}
        above = _carried_above(target, obj)
        own = {n: c for c in reversed(obj.commands) for n in numbers(obj, c.carries)}
        for v in obj.of_class(DEVICE):
            by = own.get(v.name) or above.get(v.name)
            if by and v.name not in told:
                text = f'"{by.name}" carries "{v.name}" of {obj.name}, and no answer tells it'
                adds = [c for c in obj.commands if c.hardware == "has"]
                more = "..., " if adds and adds[0].returns else ""
                hint = f'returns: [{more}{v.name}], of "{adds[0].name}"' if adds else ""
                yield adds[0].place("returns") if adds else v.where, text, hint
        yield from _untold(
            target, obj, set(own) & told, {n: c for n, c in above.items() if n in told}
        )


def _carried_above(target, obj):
    """Numbers of this object that commands of others carry, each with one that does."""
    found: dict = {}
    for other in target.objects:
        for command in other.commands:
            for _, below, v in linked_numbers(target, other, command):
                if below is obj:
                    found.setdefault(v.name, command)
    return found


def _untold(target, obj, own, above):
    """The first place at which each of them is carried, or may be, and is not known."""
    useless = ("has_not", *(target.unusable.hardware if target.unusable else ()))
    for step in steps(target, obj):
        for command in sent_by(obj, step.arm) if step.arm.verb in ("send", "plan") else ():
            unknown = (numbers(obj, command.carries) & own) - step.after.known
            if unknown:
                own = own - unknown
                text = f'"{command.name}" carries {quoted(sorted(unknown))} in {step.spot}'
                text += f' on "{step.event}", where no answer has told it'
                yield step.arm.place(step.arm.verb or ""), text, _way_without(target, step, unknown)
        usable = step.to.resting and step.to.host == "has" and step.to.hardware not in useless
        for name in sorted(set(above) - step.after.known if usable else ()):
            text = f'"{above.pop(name).name}" carries "{name}" of {obj.name}, which may be'
            yield step.arm.where, f'{text} "{step.to.name}", where no answer has told it'


def _way_without(target, step, unknown):
    """How the state was come to in which these numbers are not known, if by an arm of another one."""
    for way in steps(target, step.obj):
        other = step.state.index and way.state is not step.state  # none is known of what is new
        if other and way.to is step.state and unknown - way.after.known:
            return (
                f'"{step.state.name}" is reached by "{way.event}" in "{way.state.name}" without it'
            )
    return ""


@rule("number-of-the-gone")
def number_of_the_gone(target):
    """What names an entry of the hardware's ends with the entry.

    Finds: a command with `hardware: has_not` that returns a variable of the class `device`.
    Mend: take it out of `returns`; nothing could carry it after that.
    """
    for obj in target.objects:
        for command in obj.commands:
            gone = numbers(obj, command.returns) if command.hardware == "has_not" else ()
            if gone:
                text = f'"{command.name}" takes the {obj.name} away, and returns {quoted(sorted(gone))}'
                yield command.place("returns"), f"{text}: nothing has that number then"
