# SPDX-License-Identifier: BSD-2-Clause
"""Rules: states that lead back to where the object came from; one mistake in them is one finding."""

import pytest
from rule_case import PAIRS, Case

CASES = [
    Case(
        "completion-lost",
        [
            ("pair.yaml", "        - {to: before, status: done}\n", "        - {to: before}\n"),
        ],
        """
pair.yaml:113:11: error: the completion of "look" is lost: "done" leads from "looking" to "init" without a status [completion-lost]
  113 |         - {to: before}
      |           ^^^^^^^^^^^^ add a status, or lead to a state that is busy with "look"
""",
        base=PAIRS,
    ),
    Case(
        "undecided",
        [
            ("pair.yaml", "      failed: {to: before, status: from_command}\n", ""),
        ],
        """
pair.yaml:107:3: error: "looking" of pair does not decide "failed" [undecided]
  107 |   looking:
      |   ^^^^^^^ say it in its when, or once for all: "busy" or "busy.look" of the defaults
""",
        base=PAIRS,
    ),
    Case(
        "never-happens",
        [
            (
                "pair.yaml",
                "      failed: {to: before, status: from_command}\n",
                "      failed: {to: before, status: from_command}\n      restore: {to: gone}\n",
            ),
        ],
        """
pair.yaml:115:16: error: "restore" never reaches "looking": busy objects are not restored [never-happens]
  115 |       restore: {to: gone}
      |                ^^^^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "false-claim",
        [
            (
                "pair.yaml",
                "      withdraw: {send: remove_pair, to: removing}\n  gone",
                "      look:     {send: read_pair, to: looking}\n      withdraw: {send: remove_pair, to: removing}\n  gone",
            ),
        ],
        """
pair.yaml:125:17: error: "init" claims that the hardware has it, but after "look" in "in_error" and "done" in "looking" it may or may not have it [false-claim]
  125 |       look:     {send: read_pair, to: looking}
      |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "false-claim",
        [
            (
                "pair.yaml",
                "  read_pair:    {returns: [delegated], ",
                "  read_pair:    {returns: [delegated], carries: [rate], ",
            ),
        ],
        """
pair.yaml:114:15: error: "init" claims that the hardware has it, but after "failed" in "looking" it may or may not have it [false-claim]
  114 |       failed: {to: before, status: from_command}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "clashing-identifier",
        [
            (
                "pair.yaml",
                "  gone:\n    doc: Forgotten",
                "  looking_from_init:\n    doc: None.\n    rest: {host: has, hardware: unsure}\n    when:\n      withdraw: {send: remove_pair, to: removing}\n  gone:\n    doc: Forgotten",
            ),
            (
                "pair.yaml",
                "failed: {to: in_error, status: from_command}\n  in_error",
                "failed: {to: looking_from_init, status: from_command}\n  in_error",
            ),
        ],
        """
pair.yaml:126:3: error: PAIRS_PAIR_LOOKING_FROM_INIT in C would be both state "looking_from_init" of pair and state "looking" of pair [clashing-identifier]
  126 |   looking_from_init:
      |   ^^^^^^^^^^^^^^^^^ that is at pair.yaml:107
""",
        base=PAIRS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
