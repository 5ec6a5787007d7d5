# SPDX-License-Identifier: BSD-2-Clause
"""The rules a set of specs must keep. Each is one short function in the module of its subject."""

from flue.check import (  # noqa: F401  (importing a module registers its rules)
    commands,
    completions,
    conditions,
    goodness,
    guards,
    identifiers,
    indications,
    knowledge,
    layers,
    layout,
    limits,
    node,
    numbers,
    operations,
    progress,
    statuses,
    totality,
    unused,
    updates,
)
from .registry import RULES, rule

__all__ = ["RULES", "rule", "run"]


def run(target, report) -> int:
    """Apply every rule, in the order of their names' registration; how many rules there were."""
    for each in RULES.values():
        each.run(target, report)
    return len(RULES)
