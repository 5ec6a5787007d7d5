# SPDX-License-Identifier: BSD-2-Clause
"""The models of a spec: what the check is silent of and the search calls wrong is a mistake of one of them."""

from __future__ import annotations

from dataclasses import replace

from built import Failure

from flue.backends.promela import spin
from flue.backends.promela.catalogue import QUICK
from flue.backends.promela.packing import VerifyError


def searched(target, letters: str, megabytes: int) -> dict[str, int]:
    """How many models were searched to the end, and their states; each within so much memory."""
    spin.MEMORY_MB = megabytes
    try:
        runs = spin.verify(_untold(target), letters=letters, jobs=1, bounds=QUICK)
    except VerifyError as e:
        if "models" in str(e):  # have no room for this spec
            return {"unsearched": 1}
        raise
    for run in runs:
        if run.errors:
            story = "\n".join(run.story)
            raise Failure(f"model {run.model.name}: {run.story[-1]}\n{story}")
    return {
        "searched": sum(r.complete for r in runs),
        "unsearched": sum(not r.complete for r in runs),
        "states": sum(r.states for r in runs),
    }


def _untold(target):
    """That every loss is told is the author's own wish (spec/rules.md); marks here have other uses."""
    return replace(target, objects=tuple(replace(o, sees=()) for o in target.objects))
