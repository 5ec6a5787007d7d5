# SPDX-License-Identifier: BSD-2-Clause
"""Variables that are not always there (`in:`), and commands that would tell the hardware 0 of them."""

from flue.model.copies import has_value
from flue.model.queries import carried, operation_at, places, sent_by, sent_for

from .registry import rule


@rule("without-value", once=True, last=True)
def without_value(target):
    """Where a variable is not there, commands carry 0: the hardware would have that of what the object keeps.

    Finds: a command that adds an object or changes it, in an operation on what is there already, and carries
    a const or cached variable that `in` leaves out of this operation: named outright, or with its class by a
    command that adds the object, or that has a value of it elsewhere.
    Mend: name the operation under `in` of the variable: where it does not bring the class, the command
    carries what the object has. Or let another command be sent that does without.
    """
    for operation in target.operations:
        for obj, command in sent_for(target, operation.name) if operation.reaches != "new" else ():
            if command.hardware == "has_not":  # nobody has it any more
                continue
            names = carried(obj, command.carries)
            for v in obj.of_class("const") + obj.of_class("cached"):
                words = {v.name, *(f.name for f in v.flags)}
                if not words & names or v.exists_in(operation.name) or not has_value(target, v):
                    continue
                if words & set(command.carries) or _elsewhere(target, obj, command, v):
                    text = f'"{command.name}" carries "{v.name}", which is not there in "{operation.name}"'
                    hint = f"the hardware would have 0 of what the {obj.name} has"
                    yield command.place("carries"), text, hint


def _elsewhere(target, obj, command, v) -> bool:
    """Whether the command adds the object, or has a value of it in another operation or on a restore."""
    if command.hardware == "has":
        return True
    sent = [p for p in places(target) if p.obj is obj and command in sent_by(obj, p.arm)]
    operations = [operation_at(target, p.state, p.event) for p in sent]
    return any(o is None or v.exists_in(o.name) for o in operations)
