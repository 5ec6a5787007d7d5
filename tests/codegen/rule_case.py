# SPDX-License-Identifier: BSD-2-Clause
"""A bad spec and all the compiler says of it, word by word; one for each rule at least."""

from __future__ import annotations

from dataclasses import dataclass

from helpers import Edit, diagnose


@dataclass(frozen=True)
class Case:
    rule: str
    edits: list[Edit]
    text: str
    base: str = "example"

    def __str__(self) -> str:
        return self.rule

    def run(self) -> None:
        expected = self.text.lstrip("\n")
        assert f"[{self.rule}]" in expected
        assert diagnose(self.edits, self.base) == expected
