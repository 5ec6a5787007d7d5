# SPDX-License-Identifier: BSD-2-Clause
"""Small pieces of C that all of this back end is put together from."""

from __future__ import annotations

MEMBER_OF = {
    "const": "constant",
    "cached": "cached",
    "delegated": "delegated",
    "request": "request",
    "device": "device",
    "machine": "machine",
}


def class_bit(klass: str) -> str:
    return f"FLUE_CLASS_BIT(FLUE_{klass.upper()})"


def bits(words: list[str], none: str = "0") -> str:
    """An expression that joins bits."""
    return " | ".join(words) if words else none
