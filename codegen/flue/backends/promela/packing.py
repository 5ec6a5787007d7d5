# SPDX-License-Identifier: BSD-2-Clause
"""An arm in one number of a model: a step is one expression, and an int has 31 bits."""

from __future__ import annotations

from flue.model import Target

COMMANDS = 15  # bits of a short that are no sign
BITS = 31


class VerifyError(Exception):
    """SPIN is missing, or did not get along with a model."""


def fits(target: Target) -> None:
    """What no rule limits as much: a model that is too small for a spec says nothing of it."""
    for obj in target.objects:
        if len(obj.commands) > COMMANDS:
            text = (
                f"models take {COMMANDS} commands of an object; {obj.name} has {len(obj.commands)}"
            )
            raise VerifyError(text)


def _fields(arm) -> dict[str, int]:
    return {
        "arm": arm.number,
        "to": arm.to,
        "verb": arm.verb,
        "mk": arm.marks,
        "give": arm.status,
        "cl": arm.clears,
    }


class Packing:
    """Fields as wide as the arms of all kinds need them."""

    def __init__(self, view):
        cells = (c for k in view.kinds for s in k.obj.states for c in k.cells(s))
        arms = [_fields(a) for *_, arms in cells for a in arms]
        self.widths = {
            name: max((a[name].bit_length() for a in arms), default=0)
            for name in ("arm", "to", "verb", "mk", "give", "cl")
        }
        if sum(self.widths.values()) > BITS:
            text = ", ".join(f"{bits} for {name}" for name, bits in self.widths.items())
            raise VerifyError(f"models have {BITS} bits for an arm; this spec needs {text}")

    def pack(self, arm) -> int:
        """The values of all fields in one number."""
        out, at, values = 0, 0, _fields(arm)
        for name, bits in self.widths.items():
            out |= values[name] << at
            at += bits
        return out

    def unpack(self) -> str:
        """Statements that take `word` apart again."""
        out, at = [], 0
        for name, bits in self.widths.items():
            out.append(f"{name} = (word >> {at}) & {(1 << bits) - 1}")
            at += bits
        return "; ".join(out)
