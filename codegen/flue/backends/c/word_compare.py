# SPDX-License-Identifier: BSD-2-Clause
"""Cached variables compared eight bytes at a time, wherever they lie side by side.

A command that carries several variables is needed if any of them differs. Where their values are
what their bytes say, one test for all of them costs a load, an exclusive or and a mask for every
word of the structure that they touch.
"""

from __future__ import annotations

from flue.model import Object
from flue.model.queries import planning

WORD = 8
MOST_BYTES = 32  # of one variable; longer ones are left to memcmp()


def plain(obj: Object, word: str) -> bool:
    """Whether this word of a `changed:` list is a matter of bytes alone, in all variants and operations."""
    v = _variable(obj, word)
    return (
        v is not None
        and not v.only
        and all(v.exists_in(o) for o in planning(obj))
        and v.type.kind not in ("age", "pointer")
        and v.type.bytes * v.type.count <= MOST_BYTES
        and obj.layout("cached").bytes >= WORD
    )


def word_test(obj: Object, words: list[str]) -> str:
    """The test, as C, for these words together."""
    masks: dict[int, int] = {}
    for word in words:
        for at, mask in _bytes(obj, word):
            base = min(at // WORD * WORD, obj.layout("cached").bytes - WORD)
            masks[base] = masks.get(base, 0) | mask << 8 * (at - base)
    lines = [f"flue_difference(node, own, {at}, {masks[at]:#x}u)" for at in sorted(masks)]
    return "(" + " |\n                    ".join(lines) + ") != 0"


def _variable(obj: Object, word: str):
    for v in obj.of_class("cached"):
        if v.name == word or word in [f.name for f in v.flags]:
            return v
    return None


def _bytes(obj: Object, word: str) -> list[tuple[int, int]]:
    """(offset, mask) of every byte in which the values of a word have bits; pulses have none."""
    v = _variable(obj, word)
    size = v.type.bytes * v.type.count
    mask = (1 << 8 * size) - 1
    if v.flags:
        flags = [f for f in v.flags if f.name == word or (v.name == word and not f.pulse)]
        mask = sum(f.mask for f in flags)
    if v.bits:
        low, high = v.bits
        mask = (mask & (1 << high - low + 1) - 1) << low
    found = [(v.at + i, mask >> 8 * i & 0xFF) for i in range(size)]
    return [(at, bits) for at, bits in found if bits]
