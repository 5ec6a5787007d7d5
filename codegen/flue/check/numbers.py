# SPDX-License-Identifier: BSD-2-Clause
"""Numbers: they fit where they are written to, and each means one thing."""

from flue.model.types import INTEGERS

from .registry import rule

WIDE = 1 << 32  # a status, a detail


def _fits(value: int, integer: str) -> bool:
    """Whether a number can be of an integer type such as u8."""
    bits = int(integer[1:])
    low, high = (0, 1 << bits) if integer[0] == "u" else (-1 << bits - 1, 1 << bits - 1)
    return low <= value < high


def _integer(c: str) -> str:
    """uint8_t -> u8."""
    return c.replace("uint", "u").replace("int", "i").replace("_t", "")


@rule("value-size")
def value_size(target):
    """A number that its place cannot hold would be read as another one.

    Finds: a number that does not fit its type: of an `enum`, of `none`, a reason, a member's
    `value`.
    Mend: correct the number, or take a wider type if the host's structure has one.
    """
    for type_ in target.types:
        if type_.kind in ("pointer", "opaque"):
            continue
        for name, value in type_.enum:
            if not _fits(value, _integer(type_.c)):
                text = f'"{name}" ({value}) does not fit {type_.name} ({_integer(type_.c)})'
                yield type_.place("enum", name), text
        if type_.none is not None and not _fits(type_.none, _integer(type_.c)):
            text = f"{type_.none} does not fit {type_.name} ({_integer(type_.c)})"
            yield type_.place("none"), text
    for indication in target.indications:
        for name, value in indication.reasons:
            if not 0 <= value < WIDE:
                text = f'"{name}" ({value}) does not fit a detail of 32 bits'
                yield indication.place("reasons", name), text
    for member in (m for s in target.node.layouts + target.node.structs for m in s.members):
        plain = member.type in INTEGERS
        if member.value is not None and plain and not _fits(member.value, member.type):
            text = f'{member.value} does not fit "{member.name}" ({member.type})'
            yield member.place("value"), text


def _same_value(named):
    """(what, value) pairs whose value an earlier one has: (name, the earlier one's)."""
    first: dict[object, str] = {}
    for name, value in named:
        other = first.setdefault(value, name)
        if other != name and value is not None:
            yield name, other


ONE_EACH = "another number, or one name for both"


@rule("same-value")
def same_value(target):
    """Who reads a number must know what is meant: two names for one cannot be told apart.

    Finds: two names of one number: statuses, values of a type, codes told by one call, reasons of
    an indication.
    Mend: correct the number; if the host has two names for one number, declare it once.
    """
    for name, other in _same_value((s.name, s.value and s.value % WIDE) for s in target.statuses):
        text = f'"{name}" has the value of "{other}": the host cannot tell them apart'
        yield target.status(name).place("value"), text, ONE_EACH
    for type_ in target.types:
        for name, other in _same_value(type_.enum):
            text = f'"{name}" of {type_.name} has the value of "{other}"'
            yield type_.place("enum", name), text, ONE_EACH
    for call in target.calls:
        made = {i.name: i for i in target.indications if i.call == call.name}
        if "code" in call.passes or any(s.name in call.passes for s in target.node.structs):
            for name, other in _same_value((i.name, i.code) for i in made.values()):
                text = f'"{name}" has the code of "{other}", and {call.name} tells both'
                yield made[name].place("code"), text, ONE_EACH
    for indication in target.indications:
        for name, other in _same_value(indication.reasons):
            text = f'"{name}" of {indication.name} has the number of "{other}"'
            yield indication.place("reasons", name), text, ONE_EACH
