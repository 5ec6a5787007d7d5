# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what is tried again has changed nothing."""

import pytest
from rule_case import PAIRS, Case

CASES = [
    Case(
        "retry-unsafe",
        [
            (
                "pair.yaml",
                "        - {if: refused, retry: 2}\n",
                "        - {if: unspoken, retry: 2}\n",
            ),
        ],
        """
pair.yaml:84:33: error: "start_pair" is sent again, but it may have acted [retry-unsafe]
   84 |         - {if: unspoken, retry: 2}
      |                                 ^ if: a condition {result: ...} of what it refused
""",
        base=PAIRS,
    ),
    Case(
        "retry-unsafe",
        [
            (
                "pair.yaml",
                "start_pair:   {answers: [refused, failure], on_failure: unchanged, ",
                "start_pair:   {answers: [refused, failure], ",
            ),
            (
                "pair.yaml",
                "        - {if: refused, to: init, status: from_command}\n        - {to: in_error",
                "        - {if: refused, to: in_error, status: again}\n        - {to: in_error",
            ),
        ],
        """
pair.yaml:84:32: error: "start_pair" is sent again, but it may have acted [retry-unsafe]
   84 |         - {if: refused, retry: 2}
      |                                ^ if: a condition {result: ...} of what it refused
""",
        base=PAIRS,
    ),
    Case(
        "retry-unsafe",
        [
            (
                "pair.yaml",
                "      failed: {undo: update, to: reverting}",
                "      failed: [{if: refused, retry: 1}, {undo: update, to: reverting}]",
            ),
        ],
        """
pair.yaml:92:37: error: "update" is sent again, but it may have acted [retry-unsafe]
   92 |       failed: [{if: refused, retry: 1}, {undo: update, to: reverting}]
      |                                     ^ if: a condition {result: ...} of what it refused
""",
        base=PAIRS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
