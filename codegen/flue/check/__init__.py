# SPDX-License-Identifier: BSD-2-Clause
"""The rules a set of specs must keep. Each is one short function in the module of its subject."""

from . import (  # noqa: F401  (importing a module registers its rules)
    busy,
    claims,
    commands,
    generated,
    goodness,
    guards,
    identifiers,
    indications,
    law,
    layers,
    layout,
    node,
    numbers,
    operations,
    questions,
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
