# SPDX-License-Identifier: BSD-2-Clause
"""Names in machines that nothing declares. Exact text."""

import pytest
from helpers import diagnose

TARGET, NODE, METER = "target.yaml", "node.yaml", "meter.yaml"

# Rule, edits of spec/example, all that the compiler then says.
CASES = [
    (
        "unknown-name",
        [
            (
                METER,
                "create: {send: add_meter, to: creating}",
                "create: {send: add_meter, to: creatign}",
            )
        ],
        """
meter.yaml:53:37: error: unknown state "creatign" [unknown-name]
   53 |       create: {send: add_meter, to: creatign}
      |                                     ^^^^^^^^ did you mean "creating"?
""",
    ),
    (
        "unknown-name",
        [(TARGET, "reset:    {to: lost}", "reset:    {to: losst}")],
        """
target.yaml:71:20: error: unknown state "losst": the default is used in meter.yaml, which has none [unknown-name]
   71 |     reset:    {to: losst}
      |                    ^^^^^ did you mean "lost"?
""",
    ),
    (
        "unknown-name",
        [(METER, "create: {send: add_meter,", "create: {send: add_metre,")],
        """
meter.yaml:53:22: error: unknown command "add_metre" [unknown-name]
   53 |       create: {send: add_metre, to: creating}
      |                      ^^^^^^^^^ did you mean "add_meter"?
""",
    ),
    (
        "unknown-name",
        [(METER, "failed: {undo: add_meter,", "failed: {undo: delete_meter,")],
        """
meter.yaml:59:22: error: unknown command "delete_meter" [unknown-name]
   59 |       failed: {undo: delete_meter, to: undoing}
      |                      ^^^^^^^^^^^^ did you mean "remove_meter"?
""",
    ),
    (
        "unknown-name",
        [(METER, "burst_bytes], send: write_limits", "burst_bytes], send: write_limit")],
        """
meter.yaml:45:49: error: unknown command "write_limit" [unknown-name]
   45 |     - {changed: [rate_kbps, burst_bytes], send: write_limit}
      |                                                 ^^^^^^^^^^^ did you mean "write_limits"?
""",
    ),
    (
        "unknown-name",
        [(METER, "undo: remove_meter", "undo: remove")],
        """
meter.yaml:30:11: error: unknown command "remove" [unknown-name]
   30 |     undo: remove
      |           ^^^^^^ did you mean "remove_meter"?
""",
    ),
    (
        "unknown-name",
        [(TARGET, "inspect:  {defer: true}", "inspect:  {send: read_count}")],
        """
target.yaml:75:22: error: unknown command "read_count" in a default: commands belong to objects [unknown-name]
   75 |     inspect:  {send: read_count}
      |                      ^^^^^^^^^^
""",
    ),
    (
        "unknown-name",
        [(METER, "modify:   {plan: update, to", "modify:   {plan: updates, to")],
        """
meter.yaml:70:24: error: unknown section "updates" [unknown-name]
   70 |       modify:   {plan: updates, to: modifying}
      |                        ^^^^^^^ did you mean "update"?
""",
    ),
    (
        "unknown-name",
        [(METER, "if: asks_delegated", "if: asks_delegate")],
        """
meter.yaml:72:16: error: unknown condition "asks_delegate" [unknown-name]
   72 |         - {if: asks_delegate, send: read_count, to: inspecting}
      |                ^^^^^^^^^^^^^ did you mean "asks_delegated"?
""",
    ),
    (
        "unknown-name",
        [(TARGET, "reset:    {to: lost}", "reset:    {to: lost, mark: broken}")],
        """
target.yaml:71:32: error: unknown mark "broken" [unknown-name]
   71 |     reset:    {to: lost, mark: broken}
      |                                ^^^^^^ none is declared under "marks" of target.yaml
""",
    ),
    (
        "unknown-name",
        [(METER, "      inspect:\n        - {if", "      inspct:\n        - {if")],
        """
meter.yaml:71:7: error: unknown event "inspct" [unknown-name]
   71 |       inspct:
      |       ^^^^^^ did you mean "inspect"?
""",
    ),
    (
        "unknown-name",
        [(METER, "states:\n", "groups:\n  live: [limiting, modifyng]\n\nstates:\n")],
        """
meter.yaml:49:20: error: unknown state "modifyng" [unknown-name]
   49 |   live: [limiting, modifyng]
      |                    ^^^^^^^^ did you mean "modifying"?
""",
    ),
    (
        "unknown-name",
        [(TARGET, "  busy.withdraw:", "  busy.withdrawing:")],
        """
target.yaml:79:3: error: unknown sort of states "busy.withdrawing" [unknown-name]
   79 |   busy.withdrawing: {reset: {to: free, status: io_error}}
      |   ^^^^^^^^^^^^^^^^ did you mean "busy.withdraw"?
""",
    ),
]


@pytest.mark.parametrize("rule, edits, said", CASES)
def test_is_reported(rule, edits, said):
    assert diagnose(edits, checks=False) == said.lstrip("\n")
    assert f"[{rule}]" in said
