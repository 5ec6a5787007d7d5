# SPDX-License-Identifier: BSD-2-Clause
"""Rules: several plans of one object."""

import pytest
from rule_case import VERBS, Case

ACCESS = (
    "      - {changed: [access], send: write_access}\n      - {changed: [retry], send: write_retry}"
)
RETRY = "{changed: [retry], send: write_retry}"

CASES = [
    Case(
        "plans-differ",
        [
            ("qp.yaml", ACCESS, "      - {changed: [access, retry], send: write_access}"),
            (
                "qp.yaml",
                "write_access: {carries: [access]",
                "write_access: {carries: [access, retry]",
            ),
        ],
        """
qp.yaml:42:9: error: "write_access" is sent by the plan "tune", too, which has no such line [plans-differ]
   42 |       - {changed: [access], send: write_access}
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=VERBS,
    ),
    Case(
        "plans-differ",
        [("qp.yaml", RETRY, "{changed: [retry], send: nothing}")],
        """
qp.yaml:47:20: error: "retry" is kept here, and the plan "step" tells it [plans-differ]
   47 |       - {changed: [retry], send: nothing}
      |                    ^^^^^ send: write_path
""",
        base=VERBS,
    ),
    Case(
        "plans-differ",
        [
            (
                "qp.yaml",
                "{changed: [path, retry], send: write_path}",
                "{changed: [path], send: write_path}\n      - {changed: [retry], send: write_retry}",
            ),
            (
                "qp.yaml",
                ACCESS,
                "      - {changed: [retry], send: write_retry}\n      - {changed: [access], send: write_access}",
            ),
        ],
        """
qp.yaml:47:9: error: this line stands before others that "step" have before it [plans-differ]
   47 |       - {changed: [retry], send: write_retry}
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=VERBS,
    ),
    Case(
        "cached-not-carried",
        [("qp.yaml", ACCESS, "      - {changed: [access], send: write_access}")],
        """
qp.yaml:44:3: error: the plan "tune" does not name "retry", which "tune" may bring [cached-not-carried]
   44 |   tune:
      |   ^^^^ {changed: [retry], send: ...}
""",
        base=VERBS,
    ),
    Case(
        "unused-plan",
        [
            (
                "qp.yaml",
                "  tune:\n    plan:\n",
                "  rest:\n    plan:\n      - {changed: [access], send: write_access}\n  tune:\n    plan:\n",
            ),
        ],
        """
qp.yaml:44:3: warning: no arm sends the plan "rest" [unused-plan]
   44 |   rest:
      |   ^^^^
""",
        base=VERBS,
    ),
    Case(
        "undo-of-nothing",
        [
            (
                "qp.yaml",
                "failed: {undo: tune, to: back_to_ready}",
                "failed: {undo: step, to: back_to_ready}",
            )
        ],
        """
qp.yaml:131:22: error: "step" is undone, but "tune" was under way [undo-of-nothing]
  131 |       failed: {undo: step, to: back_to_ready}
      |                      ^^^^ undo: tune
""",
        base=VERBS,
    ),
    Case(
        "many-irreversible",
        [
            (
                "qp.yaml",
                "      - {changed: [access], send: write_access}\n      - {changed: [retry], send: write_retry}",
                "      - {changed: [access], send: write_access}\n    then:\n      - {changed: [retry], send: write_retry}\n      - {changed: [retry], send: write_more}",
            ),
            (
                "qp.yaml",
                "  destroy_qp:",
                "  write_more:   {carries: [retry], undo: none, doc: And more.}\n  destroy_qp:",
            ),
        ],
        """
qp.yaml:50:34: error: "write_more" cannot be undone, and "write_retry" before it neither [many-irreversible]
   50 |       - {changed: [retry], send: write_more}
      |                                  ^^^^^^^^^^ one command must do all of it
""",
        base=VERBS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_spec(case):
    case.run()
