# SPDX-License-Identifier: BSD-2-Clause
"""Load and check: all that can be said about a spec folder in one run."""

from __future__ import annotations

from .load import load_with_holes
from .model import Target
from .report import Report


def analyse(directory: str, report: Report) -> tuple[Target | None, int]:
    """The model, if it is without errors, and how many rules it was held against."""
    target = load_with_holes(directory, report)
    if target is None:
        return None, 0
    from . import check

    if not report.failed:
        rules = check.run(target, report)
        return (None if report.failed else target), rules
    _check_the_rest(target, report, check)
    return None, 0


def _check_the_rest(target: Target, report: Report, check) -> None:
    """Rules for the files that are still without errors: one typo must not hide the others.

    Where names are missing the model has holes. So a rule may stumble, and what it says of the target,
    of an object with errors, or as a mere warning, may be wrong: only errors of good objects are kept.
    """
    bad = {d.file for d in report.diagnostics}
    if bad & {target.file, target.node.file}:
        return
    good = {obj.file for obj in target.objects} - bad
    for rule in check.RULES.values():
        found = Report()
        try:
            rule.run(target, found)
        except Exception:  # noqa: BLE001  (it met a hole, and the error that made it is reported)
            continue
        report.take(d for d in found.diagnostics if d.severity == "error" and d.file in good)
