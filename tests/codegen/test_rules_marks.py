# SPDX-License-Identifier: BSD-2-Clause
"""Rules: marks are cleared by who knows that it is over."""

import pytest
from rule_case import FLUSH, Case

CASES = [
    Case(
        "clear-in-vain",
        [("target.yaml", "ends: when_cleared", "ends: with_object")],
        """
flow.yaml:107:34: error: "blocked" ends with_object: no arm clears it [clear-in-vain]
  107 |       done:   {to: ready, clear: blocked, status: success}
      |                                  ^^^^^^^ ends: when_cleared; the same at hop.yaml:108:34, table.yaml:101:34
""",
        base=FLUSH,
    ),
    Case(
        "clear-in-vain",
        [
            (
                "table.yaml",
                "{to: ready, clear: blocked, status: success}",
                "{to: ready, status: success}",
            ),
            (
                "hop.yaml",
                "{to: ready, clear: blocked, status: success}",
                "{to: ready, status: success}",
            ),
            (
                "flow.yaml",
                "{to: ready, clear: blocked, status: success}",
                "{to: ready, status: success}",
            ),
        ],
        """
target.yaml:115:43: error: no arm clears "blocked" [clear-in-vain]
  115 |   blocked: {doc: Nothing may pass., ends: when_cleared}
      |                                           ^^^^^^^^^^^^ clear: blocked
""",
        base=FLUSH,
    ),
    Case(
        "clear-in-vain",
        [
            (
                "flow.yaml",
                "{to: ready, clear: blocked, status: success}",
                "{to: ready, mark: blocked, clear: blocked, status: success}",
            )
        ],
        """
flow.yaml:107:49: error: the arm sets "blocked", too [clear-in-vain]
  107 |       done:   {to: ready, mark: blocked, clear: blocked, status: success}
      |                                                 ^^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "cleared-too-soon",
        [
            (
                "flow.yaml",
                "unblock: {send: unblock_flow, to: unblocking}",
                "unblock: {send: unblock_flow, clear: blocked, to: unblocking}",
            )
        ],
        """
flow.yaml:73:44: error: "blocked" is cleared before it is known how the commands end [cleared-too-soon]
   73 |       unblock: {send: unblock_flow, clear: blocked, to: unblocking}
      |                                            ^^^^^^^ on done
""",
        base=FLUSH,
    ),
    Case(
        "cleared-too-soon",
        [
            (
                "flow.yaml",
                "    busy: unblock\n    when:\n      done:   {to: ready, clear: blocked, status: success}\n      failed: {to: unsure, status: from_command}",
                "    busy: unblock\n    when:\n      done:   {to: ready, clear: blocked, status: success}\n      failed: {to: unsure, clear: blocked, status: from_command}",
            )
        ],
        """
flow.yaml:108:35: error: "blocked" is cleared on "failed" [cleared-too-soon]
  108 |       failed: {to: unsure, clear: blocked, status: from_command}
      |                                   ^^^^^^^ on done
""",
        base=FLUSH,
    ),
    Case(
        "cleared-too-soon",
        [
            (
                "target.yaml",
                "    unblock: {refuse: bad_value}",
                "    unblock: {clear: blocked, status: bad_value}",
            )
        ],
        """
target.yaml:135:22: error: "blocked" is cleared, and the status is bad [cleared-too-soon]
  135 |     unblock: {clear: blocked, status: bad_value}
      |                      ^^^^^^^
""",
        base=FLUSH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
