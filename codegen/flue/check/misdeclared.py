# SPDX-License-Identifier: BSD-2-Clause
"""Where an operation, or what a state is busy with, is not what it was to be, much is wrong elsewhere.

Of that nothing is said: all of it may be right once the declaration is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from flue.diagnostics import Diagnostic, Report
from flue.model import CLASSES, REQUEST, Operation, Target, Where

from .node import of_word

# What is concluded from all that operations bring.
OF_BROUGHT = frozenset(("update-not-cached", "cached-not-carried"))
# What is concluded from which operations take objects away.
OF_ENDINGS = frozenset(
    (
        *("false-claim", "false-success", "false-failure", "not-told", "not-returned"),
        *("guard-forgotten-dependents", "guard-forgotten-busy"),
        *("never-ended", "wrong-transfer", "kept-taken-away"),
    )
)
# Something is missed that an operation was to bring, or one that makes objects.
MISSED = re.compile("brings? no|not bring|neither brings|would have to bring|no operation brings")
BY_MAKERS = re.compile("what makes it|would have to bring")


def drop(target: Target, report: Report) -> None:
    """Take out what follows from a declaration."""
    report.drop(_of_busy(target, _errors(report)))
    for operation in target.operations:
        if not any(_is_in(d, _places(operation)) for d in _errors(report)):
            _fold(target, report, operation)
        found = _errors(report)
        used = target.node.key("state_used", operation.name)
        causes = [d for d in found if _is_in(d, _places(operation) + [used])]
        others = [d for d in found if causes and d is not causes[-1]]
        report.drop(d for d in others if _follows(d, operation))


def _errors(report: Report) -> list[Diagnostic]:
    return [d for d in report.diagnostics if d.severity == "error"]


def _is_in(found: Diagnostic, places: Sequence[Where | None]) -> bool:
    return any(where and found.is_at(where) for where in places)


def _follows(found: Diagnostic, operation: Operation) -> bool:
    return _names(found, operation) or _misses(found, operation) or found.rule in OF_BROUGHT


def _names(found: Diagnostic, operation: Operation) -> bool:
    return f'"{operation.name}"' in found.text + found.hint


def _places(operation: Operation) -> list[Where | None]:
    """Where it is said what an operation brings."""
    return [operation.where, operation.key("brings"), operation.key("reaches")]


def _of_busy(target: Target, found: list[Diagnostic]) -> list[Diagnostic]:
    """What is said of ways that would end otherwise, were a state busy with what it is entered for."""
    busy = [s.place("busy") for o in target.sound_objects for s in o.states if not s.resting]
    wrong = any(d.rule == "wrong-operation" and _is_in(d, busy) for d in found)
    return [d for d in found if wrong and d.rule in OF_ENDINGS]


def _fold(target: Target, report: Report, operation: Operation) -> None:
    """Where more is missed than one thing that the operation does not bring, that is said of it."""
    missed = [d for d in _errors(report) if _misses(d, operation)]
    lacking = _lacking(target, operation)
    if len(missed) < 2 or not lacking:
        return
    brings = f"no {' and no '.join(lacking)} variables"
    first = missed[0]
    report.drop(missed)
    text = f'"{operation.name}" brings {brings}, which {len(missed)} places need'
    hint = f"brings: [{', '.join((*operation.brings, *lacking))}]; first {first.place}"
    report.error(operation.key("brings") or operation.where, first.rule, text, hint)


def _misses(found: Diagnostic, operation: Operation) -> bool:
    """Whether something is missed that it may be this operation to bring."""
    if not MISSED.search(found.text + found.hint):
        return False
    makes = operation.reaches == "new" and BY_MAKERS.search(found.text + found.hint)
    return bool(makes) or _names(found, operation) or "no operation" in found.text + found.hint


def _lacking(target: Target, operation: Operation) -> list[str]:
    """Classes of objects that it makes, and does not bring."""
    about = [o for o in target.sound_objects if operation.may_name(o.name)]
    has = {v.klass for o in about for v in o.variables} - {"delegated"}
    used = of_word(operation.state_used) if not operation.key("returns") else ()
    brings = CLASSES if operation.reaches == "new" else (*CLASSES[1:2], REQUEST)
    missed = [k for k in brings if k in has and k not in operation.brings]
    return [k for k in missed if operation.reaches == "new" or k in used]
