# SPDX-License-Identifier: BSD-2-Clause
"""Names of a target as somebody types them, and the numbers that the program on the other side knows."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from flue.backends.c.simulate_tables import SimulateObject, Value
from flue.diagnostics import did_you_mean
from flue.model import HOST_CLASSES, Command, DeviceEvent, Object, Operation, Target, Type
from flue.model.c_names import Names

ANY = 255  # and none: FLUE_NO_BYTE
ASKED = "asked"


class PlayError(Exception):
    """A line that cannot be; nothing came of it."""


def known(what: str, word: str, words: Iterable[str]) -> str:
    """The word, if it is one of these."""
    words = list(words)
    if word in words:
        return word
    hint = did_you_mean(word, words) or ("known: " + ", ".join(words) if words else "there is none")
    raise PlayError(f'unknown {what} "{word}"; {hint}')


class Lexicon:
    def __init__(self, target: Target, faults: list[str]) -> None:
        self.target, self.faults = target, faults
        names = Names(target)
        self.kinds = {o.name: o for o in target.objects}
        self.operations = {o.name: o for o in target.operations}
        self.values = {
            o.name: {
                _word(x): (i, x) for i, x in enumerate(SimulateObject(target, names, o).values)
            }
            for o in target.objects
        }
        self.transfers = [(o.name, t.name) for o in target.objects for t in o.transfers]
        self.commands = {c.name: (o, c) for o in target.objects for c in o.commands}

    def operation(self, word: str) -> Operation:
        return self.operations[known("operation", word, self.operations)]

    def kind(self, word: str) -> Object:
        return self.kinds[known("kind of object", word, self.kinds)]

    def command(self, word: str) -> tuple[Object, Command]:
        return self.commands[known("command", word, self.commands)]

    def result(self, command: Command, word: str) -> int:
        """The number of a bad result that this command may be answered with."""
        known(f"answer to {command.name}", word, command.answers)
        return self.target.results.index(word)

    def settings(self, kind: str, operation: Operation) -> list[str]:
        """What may stand before a `=`: what the operation brings of such an object."""
        obj, made = self.kinds[kind], operation.reaches == "new"
        by = {link.by: link.name for link in obj.links}
        words = [by[None]] if None in by and "link" in operation.brings else []
        for word, (_, value) in self.values[kind].items():
            v = value.variable
            if v.klass in operation.brings and v.exists_in(operation.name):
                words.append(by.get(v.name, word))
        words += ["variant"] * (made and bool(obj.variants))
        return [*words, *[ASKED] * (len(self.asked(obj, operation)) > 1)]

    @staticmethod
    def asked(obj: Object, operation: Operation) -> dict[str, int]:
        """What a node's type may ask this operation for: classes, as bits."""
        if operation.state_used != "any" or operation.reaches == "new":
            return {}
        return {
            code.word or code.classes[0]: sum(1 << HOST_CLASSES.index(c) for c in code.classes)
            for code in obj.type_codes
        }

    def indication(self, call: str, code: int) -> str:
        """Which one is made by this call of the host's with this code."""
        made = [
            i.name for i in self.target.indications if i.call == call and i.code in (code, None)
        ]
        return " or ".join(made)


def _word(value: Value) -> str:
    return value.flag.name if value.flag else value.variable.name


def number(value: Value, text: str) -> int:
    """As the entry has it."""
    v = value.variable
    if value.flag:
        return int(known(f"value of {_word(value)}", text, ("0", "1")))
    named = dict(v.type.enum)
    if text in named:
        return named[text] & v.ones
    try:
        n = int(text, 0)
    except ValueError:
        raise PlayError(f'{v.name} is a number, not "{text}"' + _names(named)) from None
    low = -(v.ones + 1) // 2 if v.type.signed else 0
    if not low <= n <= (v.ones // 2 if v.type.signed else v.ones):
        raise PlayError(f"{v.name} cannot be {text}: it has {v.ones.bit_length()} bits")
    return n & v.ones


def natural(text: str, most: int, what: str = "number") -> int:
    if not text.isdecimal() or int(text) > most:
        raise PlayError(f'"{text}" is no {what} up to {most}')
    return int(text)


def event_data(event: DeviceEvent, given: dict[str, str]) -> str:
    """The event's structure as its driver passes it, in hexadecimal; what is not said is 0."""
    out = b""
    for name, of in event.data:
        n = _plain(name, of, given.get(name, "0"))
        out += bytes(-len(out) % of.bytes) + n.to_bytes(of.bytes, sys.byteorder)
    return out.hex()


def event_values(event: DeviceEvent, data: bytes) -> list[tuple[str, str]]:
    """What such a structure holds; a number that its type has a name for by that."""
    found, at = [], 0
    for name, of in event.data:
        at += -at % of.bytes
        n = int.from_bytes(data[at : at + of.bytes], sys.byteorder, signed=of.signed)
        found.append((name, next((word for word, value in of.enum if value == n), str(n))))
        at += of.bytes
    return found


def _plain(name: str, of: Type, text: str) -> int:
    named, ones = dict(of.enum), (1 << 8 * of.bytes) - 1
    try:
        n = named[text] if text in named else int(text, 0)
    except ValueError:
        raise PlayError(f'{name} is a number, not "{text}"' + _names(named)) from None
    if not -(ones + 1) // 2 <= n <= ones:
        raise PlayError(f"{name} cannot be {text}: it has {8 * of.bytes} bits")
    return n & ones


def _names(named: dict[str, int]) -> str:
    return f"; {', '.join(named)}" if named else ""


def hexadecimal(value: Value, text: str) -> str:
    """Bytes in their order."""
    digits = text.removeprefix("0x").replace(":", "")
    if len(digits) % 2 or any(c not in "0123456789abcdefABCDEF" for c in digits):
        raise PlayError(f'{value.variable.name} is bytes, such as 0a0b0c, not "{text}"')
    if len(digits) // 2 > value.variable.type.stored_bytes:
        room = value.variable.type.stored_bytes
        raise PlayError(f"{value.variable.name} has {room} bytes, not {len(digits) // 2}")
    return digits
