# SPDX-License-Identifier: BSD-2-Clause
"""The rules a set of specs must keep. Each is one short function in the module of its subject."""

import importlib
import pkgutil

from . import consequences
from .registry import RULES, rule

__all__ = ["RULES", "rule", "run"]

for _module in pkgutil.iter_modules(__path__):  # importing a module registers its rules
    importlib.import_module(f"{__name__}.{_module.name}")


def run(target, report) -> int:
    """Apply every rule, in the order of their names' registration, the last ones where nothing is wrong, and warnings
    after those; how many rules there were."""
    for each in sorted(RULES.values(), key=lambda each: (each.last, each.warning)):
        if not (each.last and report.failed):
            each.run(target, report)
    consequences.drop(target, report)
    return len(RULES)


assert {*consequences.FIRST, *consequences.CONCLUDED} <= set(RULES)
