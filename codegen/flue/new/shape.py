# SPDX-License-Identifier: BSD-2-Clause
"""What somebody asks for: kinds of objects and what they link to, from words like those of `--object`.

    policy:port,in_sa=sa,out_sa=sa?      a link to a port, two to SAs, of which the second may be missing
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from flue.diagnostics import did_you_mean

MOST_KINDS = 15  # each has its types in one byte
MOST_LINKS = 4  # as the runtime has them

# Whose names CMake keeps for itself in each project, and those of the libraries that come with flue.
CMAKE_NAMES = """
    all help clean depend test install package package_source list_install_components edit_cache
    rebuild_cache preinstall flue flue_device flue_simulate flue_suite
""".split()


class NewError(Exception):
    """What was asked for cannot be; nothing was written."""


@dataclass(frozen=True)
class Link:
    name: str
    to: str
    optional: bool


@dataclass(frozen=True)
class Kind:
    name: str
    links: tuple[Link, ...]


def kind(word: str) -> Kind:
    """One `--object`."""
    name, colon, rest = word.partition(":")
    words = [x.strip() for x in rest.split(",")] if colon else []
    if not name.strip() or not all(words):
        raise NewError(f'"{word}" is no object: NAME, or NAME:LINK,LINK')
    links = tuple(_link(x) for x in words)
    names = [link.name for link in links]
    twice = [link for link in links if names.count(link.name) > 1]
    if twice:
        named = ",".join(f"{x}={link.to}" for x, link in zip("ab", twice))
        raise NewError(
            f'{name} has two links called "{twice[0].name}": name them apart, as in {named}'
        )
    if len(links) > MOST_LINKS:
        raise NewError(f"{name} has {len(links)} links; an object has {MOST_LINKS} at the most")
    return Kind(name.strip(), links)


def _link(word: str) -> Link:
    fits = re.fullmatch(r"(?:([^=?\s]+)\s*=\s*)?([^=?\s]+)\s*(\?)?", word)
    if not fits:
        raise NewError(
            f'"{word}" is no link: KIND, NAME=KIND, and a ? behind it if it may be missing'
        )
    return Link(fits[1] or fits[2], fits[2], bool(fits[3]))


def in_order(kinds: list[Kind]) -> list[Kind]:
    """Each behind those that it links to, else as they were given."""
    if not kinds:
        raise NewError("a target has one object at the least: --object NAME")
    if len(kinds) > MOST_KINDS:
        raise NewError(f"{len(kinds)} objects; {MOST_KINDS} at the most can be begun with")
    _check_names(kinds)
    left, out = list(kinds), list[Kind]()
    while left:
        there = {k.name for k in out}
        ready = next((k for k in left if all(link.to in there for link in k.links)), None)
        if ready is None:
            ring = ", ".join(k.name for k in left)
            raise NewError(f"links in a ring: each of {ring} would have to be there before another")
        left.remove(ready)
        out.append(ready)
    return out


def _check_names(kinds: list[Kind]) -> None:
    names = [k.name for k in kinds]
    for k in kinds:
        if names.count(k.name) > 1:
            raise NewError(f'two objects are called "{k.name}"')
        for link in k.links:
            if link.to == k.name:
                raise NewError(f"{k.name} links to itself; an object links to another kind")
            if link.to not in names:
                hint = did_you_mean(link.to, names)
                raise NewError(
                    f'{k.name} links to "{link.to}", which is no object'
                    + (f"; {hint}" if hint else f": --object {link.to}")
                )
