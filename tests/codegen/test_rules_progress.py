# SPDX-License-Identifier: BSD-2-Clause
"""Rules: busy states wait for one thing and come to rest."""

import pytest
from rule_case import RICH, Case

CASES = [
    Case(
        "stuck-state",
        [
            (
                "meter.yaml",
                "      failed: {to: limiting, status: from_command}",
                "      failed: {stay: true}",
            ),
        ],
        """
meter.yaml:92:15: error: "inspecting" is busy and has no way out on "failed" [stuck-state]
   92 |       failed: {stay: true}
      |               ^^^^^^^^^^^^ lead to another state, or start something
""",
    ),
    Case(
        "busy-cycle",
        [
            (
                "meter.yaml",
                "      done:   {to: limiting, status: from_command}\n"
                "      failed: {to: unsure, status: from_command}",
                "      done:   {to: limiting, status: from_command}\n"
                "      failed: {plan: update, to: modifying}",
            ),
        ],
        """
meter.yaml:75:3: error: busy states lead round in a cycle: "modifying" -> "reverting" -> "modifying" [busy-cycle]
   75 |   modifying:
      |   ^^^^^^^^^
""",
    ),
    Case(
        "nothing-to-wait-for",
        [
            ("meter.yaml", "modify:   {plan: update, to: modifying}", "modify:   {to: modifying}"),
        ],
        """
meter.yaml:70:17: error: "modify" enters "modifying", which is busy with nothing under way [nothing-to-wait-for]
   70 |       modify:   {to: modifying}
      |                 ^^^^^^^^^^^^^^^ add send, plan or undo
""",
    ),
    Case(
        "waits-for-two",
        [
            (
                "meter.yaml",
                "      failed: {to: limiting, status: from_command}",
                "      failed: {to: limiting, status: from_command}\n"
                "      withdraw: {send: remove_meter, status: io_error}",
            ),
        ],
        """
meter.yaml:93:17: error: "withdraw" starts "remove_meter" while "inspecting" waits for an answer [waits-for-two]
   93 |       withdraw: {send: remove_meter, status: io_error}
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ defer it
""",
    ),
    Case(
        "send-in-reset",
        [
            (
                "gate.yaml",
                "    rest: {host: has, hardware: unsure}\n    when:\n",
                "    rest: {host: has, hardware: unsure}\n"
                "    when:\n"
                "      reset: {send: add_gate, to: restoring}\n",
            ),
        ],
        """
gate.yaml:113:14: error: "reset" cannot send "add_gate": the hardware takes no commands [send-in-reset]
  113 |       reset: {send: add_gate, to: restoring}
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ do it on restore
""",
        base=RICH,
    ),
    Case(
        "unhandled-answer",
        [
            (
                "meter.yaml",
                "        - {status: success}",
                "        - {send: read_count, status: success}",
            ),
        ],
        """
meter.yaml:73:11: error: "read_count" is started, but "limiting" rests and handles no answer [unhandled-answer]
   73 |         - {send: read_count, status: success}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ lead to a busy state
""",
    ),
    Case(
        "unhandled-answer",
        [
            (
                "flow.yaml",
                "      done:   {to: there}",
                "      query:  {to: lost, status: bad}\n      done:   {to: there}",
            ),
        ],
        """
flow.yaml:167:15: error: "query" leaves "restoring" while a command is under way, but "lost" rests and handles no answer [unhandled-answer]
  167 |       query:  {to: lost, status: bad}
      |               ^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=RICH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
