# SPDX-License-Identifier: BSD-2-Clause
"""What a request says of itself is there as long as the request is, and nobody keeps it."""

from flue.model import REQUEST
from flue.model.queries import carried, operation_at, places, sent_by

from .registry import rule


@rule("request-not-kept", once=True)
def request_not_kept(target):
    """Variables of the class `request` are those of the node under way: without it there are none.

    Finds: a command that carries them, sent where no operation brings them; one that would be undone
    by their old values; an operation that makes objects and brings them; a pointer among them that is
    followed.
    Mend: send such commands for operations that bring `request`; move what has to be known later to
    `const` or `cached`.
    """
    for operation in target.operations:
        if operation.reaches == "new" and REQUEST in operation.brings:
            text = f'"{operation.name}" makes objects, which keep what they are made with'
            yield operation.place("brings", operation.brings.index(REQUEST)), text
    for obj in target.objects:
        names = {v.name: v for v in obj.of_class(REQUEST)}
        for v in names.values():
            if v.type.kind == "pointer":
                yield v.place(
                    "type"
                ), f'what "{v.name}" names is nobody\'s once the command is sent'
        for command in obj.commands:
            found = names.keys() & carried(obj, command.carries)
            if found and command.undo == "old_values":
                text = (
                    f'"{command.name}" carries "{min(found)}", of which nobody keeps an old value'
                )
                yield command.place("undo"), text
    yield from _sent_without(target)


def _sent_without(target):
    for place in places(target):
        operation = operation_at(target, place.state, place.event)
        for command in sent_by(place.obj, place.arm):
            words = carried(place.obj, command.carries)
            for v in place.obj.of_class(REQUEST):
                brings = operation and REQUEST in operation.brings and v.exists_in(operation.name)
                if v.name in words and not brings:
                    who = f'which "{operation.name}" does not bring' if operation else ""
                    who = who or f'and on "{place.event}" there is no node'
                    text = f'"{command.name}" carries "{v.name}", {who}'
                    yield place.arm.place(str(place.arm.verb)), text
