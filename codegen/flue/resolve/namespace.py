# SPDX-License-Identifier: BSD-2-Clause
"""Namespaces: what names there are, and a finding for each that is unknown or given twice."""

from __future__ import annotations

from dataclasses import dataclass

from flue.diagnostics import Report, did_you_mean, nearest
from flue.model import Where
from flue.syntax.tree import Located


@dataclass(frozen=True)
class Use:
    """Where a name is used, what it is looked for in, and the language's words that may stand there."""

    where: Where
    name: str
    names: Names
    own: tuple[str, ...]

    @property
    def known(self) -> tuple[str, ...]:
        """All that may stand there."""
        return tuple(dict.fromkeys([*self.names.known, *self.own]))


def say_where_else(report: Report, by_defaults: set[str]) -> None:
    """Of each name that is unknown: where else it is used, and whether another one may be its new name."""
    missed: dict[str, list[Use]] = {}
    for use in report.uses:
        if use.name not in use.known:
            missed.setdefault(use.name, []).append(use)
    for found in [d for d in report.diagnostics if d.rule == "unknown-name"]:
        uses = [u for all_uses in missed.values() for u in all_uses if found.is_at(u.where)]
        more = [u.where for u in missed[uses[0].name] if not found.is_at(u.where)] if uses else []
        if more:
            hint = _new_name(report, uses[0], by_defaults) or found.hint
            hint += " " if hint.endswith("?") else "; " if hint else ""
            report.hint(found, f"{hint}also at {_lines(found.file, more)}")


def _new_name(report: Report, missed: Use, by_defaults: set[str]) -> str:
    """The one name of its kind that nobody uses; defaults lead to states of objects."""
    alike = [u for u in report.uses if u.names.kind == missed.names.kind]
    used = {u.name for u in alike if u.names.known.keys() == missed.names.known.keys()}
    unused = [name for name in missed.names.known if name not in used | by_defaults]
    return f'is it "{unused[0]}" now?' if len(unused) == 1 else ""


def _lines(file: str, places: list[Where]) -> str:
    here = sorted({w.line for w in places if w.file == file})
    there = sorted({(w.file, w.line) for w in places if w.file != file})
    lines = [f"line{'s' * (len(here) > 1)} {', '.join(map(str, here))}"] if here else []
    return ", ".join([*lines, *(f"{name}:{line}" for name, line in there)])


class Names:
    """Names of one kind, say the states of an object. `kind` is the word messages use.

    `note` follows an unknown name; `home` tells, if there are none at all, where they would be;
    `dotted` is the hint where `link.name` is unknown, and no such name is alike; `others` are names
    of something else, each with its hint.
    """

    def __init__(
        self,
        report: Report,
        kind: str,
        names=(),
        note: str = "",
        home: str = "",
        dotted: str = "",
        others: dict[str, str] | None = None,
    ) -> None:
        self.report = report
        self.kind = kind
        self.known: dict[str, Where | None] = dict.fromkeys(names)
        self.note = note
        self.home = home
        self.dotted = dotted
        self.others = others or {}
        self.said = False  # that one is unknown; where there are none at all, once is enough

    def __contains__(self, name: str) -> bool:
        return name in self.known

    def declare(self, name: str, where: Where) -> None:
        """Add a name; it must be the only one of its kind."""
        first = self.known.get(name)
        if first is not None:
            same = first.file == where.file
            place = f"on line {first.line}" if same else f"at {first.file}:{first.line}"
            text = f'{self.kind} "{name}" is already declared {place}'
            self.report.error(where, "clashing-name", text)
        else:
            self.known[name] = where

    def find(self, node: Located | None, own: tuple[str, ...] = ()) -> str | None:
        """The name `node` holds if it is known or one of the language's `own` words."""
        if node is None:
            return None
        name = str(node.value)
        return name if self.knows(node.where, name, own) else None

    def knows(self, where: Where, name: str, own: tuple[str, ...] = ()) -> bool:
        """Whether a name that is used somewhere is known or one of the language's; else it is told."""
        self.mention(where, name, own)
        known = name in own or name in self.known
        if not known:
            self.unknown(where, name, own)
        return known

    def mention(self, where: Where, name: str, own: tuple[str, ...] = ()) -> None:
        """Remember a use; whether the name is known is said elsewhere."""
        self.report.use(Use(where, name, self, own))

    def unknown(self, where: Where, name: str, own: tuple[str, ...] = ()) -> None:
        """Say so, the first time: more uses of the name, and a declaration like it, are no more to say."""
        if self.report.explained(where, name, name.rpartition(".")[2]):
            return
        both = (name, nearest(name, [*self.known, *own]) or name)
        self.report.explain({*both, *(each.rpartition(".")[2] for each in both)})
        empty = self.home and not any(self.known.values())
        if empty and self.said or self.report.renamed(where, self.kind):
            self.report.holes.add(where.file)
            return
        self.said = True
        words = list(dict.fromkeys([*self.known, *own]))  # several objects may have the same
        qualified = [w for w in words if "." in w] if "." in name and self.dotted else words
        hint = self.others.get(name) or did_you_mean(name, qualified)
        if not hint and qualified is not words:
            hint = self.dotted
        if not hint and self.known:
            hint = f"known: {_listed(words)}"
        elif not hint and not self.known and self.home:
            hint = f"none is declared {self.home}"
        self.report.error(where, "unknown-name", f'unknown {self.kind} "{name}"{self.note}', hint)

    def find_all(self, nodes: list[Located], own: tuple[str, ...] = ()) -> tuple[str, ...]:
        found = (self.find(node, own) for node in nodes)
        return tuple(name for name in found if name is not None)


def _listed(words: list[str], most: int = 12) -> str:
    """Not those of other objects, and not all, if they are many."""
    shown = words if len(words) <= most else [w for w in words if "." not in w][:most]
    left = len(words) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")
