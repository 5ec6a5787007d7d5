# SPDX-License-Identifier: BSD-2-Clause
"""Where a variable is there: `in:` names the operations in which it exists.

In all others its bytes are somebody else's: nothing reads them, compares them, keeps them or writes
them. Outside of operations (a restore, an indication) there is no node of the host's: a restore
sends what the object was brought, an indication tells nothing of it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flue.model import Object, Target, Variable
from flue.model.c_names import Names
from flue.model.copies import has_room


@dataclass(frozen=True)
class Tied:
    """A variable that is there in some of the operations that a function serves."""

    variable: Variable
    test: str  # C: it is there; false where it never is


def giving(target: Target, klass: str) -> set[str]:
    """The operations that give the object's copy of a class to the host."""
    return {o.name for o in target.operations if o.returns == "asked" or klass in o.returns}


def had(target: Target, obj: Object, v: Variable) -> bool:
    """Whether the object's copy of its class has room for it."""
    return has_room(target, obj, v)


def tests(names: Names, operations) -> list[str]:
    return [f"q->operation == {names.operation(o)}" for o in operations]


def tied(names: Names, found, operations: set[str]) -> list[Tied]:
    """Those of the variables that are not there in all of the operations."""
    out = []
    for v in found:
        if v.operations and not operations <= set(v.operations):
            there = [o for o in v.operations if o in operations]
            out.append(Tied(v, " || ".join(tests(names, there)) or "false"))
    return out


def there(names: Names, v: Variable, operations: set[str]) -> str:
    """The same as one condition for a longer one; empty where it always is."""
    found = tied(names, [v], operations)
    if not found:
        return ""
    return f"({found[0].test})" if " || " in found[0].test else found[0].test
