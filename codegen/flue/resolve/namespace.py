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


class Names:
    """Names of one kind, say the states of an object. `kind` is the word messages use.

    `note` follows an unknown name; `home` tells, if there are none at all, where they would be;
    `dotted` is the hint where `link.name` is unknown, and no such name is alike.
    """

    def __init__(
        self, report: Report, kind: str, names=(), note: str = "", home: str = "", dotted: str = ""
    ) -> None:
        self.report = report
        self.kind = kind
        self.known: dict[str, Where | None] = dict.fromkeys(names)
        self.note = note
        self.home = home
        self.dotted = dotted
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
        self.report.use(Use(where, name, self, own))
        known = name in own or name in self.known
        if not known:
            self.unknown(where, name, own)
        return known

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
        hint = did_you_mean(name, qualified)
        if not hint and qualified is not words:
            hint = self.dotted
        if not hint and 0 < len(self.known) <= 12:
            hint = "known: " + ", ".join(words)
        elif not hint and not self.known and self.home:
            hint = f"none is declared {self.home}"
        self.report.error(where, "unknown-name", f'unknown {self.kind} "{name}"{self.note}', hint)

    def find_all(self, nodes: list[Located], own: tuple[str, ...] = ()) -> tuple[str, ...]:
        found = (self.find(node, own) for node in nodes)
        return tuple(name for name in found if name is not None)
