# SPDX-License-Identifier: BSD-2-Clause
"""Variables and numbers as the tables of a suite have them."""

from __future__ import annotations

from flue.model import DEVICE, Variable


def class_(klass: str) -> str:
    return f"FLUE_{klass.upper()}"


def variable(v: Variable, object_struct: str = "") -> str:
    """`object_struct` has those of the device, which no structure of the host's has."""
    low = v.bits[0] if v.bits else 0
    sign = str(v.type.signed).lower()
    where = f"{class_(v.klass)}, {v.at}"
    if v.klass == DEVICE:
        where = f"SUITE_OF_DEVICE, offsetof({object_struct}, device.{v.name})"
    return f"{{{where}, {v.type.bytes}, {low}, {v.ones:#x}u, {sign}}}"


def signed(value: int) -> str:
    """64 bits as a signed number in C."""
    value -= 1 << 64 if value >= 1 << 63 else 0
    return f"INT64_C({value})" if value > -(1 << 63) else "INT64_MIN"


def values(name: str, found) -> list[tuple[str, str]]:
    if not found:
        return []
    numbers = ", ".join(map(signed, found))
    return [
        (f"{name}s", f"(const int64_t[]){{{numbers}}}"),
        (f"{name}_count", str(len(tuple(found)))),
    ]
