# SPDX-License-Identifier: BSD-2-Clause
"""Variables of a kind: their types, classes, and where a structure of the host's has them; statuses."""

from __future__ import annotations

from dataclasses import dataclass, field

NUMBERS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i8": 1, "i16": 2, "i32": 4, "i64": 8}
HOST = ("const", "cached", "delegated", "request")
DECLARED = {
    "span": {"is": "u32", "unit": "ticks", "doc": "A span of time."},
    "age": {"is": "u32", "unit": "ticks", "kept_as": "moment", "doc": "Time gone by."},
    "timer": {"is": "u32", "unit": "ticks", "none": 0xFFFFFFFF, "doc": "Time that is left."},
    "phase": {
        "is": "u8",
        "enum": {"idle": 0, "open": 1, "shut": 2},
        "doc": "Where it is in its life.",
    },
    "skew": {"is": "i16", "doc": "How much earlier or later."},
    "slot": {"is": "u16", "none": 0xFFFF, "doc": "A place in a table."},
    "address": {
        "is": "pointer",
        "bytes": {"va": 4, "vb": 16},
        "byte_order": "network",
        "doc": "Names bytes.",
    },
    "chain": {"is": "pointer", "opaque": True, "doc": "Handed through."},
}
STATUSES = {
    "success": {"value": 0, "host": "OK", "good": True, "doc": "Done."},
    "partly": {
        "value": 1,
        "host": "PARTLY",
        "good": True,
        "doc": "Done, but not all that stands on it.",
    },
    "broken": {"value": -5, "host": "BROKEN", "doc": "The hardware failed."},
    "again": {"value": -11, "host": "AGAIN", "doc": "What it stands on is of no use now."},
    "full": {"value": -12, "host": "FULL", "doc": "No room."},
    "in_use": {"value": -16, "host": "IN_USE", "doc": "Others stand on it."},
    "absent": {"value": -19, "host": "ABSENT", "doc": "No such object, or not now."},
    "refused": {"value": -22, "host": "REFUSED", "doc": "It may not be so."},
    "misled": {"value": -95, "host": "MISLED", "doc": "Not for this kind."},
    "late": {"value": -110, "host": "LATE", "doc": "No answer."},
    "canceled": {"value": -125, "host": "CANCELED", "doc": "What it was to stand on failed."},
}
WIDTH = {"span": 4, "age": 4, "timer": 4, "phase": 1, "skew": 2, "slot": 2, "handle": 8}
POINTERS = ("address", "chain")


@dataclass
class Value:
    """A variable as a spec declares it, and what the generator has to know of it."""

    name: str
    klass: str
    body: dict
    flags: list[str] = field(default_factory=list)
    pulses: list[str] = field(default_factory=list)

    @property
    def type(self) -> str:
        return self.body["type"]

    @property
    def numeric(self) -> bool:
        plain = self.type in NUMBERS or self.type in ("span", "skew", "phase", "slot")
        return plain and not self.flags and not self.pulses and not self.body.get("secret")

    @property
    def secret(self) -> bool:
        return bool(self.body.get("secret"))

    @property
    def operations(self) -> list[str] | None:
        return self.body.get("in")

    def is_in(self, operation: str) -> bool:
        return self.operations is None or operation in self.operations

    @property
    def parts(self) -> list[str]:
        """What update rules name: the variable, or each of its flags."""
        return self.flags or ([] if self.pulses else [self.name])


def size_and_align(body: dict, word: int) -> tuple[int, int]:
    kind = body["type"]
    if "[" in kind:
        element, count = kind.rstrip("]").split("[")
        size = NUMBERS.get(element, word)
        return size * int(count), size
    size = NUMBERS.get(kind) or WIDTH.get(kind) or word
    return size, size


def lay_out(bodies: list[dict], word: int, begin: int, written: bool) -> tuple[int, int]:
    """Offsets as a C compiler gives them; the size, and the widest member."""
    at, widest = begin, 4 if begin else 1
    for body in bodies:
        size, align = size_and_align(body, word)
        widest = max(widest, align)
        if "beside" in body:  # bits of the unit before it
            del body["beside"]
            body["at"] = bodies[bodies.index(body) - 1]["at"]
            continue
        at = (at + align - 1) // align * align
        if written or "bits" in body:
            body["at"] = at
        at += size
    return (at + widest - 1) // widest * widest, widest


def number_type(dice) -> str:
    return dice.choice([*NUMBERS, "u32", "u32", "u16", "u64", "span", "skew", "phase"])


class Maker:
    """Makes variables of one kind; names are unique in it."""

    def __init__(self, dice, prefix: str, variants: bool, ages: bool) -> None:
        self.dice, self.prefix, self.count = dice, prefix, 0
        self.variants, self.ages = variants, ages

    def name(self) -> str:
        self.count += 1
        return f"{self.prefix}{self.count}"

    def plain(self, klass: str) -> Value:
        """One of any sort that may stand in this class."""
        name, d = self.name(), self.dice
        body: dict = {"type": number_type(d), "host": name.title(), "doc": "A value."}
        roll = d.random()
        if roll < 0.15:
            body["type"] = f"{d.choice(['u8', 'u8', 'u16', 'u32'])}[{d.randint(1, 9)}]"
        elif roll < 0.22 and klass in ("cached", "delegated") and self.ages:
            body["type"] = "age"
        elif roll < 0.27 and klass == "delegated":
            body["type"] = "timer"
        elif roll < 0.33 and self.variants and klass in ("const", "cached"):
            body["type"] = "address"
        elif roll < 0.38 and klass != "request":
            body["type"] = "chain"
        elif roll < 0.48 and klass in ("cached", "request", "const"):
            return self.flagged(name, klass, body)
        elif roll < 0.56:
            body["type"], body["bits"] = d.choice(
                [("u8", "1..5"), ("u16", "0..11"), ("u32", "3..20")]
            )
        if self.variants and d.random() < 0.12 and klass != "request":
            body["only"] = d.choice(["va", "vb"])
        if body["type"] in ("u32", "u64", "i32") and d.random() < 0.2:
            body["unit"] = "ticks"
        return Value(name, klass, body)

    def flagged(self, name: str, klass: str, body: dict) -> Value:
        d = self.dice
        body["type"] = d.choice(["u8", "u16", "u32"])
        flags = [f"{name}_f{i}" for i in range(d.randint(1, 2))]
        pulses = [f"{name}_p"] if klass == "cached" and d.random() < 0.5 else []
        body["flags"] = {f: {"mask": 1 << i, "doc": "A bit."} for i, f in enumerate(flags)}
        if d.random() < 0.5:
            body["flags"][flags[0]] = 1
        if pulses:
            body["pulses"] = {pulses[0]: {"mask": 8, "doc": "It acts."}}
        return Value(name, klass, body, flags, pulses)

    def flags_of_the_hardware(self, dice) -> list[Value]:
        """What it says of itself, bit by bit; in few kinds."""
        if dice.random() > 0.1:
            return []
        name = self.name()
        flags = {f"{name}_f{i}": {"mask": 1 << i, "doc": "A bit."} for i in range(2)}
        body = {"type": "u16", "host": name.title(), "doc": "What it says.", "flags": flags}
        return [Value(name, "delegated", body, list(flags))]

    def pair_of_bits(self, klass: str) -> list[Value]:
        """Two that share a unit."""
        a, b = self.name(), self.name()
        unit = self.dice.choice(["u8", "u16", "u32"])
        one = {"type": unit, "bits": "0..3", "host": a.title(), "doc": "Low bits."}
        other = {
            "type": unit,
            "bits": "4..7",
            "host": b.title(),
            "beside": True,
            "doc": "High bits.",
        }
        return [Value(a, klass, one), Value(b, klass, other)]

    def secret(self, klass: str, operations: list[str], keep: bool) -> Value:
        name = self.name()
        body = {"type": f"u8[{self.dice.choice([8, 16, 32])}]", "host": name.title()}
        body |= {"in": operations, "secret": True, "doc": "A secret."}
        if keep:
            body["keep"] = "while_offloaded"
        return Value(name, klass, body)

    def handle(self, klass: str, link: str) -> Value:
        name = f"{link}_handle"
        doc = {
            "type": "handle",
            "host": name.title().replace("_", ""),
            "doc": "Of what it stands on.",
        }
        return Value(name, klass, doc)

    def device(self) -> Value:
        kinds = ["u16", "u32", "u64", "u8[8]", "slot"]
        body = {"type": self.dice.choice(kinds), "doc": "A number."}
        if body["type"] == "u32" and self.dice.random() < 0.3:
            body["unit"] = "ticks"
        return Value(self.name(), "device", body)
