# SPDX-License-Identifier: BSD-2-Clause
"""Random damage to a spec file's text, the same for the same seed."""

from __future__ import annotations

import random
import re

WORDS = [
    "",
    "no",
    "on",
    "~",
    "0",
    "-1",
    "99999999999999999999",
    "0x",
    "[]",
    "{}",
    "[x, [y]]",
    "{a: 1}",
]
WORDS += [
    '"',
    "'",
    "&a",
    "*a",
    "!!int 3",
    "- x",
    "|",
    ">",
    "%",
    "@",
    "?",
    ": ",
    "\t",
    "\u00e9",
    "\x00",
]
WORDS += [
    "nothing",
    "link",
    "update",
    "free",
    "const",
    "cached",
    "all",
    "1.5",
    "u8[0]",
    "void**",
    "5..1",
]

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*|[0-9]+|[{}\[\],:]")


def damage(text: str, dice: random.Random) -> str:
    """`text` with one to three places damaged."""
    for _ in range(dice.randint(1, 3)):
        text = dice.choice((_drop_line, _swap_token, _double_line, _cut, _move_line))(text, dice)
    return text


def _lines(text: str, dice: random.Random) -> tuple[list[str], int]:
    lines = text.split("\n")
    return lines, dice.randrange(len(lines))


def _drop_line(text: str, dice: random.Random) -> str:
    lines, i = _lines(text, dice)
    return "\n".join(lines[:i] + lines[i + dice.randint(1, 8) :])


def _double_line(text: str, dice: random.Random) -> str:
    lines, i = _lines(text, dice)
    return "\n".join(lines[: i + 1] + lines[i:])


def _move_line(text: str, dice: random.Random) -> str:
    lines, i = _lines(text, dice)
    line = lines.pop(i)
    lines.insert(dice.randrange(len(lines) + 1), " " * dice.choice((0, 2, 4, 6)) + line.strip())
    return "\n".join(lines)


def _swap_token(text: str, dice: random.Random) -> str:
    found = list(_TOKEN.finditer(text))
    if not found:
        return text
    old = dice.choice(found)
    new = dice.choice(WORDS) if dice.random() < 0.6 else dice.choice(found)[0]
    return text[: old.start()] + new + text[old.end() :]


def _cut(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text) + 1)
    return text[:at] + text[at + dice.randint(1, 40) :]
