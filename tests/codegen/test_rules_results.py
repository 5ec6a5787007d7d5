# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what is asked of results of commands, of what answers bring, and what follows."""

import pytest
from rule_case import PAIRS, Case

CASES = [
    Case(
        "wrong-question",
        [
            (
                "pair.yaml",
                "ready:    {send: start_pair, to: starting}",
                "ready:    [{if: refused, refuse: no_pair}, {send: start_pair, to: starting}]",
            ),
        ],
        """
pair.yaml:74:23: error: "refused" cannot be asked on "ready": it is no answer [wrong-question]
   74 |       ready:    [{if: refused, refuse: no_pair}, {send: start_pair, to: starting}]
      |                       ^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "wrong-question",
        [
            (
                "target.yaml",
                "reset:    {to: gone, status: broken}",
                "reset:    [{if: refused, to: gone, status: again}, {to: gone, status: broken}]",
            ),
        ],
        """
target.yaml:83:21: error: "refused" cannot be asked on "reset": after a reset no answer counts [wrong-question]
   83 |     reset:    [{if: refused, to: gone, status: again}, {to: gone, status: broken}]
      |                     ^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "wrong-question",
        [
            (
                "pair.yaml",
                "done: {to: sending, status: done}",
                "done: [{if: refused, to: sending, status: done}, {to: sending, status: done}]",
            ),
        ],
        """
pair.yaml:82:19: error: "refused" cannot be asked on "done": no command failed before [wrong-question]
   82 |       done: [{if: refused, to: sending, status: done}, {to: sending, status: done}]
      |                   ^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "wrong-question",
        [
            ("pair.yaml", "  no_room:  {result: no_space", "  no_room:  {result: gone"),
        ],
        """
pair.yaml:62:16: error: "no_room" cannot be asked on "failed": nothing that can have failed by then has such a result [wrong-question]
   62 |         - {if: no_room, to: free, status: full}
      |                ^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "wrong-question",
        [
            (
                "pair.yaml",
                "failed: {to: before, status: from_command}",
                "failed: [{if: stopped, to: init, status: from_command}, {to: before, status: from_command}]",
            ),
        ],
        """
pair.yaml:114:21: error: "stopped" cannot be asked on "failed": of "does" the object has no value: what makes it brings none [wrong-question]
  114 |       failed: [{if: stopped, to: init, status: from_command}, {to: before, status: from_command}]
      |                     ^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "wrong-question",
        [
            (
                "pair.yaml",
                "- {if: refused, retry: 2}\n        - {if: refused, to: init, status: from_command}\n        - {to: in_error",
                "- {if: unspoken, to: in_error, status: lost}\n        - {if: whatever, to: in_error, status: again}\n        - {to: in_error",
            ),
            (
                "pair.yaml",
                "  unspoken:",
                "  whatever: {result: [refused, failure, timeout, unsure, reset]}\n  unspoken:",
            ),
        ],
        """
pair.yaml:86:16: error: "whatever" cannot be asked on "failed": whatever failed by then has such a result [wrong-question]
   86 |         - {if: whatever, to: in_error, status: again}
      |                ^^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "false-claim",
        [
            ("pair.yaml", "        - {if: refused, retry: 2}\n", ""),
            ("target.yaml", "refused: {result: refused", "refused: {result: [refused, timeout]"),
        ],
        """
pair.yaml:84:11: error: "init" claims that the hardware has it, but after "failed" in "starting" it may or may not have it [false-claim]
   84 |         - {if: refused, to: init, status: from_command}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "false-claim",
        [
            ("pair.yaml", "        - {if: refused, retry: 2}\n", ""),
            (
                "pair.yaml",
                "start_pair:   {answers: [refused, failure], on_failure: unchanged, ",
                "start_pair:   {answers: [refused, failure], ",
            ),
        ],
        """
pair.yaml:84:11: error: "init" claims that the hardware has it, but after "failed" in "starting" it may or may not have it [false-claim]
   84 |         - {if: refused, to: init, status: from_command}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "false-claim",
        [
            (
                "pair.yaml",
                "failed: {undo: update, to: reverting}",
                "failed: [{if: no_room, to: init, status: again}, {undo: update, to: reverting}]",
            ),
            (
                "pair.yaml",
                "  no_room:  {result: no_space",
                "  no_room:  {result: [no_space, failure]",
            ),
        ],
        """
pair.yaml:92:16: error: "init" claims that the hardware has it, but after "failed" in "setting" it may or may not have it [false-claim]
   92 |       failed: [{if: no_room, to: init, status: again}, {undo: update, to: reverting}]
      |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "undo-of-nothing",
        [
            (
                "pair.yaml",
                "- {if: no_room, to: free, status: full}",
                "- {if: no_room, undo: make_pair, to: undoing}",
            ),
        ],
        """
pair.yaml:62:31: error: "make_pair" is undone, but with this result it has changed nothing [undo-of-nothing]
   62 |         - {if: no_room, undo: make_pair, to: undoing}
      |                               ^^^^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "arm-never-tried",
        [
            ("pair.yaml", "  no_room:  {result: no_space", "  no_room:  {result: [timeout, reset]"),
        ],
        """
pair.yaml:62:11: error: this arm of "failed" is never tried: no answers to "unspoken", "no_room" lead to it [arm-never-tried]
   62 |         - {if: no_room, to: free, status: full}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=PAIRS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
