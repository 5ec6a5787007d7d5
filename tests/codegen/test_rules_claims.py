# SPDX-License-Identifier: BSD-2-Clause
"""A false claim is said where the slip is: a state, a status, an undo."""

import pytest
from rule_case import Case

CASES = [
    Case(
        "false-claim",
        [("meter.yaml", "undo: remove_meter", "undo: write_limits")],
        """
meter.yaml:30:11: error: "free" claims that the hardware does not have it, but after "done" in "undoing" it may or may not have it [false-claim]
   30 |     undo: write_limits
      |           ^^^^^^^^^^^^ an undo with hardware: has_not, of "add_meter"
""",
    ),
    Case(
        "false-claim",
        [("meter.yaml", "    when:\n      reset: {to: free}\n", "")],
        """
meter.yaml:109:3: error: "lost" claims that the host has it, but after "reset" in "stranded" of meter it does not have it [false-claim]
  109 |   stranded:
      |   ^^^^^^^^ "reset" in "stranded": to: free
""",
    ),
    Case(
        "false-claim",
        [
            (
                "meter.yaml",
                "done:   {to: free, status: success}\n      failed: {to: unsure, status: from_command}",
                "done:   {to: free, status: success}\n      failed: {to: unsure, status: success}",
            )
        ],
        """
meter.yaml:98:36: error: "unsure" claims that the host has it, but after "failed" in "withdrawing" it does not have it [false-claim]
   98 |       failed: {to: unsure, status: success}
      |                                    ^^^^^^^ status: from_command
""",
    ),
    Case(
        "false-claim",
        [
            (
                "rule.yaml",
                "rest: {host: has, hardware: has_not}",
                "rest: {host: has, hardware: unsure}",
            )
        ],
        """
rule.yaml:144:3: error: "lost" claims that the hardware may or may not have it, but after "reset" in "offloaded" of rule it does not have it [false-claim]
  144 |   lost:
      |   ^^^^ rest: {host: has, hardware: has_not}; the same in "updating" of rule, "reading" of rule, "lost" of rule, "reverting" of rule, "unsure" of rule, 3 more
""",
        base="flow",
    ),
    Case(
        "status-not-allowed",
        [
            (
                "target.yaml",
                "statuses: [success, io_error, no_memory, busy_port,",
                "statuses: [success, no_memory, busy_port,",
            )
        ],
        """
target.yaml:31:23: error: "io_error" is not a status of "create" [status-not-allowed]
   31 |     results: {others: io_error}
      |                       ^^^^^^^^ allowed: "success", "no_memory", "busy_port", "no_space", "timeout", "bad_value"
""",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
