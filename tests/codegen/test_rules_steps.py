# SPDX-License-Identifier: BSD-2-Clause
"""Rules: several commands in order in one arm."""

import pytest
from rule_case import STEPS, Case

CASES = [
    Case(
        "undo-unknown-kind",
        [
            (
                "lamp.yaml",
                "light:   {carries: [brightness], undo: dim, doc",
                "light:   {carries: [brightness], doc",
            ),
        ],
        """
lamp.yaml:41:22: error: "light" names no command that undoes it [undo-unknown-kind]
   41 |       failed: {undo: all, to: unmounting}
      |                      ^^^ add undo: <command> to "light"
""",
        base=STEPS,
    ),
    Case(
        "out-of-place",
        [
            ("lamp.yaml", "[mount, light]", "[light, mount]"),
        ],
        """
lamp.yaml:35:22: error: "light" is sent in "free", where the hardware does not have it [out-of-place]
   35 |       create: {send: [light, mount], to: mounting}
      |                      ^^^^^^^^^^^^^^
""",
        base=STEPS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
