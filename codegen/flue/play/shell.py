# SPDX-License-Identifier: BSD-2-Clause
"""The session on a terminal: a line is edited, completed by its next word, and kept."""

from __future__ import annotations

import cmd
from typing import Any

from .lexicon import PlayError
from .session import Session


class Shell(cmd.Cmd):
    intro = "help shows all words, the tabulator completes them, quit ends."
    prompt = "> "

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def onecmd(self, line: str) -> bool:
        if line == "EOF" or line.split("#")[0].strip() in ("quit", ".quit"):
            return True
        try:
            print("\n".join(self.session.do(line)))
        except PlayError as e:
            print(f"error: {e}")
        return False

    def emptyline(self) -> bool:
        return False

    def completenames(self, text: str, *ignored: object) -> list[str]:
        words = self.session.words
        return _begin([*words.lexicon.operations, *words.own, "save", "help", "quit"], text)

    def completedefault(self, *where: Any) -> list[str]:
        text, line, begin, _ = where
        return _begin(self._next_words(line[:begin].split()), text)

    def _next_words(self, before: list[str]) -> list[str]:
        words, lexicon = self.session.words, self.session.words.lexicon
        if before[0] in lexicon.operations:
            node = before[len(before) - before[::-1].index("+") :] if "+" in before else before[1:]
            if not node:
                return [*lexicon.kinds, *words.objects]
            kind = node[0] if node[0] in lexicon.kinds else ""
            if not kind and node[0] in words.objects:
                kind = words.objects[node[0]][1].name
            return (
                [f"{x}=" for x in lexicon.settings(kind, lexicon.operation(before[0]))]
                if kind
                else []
            )
        if before[0].removeprefix(".") == "transfer":
            return [
                f"{name}.{t.name}"
                for name, (_, kind) in words.objects.items()
                for t in kind.transfers
            ]
        if before[0].removeprefix(".") in ("event", "raise", "vanish"):
            return self._own_words(before[1:])
        if len(before) == 1:
            return list(lexicon.commands)
        return lexicon.faults if len(before) == 2 and before[0] == "next" else []

    def _own_words(self, before: list[str]) -> list[str]:
        objects = self.session.words.objects
        if not before or before[0] not in objects:
            return list(objects)
        kind = objects[before[0]][1]
        return [e.name for e in kind.events] + [r.indication for r in kind.raises]


def _begin(words: list[str], text: str) -> list[str]:
    return [w for w in words if w.startswith(text)]
