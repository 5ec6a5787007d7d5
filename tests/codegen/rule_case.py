# SPDX-License-Identifier: BSD-2-Clause
"""A bad spec and all the compiler says of it, word by word; one for each rule at least."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from helpers import Edit, diagnose

# A target made for these tests: it uses all of the language, and its lines stay where they are.
RICH = "../tests/codegen/rich"
# Another whole target, as somebody would write it who knows nothing of chimney.
KTLS = "../tests/codegen/ktls"
# One whose objects stand on several others, some by handles.
LINKS = "../tests/links/spec"
GRID = "../tests/differential/spec"
# One whose operations need several commands.
STEPS = "../tests/codegen/steps"
# Hardware that chooses what its entries are called.
NUMBERS = "../tests/codegen/numbers"
# One whose requests are judged by values.
QUEUE = "../tests/codegen/queue"
VERBS = "../tests/codegen/verbs"
# One whose requests are done by all of their nodes or by none.
TOGETHER = "../tests/together/spec"
# One with operations that are about one kind of object.
KEYS = "../tests/codegen/keys"
# One with operations that reach all that stands on an object.
FLUSH = "../tests/flush/spec"
# One whose machines look at how commands ended.
PAIRS = "../tests/codegen/pairs"
# One whose objects take what the host hands over.
TRANSFERS = "../tests/transfers/spec"
# One whose machine sets variables.
UPLINKS = "../tests/codegen/uplinks"

# Edits of the example: a meter is added, then enabled; if that fails, both are undone, in reverse.
TWO_STEP_CREATE: list[Edit] = [
    (
        "meter.yaml",
        "  write_limits:\n",
        "  enable_meter: {undo: disable_meter, doc: Let it work.}\n  disable_meter: {doc: Let it rest.}\n  write_limits:\n",
    ),
    (
        "meter.yaml",
        "      done:   {to: limiting, status: success}\n      failed: {undo: add_meter, to: undoing}",
        "      done:   {send: enable_meter, to: enabling}\n      failed: {undo: add_meter, to: undoing}\n  enabling:\n    doc: It is there, and is being enabled.\n    busy: create\n    when:\n      done:   {to: limiting, status: success}\n      failed: {undo: enable_meter, to: disabling}\n  disabling:\n    doc: It is disabled again.\n    busy: create\n    when:\n      done:   {undo: add_meter, to: undoing}\n      failed: {to: stranded, status: from_command}",
    ),
]


@dataclass(frozen=True)
class Case:
    rule: str
    edits: list[Edit]
    text: str
    base: str = "example"  # or RICH
    shown: bool = False  # in spec/rules.md, where there are shorter ones

    def __str__(self) -> str:
        return self.rule

    def run(self) -> None:
        expected = self.text.lstrip("\n")
        assert f"[{self.rule}]" in expected
        assert diagnose(self.edits, self.base) == expected


def all_cases(files: str = "test_*.py") -> Iterator[Case]:
    """Every bad spec of the tests beside this file that is known by its rule."""
    for path in sorted(Path(__file__).parent.glob(files)):
        if re.search(r"^CASES = ", path.read_text(encoding="utf-8"), re.MULTILINE):
            for case in import_module(path.stem).CASES:
                if isinstance(case, Case):
                    yield case
                elif len(case) == 3:
                    yield Case(*case)
