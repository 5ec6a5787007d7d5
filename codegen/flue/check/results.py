# SPDX-License-Identifier: BSD-2-Clause
"""Questions about the result of what failed: where there is one, and which it can be."""

from flue.model.dataflow import steps
from flue.model.outcomes import WITH_RESULT, first_bad


def unanswerable(target, place, question) -> str | None:
    """Why the question has one answer only in an arm of a cell."""
    if place.event not in WITH_RESULT:
        return "after a reset no answer counts" if place.event == "reset" else "it is no answer"
    ways = {
        step.before
        for step in steps(target, place.obj)
        if (step.state, step.event) == (place.state, place.event)
    }
    if place.event == "done" and not all(fact.failed for fact in ways):
        return "no command failed before"
    possible = frozenset().union(
        *(first_bad(target, place.obj, fact, place.event) for fact in ways)
    )
    asked = set(question.results)
    if ways and not asked & possible:
        return "nothing that can have failed by then has such a result"
    if ways and possible <= asked:
        return "whatever failed by then has such a result"
    return None
