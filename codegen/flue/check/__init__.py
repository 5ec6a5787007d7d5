# SPDX-License-Identifier: BSD-2-Clause
"""The rules a set of specs must keep. Each is one short function in the module of its subject."""

import importlib
import pkgutil

from .registry import RULES, rule

__all__ = ["RULES", "rule", "run"]

for _module in pkgutil.iter_modules(__path__):  # importing a module registers its rules
    importlib.import_module(f"{__name__}.{_module.name}")


def run(target, report) -> int:
    """Apply every rule, in the order of their names' registration, the last ones where nothing is wrong; how many rules there were."""
    for each in sorted(RULES.values(), key=lambda each: each.last):
        if not (each.last and report.failed):
            each.run(target, report)
    report.keep_first(_arms(target), FIRST)
    return len(RULES)


# Of an arm that breaks one of these all else that is said follows from that, or cannot be known.
FIRST = (
    *("defer-internal", "defer-at-rest", "wrong-operation", "completion-lost"),
    *("completion-doubled", "unhandled-answer", "send-in-reset", "waits-for-two", "stuck-state"),
    *("refused-as-good", "false-claim", "false-success"),
)
assert set(FIRST) <= set(RULES)


def _arms(target) -> set:
    """Where arms stand."""
    return {a.where for o in target.sound_objects for c in o.cells for a in c.arms if a.where}
