# SPDX-License-Identifier: BSD-2-Clause
"""Names of plans: unknown ones, and those that something else has."""

import pytest
from rule_case import VERBS, Case

CASES = [
    Case(
        "clashing-name",
        [
            ("qp.yaml", "  write_retry:  {", "  tune: {"),
            ("qp.yaml", "send: write_retry", "send: tune"),
        ],
        """
qp.yaml:44:3: error: plan "tune" has the name of a command: nobody can tell which is undone [clashing-name]
   44 |   tune:
      |   ^^^^
""",
        base=VERBS,
    ),
    Case(
        "unknown-name",
        [("qp.yaml", "plan: tune, to", "plan: tunes, to")],
        """
qp.yaml:124:23: error: unknown plan "tunes" [unknown-name]
  124 |       tune:    {plan: tunes, to: tuning}
      |                       ^^^^^ did you mean "tune"?
""",
        base=VERBS,
    ),
    Case(
        "clashing-name",
        [
            ("qp.yaml", "plans:", "update: {plan: [{changed: [port], send: write_port}]}\nplans:"),
            (
                "qp.yaml",
                "  tune:\n    plan:\n",
                "  update: {plan: [{changed: [port], send: write_port}]}\n  tune:\n    plan:\n",
            ),
        ],
        """
qp.yaml:45:3: error: plan "update" is already declared on line 38 [clashing-name]
   45 |   update: {plan: [{changed: [port], send: write_port}]}
      |   ^^^^^^
""",
        base=VERBS,
    ),
    Case(
        "reserved-name",
        [
            ("qp.yaml", "  tune:\n    plan:", "  all:\n    plan:"),
            ("qp.yaml", "plan: tune", "plan: all"),
            ("qp.yaml", "undo: tune", "undo: all"),
        ],
        """
qp.yaml:44:3: error: "all" cannot name a plan: the word is reserved by flue [reserved-name]
   44 |   all:
      |   ^^^ say "all_plan"
""",
        base=VERBS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_said(case):
    case.run()
