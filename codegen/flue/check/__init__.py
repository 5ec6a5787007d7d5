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
    return len(RULES)
