# SPDX-License-Identifier: BSD-2-Clause
"""A bad spec and all the compiler says of it, word by word; one for each rule at least."""

from __future__ import annotations

from dataclasses import dataclass

from helpers import Edit, diagnose

# A target made for these tests: it uses all of the language, and its lines stay where they are.
RICH = "../tests/codegen/rich"
# Another whole target, as somebody would write it who knows nothing of chimney.
KTLS = "../tests/codegen/ktls"
# One whose operations need several commands.
STEPS = "../tests/codegen/steps"


@dataclass(frozen=True)
class Case:
    rule: str
    edits: list[Edit]
    text: str
    base: str = "example"  # or RICH

    def __str__(self) -> str:
        return self.rule

    def run(self) -> None:
        expected = self.text.lstrip("\n")
        assert f"[{self.rule}]" in expected
        assert diagnose(self.edits, self.base) == expected
