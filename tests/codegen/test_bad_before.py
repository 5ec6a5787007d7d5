# SPDX-License-Identifier: BSD-2-Clause
"""`to: before` where nothing is before; and what no state can be called."""

import pytest
from rule_case import PAIRS, Case

CASES = [
    Case(
        "conflicting-keys",
        [
            (
                "pair.yaml",
                "look:     {send: read_pair, to: looking}\n      modify",
                "look:     {to: before, status: done}\n      modify",
            ),
        ],
        """
pair.yaml:75:22: error: "before" in a state at rest: only what is busy came from another [conflicting-keys]
   75 |       look:     {to: before, status: done}
      |                      ^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "target.yaml",
                "    look:     {refuse: no_pair}",
                "    look:     {to: before, status: broken}",
            ),
        ],
        """
target.yaml:74:20: error: "before" in a state at rest: only what is busy came from another [conflicting-keys]
   74 |     look:     {to: before, status: broken}
      |                    ^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "unknown-name",
        [
            ("pair.yaml", "failed: {to: before, ", "failed: {to: befor, "),
        ],
        """
pair.yaml:114:20: error: unknown state "befor" [unknown-name]
  114 |       failed: {to: befor, status: from_command}
      |                    ^^^^^ did you mean "before"?
""",
        base=PAIRS,
    ),
    Case(
        "unknown-name",
        [
            (
                "pair.yaml",
                "states:\n",
                "groups: {held: [starting (from init), looking (from init)]}\nstates:\n",
            ),
        ],
        """
pair.yaml:48:17: error: unknown state "starting (from init)" [unknown-name]
   48 | groups: {held: [starting (from init), looking (from init)]}
      |                 ^^^^^^^^^^^^^^^^^^^^ did you mean "looking (from init)"?
""",
        base=PAIRS,
    ),
    Case(
        "wrong-type",
        [
            ("pair.yaml", "states:\n", "groups: {held: [looking (init)]}\nstates:\n"),
        ],
        """
pair.yaml:48:17: error: this must be a state, or one that is made of it: "reading (from rts)", not "looking (init)" [wrong-type]
   48 | groups: {held: [looking (init)]}
      |                 ^^^^^^^^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "reserved-name",
        [
            (
                "pair.yaml",
                "{to: in_error, status: from_command}\n  setting",
                "{to: gone, status: from_command}\n  setting",
            ),
            (
                "pair.yaml",
                "{to: in_error, status: from_command}\n  sending",
                "{to: gone, status: from_command}\n  sending",
            ),
            (
                "pair.yaml",
                "failed: {to: in_error, status: from_command}\n  in_error:\n    doc",
                "failed: {to: gone, status: from_command}\n  before:\n    doc",
            ),
        ],
        """
pair.yaml:121:3: error: "before" cannot name a state: the word is reserved by flue [reserved-name]
  121 |   before:
      |   ^^^^^^ say "before_state"
""",
        base=PAIRS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
