# SPDX-License-Identifier: BSD-2-Clause
"""Variables and numbers as the tables of a suite have them."""

from __future__ import annotations

from flue.model import OBJECTS_CLASSES, Target, Variable

from .expressions import MEMBER_OF


def along(target: Target, names: tuple[str, ...] | None) -> str:
    """Links along which marks count, by their names."""
    if names is None:
        names = tuple(dict.fromkeys(x.name for o in target.objects for x in o.links))
    words = ", ".join([*(f'"{name}"' for name in names), "NULL"])
    return f"(const char *const[]){{{words}}}"


def class_(klass: str) -> str:
    return f"FLUE_{klass.upper()}"


def variable(v: Variable, object_struct: str = "") -> str:
    """`object_struct` has those that no structure of the host's has."""
    if v.klass in OBJECTS_CLASSES:
        return lies(v, "SUITE_OF_DEVICE", f"offsetof({object_struct}, {v.klass}.{v.name})")
    return lies(v, class_(v.klass), str(v.at))


def in_object(v: Variable, object_struct: str) -> str:
    """The object's own copy of a variable, be there a structure of the host's or not."""
    if v.klass in OBJECTS_CLASSES:
        return variable(v, object_struct)
    at = f"offsetof({object_struct}, {MEMBER_OF[v.klass]}) + {v.at}"
    return lies(v, "SUITE_OF_DEVICE", at)


def lies(v: Variable, of_class: str, at: str) -> str:
    """A variable at its place in a structure."""
    low = v.bits[0] if v.bits else 0
    sign = str(v.type.signed).lower()
    return f"{{{of_class}, {at}, {v.type.bytes}, {low}, {v.ones:#x}u, {sign}}}"


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
