# SPDX-License-Identifier: BSD-2-Clause
"""The same by questions, on a terminal where no flag says it."""

from __future__ import annotations

from typing import Callable

from .shape import Kind, Link, NewError, in_order, kind

_ABOUT = """\
A target has kinds of objects: what the host asks the hardware to keep, such as ports, filters, keys.
Some stand on others, and link to them; what others link to comes first. Each name is a word in small
letters, in the singular. An empty line ends the list.
"""
_LINKS = """\
  {name} links to which of {known}? Words with commas between: sa, or in_sa=sa to name the link, which two
  links to the same kind need; with a ? behind it if it may be missing: out_sa=sa?. Nothing: to none.
  links: """


def ask(read: Callable[[str], str], say: Callable[[str], object]) -> list[Kind]:
    """Kinds of objects; what cannot be is said, and asked again."""
    say(_ABOUT)
    kinds: list[Kind] = []
    while name := read(f"object {len(kinds) + 1}: ").strip():
        try:
            one = kind(":".join([name, *_links(name, kinds, read)]))
            in_order([*kinds, one])
            kinds.append(one)
        except NewError as e:
            say(f"  {e}\n")
    return kinds


def _links(name: str, kinds: list[Kind], read: Callable[[str], str]) -> list[str]:
    known = ", ".join(k.name for k in kinds)
    if not known:
        return []
    words = read(_LINKS.format(name=name, known=known))
    return [words.strip()] if words.strip() else []


def as_flags(kinds: list[Kind]) -> str:
    """What would have asked for the same."""
    return " ".join(f"--object '{_word(k)}'" for k in kinds)


def _word(k: Kind) -> str:
    links = ",".join(_link_word(x) for x in k.links)
    return f"{k.name}:{links}" if links else k.name


def _link_word(link: Link) -> str:
    named = link.to if link.name == link.to else f"{link.name}={link.to}"
    return named + "?" * link.optional
