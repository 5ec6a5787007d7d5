# SPDX-License-Identifier: BSD-2-Clause
"""A good status says that an operation took effect, in every table that names one.

Those of arms that are no refusals are in `claims`: there the way to the arm decides.
"""

from flue.model import OWN_RESULTS
from flue.model.describe import an
from flue.model.queries import is_good, is_operation, operation_at, places, quoted, sent_for

from .operations import cases
from .registry import rule
from .statuses import FREE_FORM, of_nothing


def _not_tried(target):
    """Every place but an arm's that names a status for what is not tried: (where, status, why)."""
    yield target.place("stale_handle"), target.stale_handle, "a node that names no object"
    for obj in target.objects:
        where = obj.place("pool", "full")
        yield where, obj.full_status, f"{an(obj.name)} for which there is no room"
    for operation in target.operations:
        where = operation.place("parent_failed")
        yield where, operation.parent_failed, "a node whose parent failed"
        yield operation.place("others"), operation.others, "a node of another kind"
        yield operation.place("aborted"), operation.aborted, "a node that is taken back"
    for mode in target.modes:
        for name, status in mode.refuse:
            yield mode.place("refuse", name), status, f'"{name}" in "{mode.name}"'


@rule("refused-as-good", once=True)
def refused_as_good(target):
    """Where nothing is done nothing took effect; a good status would keep values nobody took.

    Finds: a good status where nothing is tried: `refuse` of an arm or a mode, `pool: full`,
    `parent_failed`, `others`, `aborted` of an operation, `stale_handle`.
    Mend: give a status without `good: true`. Where nothing has to be done at all, say `status:`
    instead of `refuse:`.
    """
    for place in places(target):
        if place.arm.handling.value != "refuse" or not is_operation(target, place.event):
            continue
        status = place.arm.status
        if status not in FREE_FORM and target.status(status).good:
            yield place.arm.place("refuse"), f'"{status}" is a good status and refuses nothing'
    for where, status, why in _not_tried(target):
        if status and target.status(status).good:
            yield where, f'"{status}" is a good status, and nothing is done for {why}'


@rule("bad-result-as-good", once=True)
def bad_result_as_good(target):
    """A bad result says that a command failed; as a good status it would say that all is done.

    Finds: a bad result that becomes a good status, by `results` or by its name.
    Mend: let a bad status take the result: a line in `results`, or another name for the good one.
    """
    for operation in target.operations:
        named = dict(operation.results)
        for result, status in named.items():
            if target.status(status).good:
                text = f'the bad result "{result}" becomes "{status}", a good status'
                yield operation.place("results", result), text
        for result in OWN_RESULTS[1:]:
            if result not in named and result in operation.statuses and target.status(result).good:
                text = f'"{result}" is good, but the bad result of that name becomes it'
                yield target.status(result).place("good"), f'{text} under "{operation.name}"'
        for obj, command in sent_for(target, operation.name):
            for i, result in enumerate(command.answers):
                by_name = result not in named and result in operation.statuses
                if by_name and target.status(result).good:
                    text = f'the bad result "{result}" becomes the good status of that name'
                    yield command.place("answers", i), f'{text} under "{operation.name}"'


@rule("roll-up-lies", once=True)
def roll_up_lies(target):
    """A node's status says what became of its object: good if it took effect, bad if it did not.

    Finds: a line of a roll-up table that calls what failed good, or what was done bad.
    Mend: split the line by `own: good` and `own: bad`, or say `status: own`.
    """
    for operation in target.operations:
        taken: set[tuple] = set()
        for line in operation.roll_up:
            left = {own for role, own, _ in cases(line) - taken}
            taken |= cases(line)
            if line.role == "placeholder" or line.status == "own":
                continue
            good = target.status(line.status).good
            if good and "bad" in left:
                text = f'this line gives "{line.status}", a good status, to {an(line.role)} node'
                yield line.place(
                    "status"
                ), f"{text} whose object failed", "own: good, or status: own"
            elif not good and "good" in left and line.role == operation.reaches:
                text = f'this line gives "{line.status}", a bad status, to {an(line.role)} node'
                yield line.place("status"), f"{text} for which all was done"


@rule("first-good-status", once=True)
def first_good_status(target):
    """A node that asks for nothing ends with the first good status: to the host that is to say that all is done.

    Finds: a first good status that such nodes get (`status: own` of placeholders, and of references where an
    operation creates objects), and that no arm gives in this operation.
    Mend: in `statuses`, write a good status before it that arms give; one that a roll-up gives where dependents
    failed says that part is done, and comes later.
    """
    first, given = target.first_good, _given_by_arms(target)
    for operation in target.operations if first else ():
        arms = given.get(operation.name, set())
        asked = first.name in operation.statuses
        if asked and arms and first.name not in arms and any(_lines_of_nothing(operation)):
            text = f'"{first.name}" is the first good status, and no arm of "{operation.name}" gives it'
            better = quoted((s.name for s in target.statuses if s.name in arms), " or ")
            why = f"nodes get it that ask for nothing; write {better} before it"
            yield first.where, text, why


def _lines_of_nothing(operation):
    return (line for line in operation.roll_up if of_nothing(operation, line))


def _given_by_arms(target) -> dict[str, set]:
    """The good statuses that arms give, by operations; nobody knows what a poisoned object's do."""
    given: dict[str, set] = {}
    if len(target.sound_objects) < len(target.objects):
        return given
    for place in places(target):
        operation = operation_at(target, place.state, place.event)
        if operation and is_good(target, place.arm.status):
            given.setdefault(operation.name, set()).add(place.arm.status)
    return given
