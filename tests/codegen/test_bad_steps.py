# SPDX-License-Identifier: BSD-2-Clause
"""Lists of commands that nothing waits for; what is taken back and was not sent."""

import pytest
from rule_case import STEPS, Case

CASES = [
    Case(
        "conflicting-keys",
        [
            (
                "lamp.yaml",
                "modify:   {plan: update, to: regulating}",
                "modify:   {send: [dim, light], to: lit}",
            ),
        ],
        """
lamp.yaml:52:24: error: a list of commands leads to a busy state, which waits for them [conflicting-keys]
   52 |       modify:   {send: [dim, light], to: lit}
      |                        ^^^^^^^^^^^^
""",
        base=STEPS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "lamp.yaml",
                "modify:   {plan: update, to: regulating}",
                "modify:   {plan: update, to: unmounting}",
            ),
        ],
        """
lamp.yaml:52:36: error: "unmounting" waits for a list of commands, and for something else here [conflicting-keys]
   52 |       modify:   {plan: update, to: unmounting}
      |                                    ^^^^^^^^^^
""",
        base=STEPS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "lamp.yaml",
                "withdraw: {send: dim, to: going_dark}",
                "withdraw: {send: [dim, unmount], to: going}",
            ),
        ],
        """
lamp.yaml:70:35: error: "going" waits for a list of commands, and for something else here [conflicting-keys]
   70 |       done:   {send: unmount, to: going}
      |                                   ^^^^^
""",
        base=STEPS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "lamp.yaml",
                "failed: {undo: update, to: reverting}",
                "failed: {undo: all, to: reverting}",
            ),
        ],
        """
lamp.yaml:59:22: error: no list of commands leads to "regulating": there is not "all" to take back [conflicting-keys]
   59 |       failed: {undo: all, to: reverting}
      |                      ^^^
""",
        base=STEPS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "lamp.yaml",
                "failed: {undo: all, to: unmounting}",
                "failed: {undo: all, to: stranded, status: from_command}",
            ),
        ],
        """
lamp.yaml:41:22: error: "all" is taken back on the way to a busy state, which waits for that [conflicting-keys]
   41 |       failed: {undo: all, to: stranded, status: from_command}
      |                      ^^^
""",
        base=STEPS,
    ),
    Case(
        "unknown-name",
        [
            ("lamp.yaml", "[mount, light]", "[mount, lite]"),
        ],
        """
lamp.yaml:35:30: error: unknown command "lite" [unknown-name]
   35 |       create: {send: [mount, lite], to: mounting}
      |                              ^^^^ did you mean "light"?
""",
        base=STEPS,
    ),
    Case(
        "duplicate-item",
        [
            ("lamp.yaml", "[mount, light]", "[mount, mount]"),
        ],
        """
lamp.yaml:35:30: error: "mount" is in the list twice [duplicate-item]
   35 |       create: {send: [mount, mount], to: mounting}
      |                              ^^^^^
""",
        base=STEPS,
    ),
    Case(
        "unknown-name",
        [
            (
                "target.yaml",
                "reset:    {to: lost, status: broken}",
                "reset:    {undo: all, to: lost, status: broken}",
            ),
        ],
        """
target.yaml:56:22: error: unknown command "all" in a default: commands belong to objects [unknown-name]
   56 |     reset:    {undo: all, to: lost, status: broken}
      |                      ^^^
""",
        base=STEPS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
