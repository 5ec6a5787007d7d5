# SPDX-License-Identifier: BSD-2-Clause
"""What a command carries or brings, by the words of its spec: variables, and flags of them."""

from __future__ import annotations

from .object import Object
from .types import Flag, Variable


def selected(obj: Object, words: tuple[str, ...]) -> list[tuple[Variable, Flag | None]]:
    """Variables and single flags meant by `carries` or `returns`, in the order of the variables.

    A handle is the host's name of an object: commands carry the link instead.
    """
    out: list[tuple[Variable, Flag | None]] = []
    for v in obj.variables:
        if v.type.kind == "handle":
            continue
        whole = v.klass in words or v.name in words
        if not v.flags:
            out += [(v, None)] if whole else []
            continue
        out += [(v, f) for f in v.flags if f.name in words or (whole and not f.pulse)]
    return out
