# SPDX-License-Identifier: BSD-2-Clause
"""Each assertion of the runtime has its row in docs/debugging.md: what keeps it from being met."""

import re
from pathlib import Path

from flue.check.registry import RULES
from helpers import ROOT

FUNCTION = re.compile(
    r"^[A-Za-z][^;{}=]*?\b(\w+)\([^;{}]*\)\n\{\n(.*?)^\}", re.MULTILINE | re.DOTALL
)


def asserting() -> set[str]:
    found = set()
    for path in Path(ROOT, "runtime/src").glob("*.c"):
        for name, body in FUNCTION.findall(path.read_text(encoding="utf-8")):
            if "FLUE_ASSERT(" in body:
                found.add(name)
    return found


def rows() -> dict[str, str]:
    page = Path(ROOT, "docs/debugging.md").read_text(encoding="utf-8")
    table = page.partition("## When an assertion ends the program")[2]
    return dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE))


def test_every_assertion_has_a_row():
    assert asserting() == set(rows())


def test_rules_that_keep_to_it_are_there():
    named = {rule for text in rows().values() for rule in re.findall(r"rules\.md#([\w-]+)", text)}
    assert named <= set(RULES) and len(named) > 10
