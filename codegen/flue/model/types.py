# SPDX-License-Identifier: BSD-2-Clause
"""Variables of an object, their types, and the host's structures they lie in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .location import Placed, Where

CLASSES = ("const", "cached", "delegated")  # of an object, in the host's structures
DEVICE = "device"  # numbers that the hardware chooses: in the object only
MACHINE = "machine"  # numbers that arms set: in the object only
REQUEST = "request"  # in the host's structures, too; brought with a request, and kept nowhere
HOST_CLASSES = (*CLASSES, REQUEST)
OBJECTS_CLASSES = (DEVICE, MACHINE)  # in no structure of the host's
VARIABLE_CLASSES = (*HOST_CLASSES, *OBJECTS_CLASSES)
# What may follow a node beside one class, or all that an object has.
TOGETHER = {"cached_request": ("cached", REQUEST)}
INTEGERS = {f"{sign}{bits}": bits // 8 for sign in "ui" for bits in (8, 16, 32, 64)}
_ARRAY = re.compile(r"(.+)\[([1-9][0-9]*)\]\Z")


@dataclass(frozen=True)
class Type(Placed):
    """A declared or built-in type, reduced to what C needs."""

    name: str  # as the spec writes it: u32, u8[32], age, ip_address, void*[2]
    c: str  # C type of one element: uint32_t, int32_t, void *
    bytes: int  # of one element in the host's memory
    count: int = 1  # elements of an array
    kind: str = (
        "value"  # value | age | handle | pointer (to bytes by variant) | opaque (handed through)
    )
    variant_bytes: tuple[
        tuple[str, int], ...
    ] = ()  # pointer: length of what it points to, by variant
    enum: tuple[tuple[str, int], ...] = ()
    none: int | None = None  # the value that says "there is none"
    unit: str = ""
    byte_order: str = ""  # of what a pointer names: network | host; empty: none is said
    doc: str = ""
    where: Where | None = None

    @property
    def size(self) -> int:
        return self.bytes * self.count

    @property
    def array(self) -> bool:
        return self.name.endswith("]")

    @property
    def signed(self) -> bool:
        return self.c.startswith("int")

    @property
    def number(self) -> bool:
        """One plain whole number: no array, no pointer, no age."""
        return self.kind == "value" and not self.array

    def holds(self, value: int) -> bool:
        """Whether it can have this value."""
        bits = 8 * self.bytes
        return -(1 << bits - 1) <= value < 1 << bits - 1 if self.signed else 0 <= value < 1 << bits

    @property
    def stored_bytes(self) -> int:
        """Bytes an object keeps for it: what a pointer names, not the pointer."""
        return max((n for _, n in self.variant_bytes), default=self.size)


def c_integer(name: str) -> str:
    """u32 -> uint32_t."""
    return f"{'u' if name[0] == 'u' else ''}int{name[1:]}_t"


HANDLE = Type(name="handle", c="uint64_t", bytes=8, kind="handle")


def built_in(name: str) -> Type | None:
    """A built-in integer type, an array of one, or a handle of the target's."""
    if name == HANDLE.name:
        return HANDLE
    array = _ARRAY.match(name)
    base, count = (array[1], int(array[2])) if array else (name, 1)
    if base not in INTEGERS:
        return None
    return Type(name=name, c=c_integer(base), bytes=INTEGERS[base], count=count)


@dataclass(frozen=True)
class Flag(Placed):
    """One named bit (or mask) of a flags variable; a pulse always acts and is never kept."""

    name: str
    mask: int
    pulse: bool
    where: Where
    doc: str = ""


@dataclass(frozen=True)
class Variable(Placed):
    name: str
    klass: str  # one of VARIABLE_CLASSES
    type: Type
    host: str  # member of the host's structure, may be nested: KeepAlive.ProbeCount; or of the object's
    at: int  # offset in bytes within the class's structure
    bits: tuple[int, int] | None  # inclusive, bit 0 is the least significant of the storage unit
    flags: tuple[Flag, ...]  # flags and pulses; empty for a plain variable
    only: str | None  # exists for this variant only
    operations: tuple[str, ...]  # `in:`; empty = in all
    unit: str
    doc: str
    where: Where
    secret: bool = False  # goes from the node to the command, and nowhere else
    keep: bool = False  # a secret that the object has, too, as long as the host has the object

    def exists_in(self, operation: str | None) -> bool:
        return not self.operations or operation in self.operations

    @property
    def ones(self) -> int:
        """All bits of its value."""
        low, high = self.bits or (0, 8 * self.type.bytes - 1)
        return (1 << high - low + 1) - 1

    @property
    def kind(self) -> str:
        """value, pulse or age: how an update treats it (flags may mix values and pulses)."""
        return "age" if self.type.kind == "age" else "value"


@dataclass(frozen=True)
class ClassLayout(Placed):
    """The host's structure for one class of an object's variables."""

    klass: str
    struct: str
    bytes: int
    where: Where
    doc: str = ""
