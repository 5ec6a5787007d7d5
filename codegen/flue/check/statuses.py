# SPDX-License-Identifier: BSD-2-Clause
"""Statuses: what completes a node is allowed for its operation and has a value to write."""

from flue.model.queries import operation_at, places, quoted

from .registry import rule

FREE_FORM = (None, "own", "from_command")


@rule("status-not-allowed")
def status_not_allowed(target):
    """The host knows a few statuses per operation; any other it would misread.

    Finds: a status that is not among the operation's.
    Mend: name one of the statuses that the operation lists (the hint does), or add this one to its
    `statuses`.
    """
    said: set[object] = set()
    for found in (_of_operations, _of_arms, _of_objects, _of_target):
        for where, status, operation in found(target):
            allowed = status in FREE_FORM or status in operation.statuses
            if not allowed and not said & {(status, operation.name), where}:
                said |= {(status, operation.name), where}
                text = f'"{status}" is not a status of "{operation.name}"'
                yield where, text, f"allowed: {quoted(operation.statuses)}"


def _of_arms(target):
    for place in places(target):
        operation = operation_at(target, place.state, place.event)
        if operation:
            key = "status" if place.arm.handling.value == "arm" else "refuse"
            yield place.arm.place(key), place.arm.status, operation


def _of_operations(target):
    for operation in target.operations:
        for result, status in operation.results:
            yield operation.place("results", result), status, operation
        for line in operation.roll_up:
            yield line.place("status"), _rolled_up(target, operation, line), operation
        yield operation.place("parent_failed"), operation.parent_failed, operation
        yield operation.place("others"), operation.others, operation
        yield operation.place("aborted"), operation.aborted, operation


def _rolled_up(target, operation, line):
    """What a line gives; a node that asks for nothing is itself trivially good."""
    first = target.first_good
    return first.name if first and of_nothing(operation, line) else line.status


def of_nothing(operation, line) -> bool:
    """Whether a line of a roll-up gives nodes that ask for nothing the status of their own part."""
    nothing = line.role == "placeholder" or (line.role, operation.reaches) == ("reference", "new")
    return line.status == "own" and nothing and line.own != "bad"


def _of_objects(target):
    for obj in target.objects:
        for operation in target.operations:
            if operation.reaches == "new":
                yield obj.place("pool", "full"), obj.full_status, operation


def _of_target(target):
    for operation in target.operations:
        yield target.place("stale_handle"), target.stale_handle, operation
    for mode in target.modes:
        for name, status in mode.refuse:
            yield mode.place("refuse", name), status, target.operation(name)


@rule("status-without-value")
def status_without_value(target):
    """A status the host has no number for, or that only drivers use, can complete nothing.

    Finds: an operation that may end with a status of no value, or the driver's only.
    Mend: leave it out of the operation's `statuses`, or give it the number that the host's headers
    have.
    """
    for operation in target.operations:
        for i, name in enumerate(operation.statuses):
            status = target.status(name)
            if status.value is None or status.driver_only:
                why = "is the driver's only" if status.driver_only else "has no known value"
                text = f'"{name}" {why}: "{operation.name}" cannot complete with it'
                yield operation.place("statuses", i), text
