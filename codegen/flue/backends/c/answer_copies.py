# SPDX-License-Identifier: BSD-2-Clause
"""Functions by which a driver gives back what it was told: from the arguments of the command that adds an
object into the data of an answer, every delegated variable that both have. Ages are left to the driver, they grow."""

from __future__ import annotations

from dataclasses import dataclass

from .fields import Field

NOT_COPIED = ("age", "pointer")


@dataclass(frozen=True)
class Copy:
    data: str  # the command whose answer is filled
    args: str  # the one that told
    fields: list[Field]


def answer_copies(commands: list) -> list[Copy]:
    """Of one object's commands, for each pair that has anything in common."""
    adding = [c for c in commands if c.command.hardware == "has"]
    out = []
    for answered in commands:
        for told in adding:
            shared = [f for f in answered.data if _copied(f, told.args)]
            if shared:
                out.append(Copy(answered.name, told.name, shared))
    return out


def _copied(field: Field, args: list[Field]) -> bool:
    v = field.variable
    if v is None or v.klass != "delegated" or v.type.kind in NOT_COPIED:
        return False
    return any(a.declaration == field.declaration for a in args)
