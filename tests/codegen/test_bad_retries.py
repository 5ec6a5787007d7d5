# SPDX-License-Identifier: BSD-2-Clause
"""`retry` where it is not clear what would be sent again."""

import pytest
from rule_case import PAIRS, Case

CASES = [
    Case(
        "conflicting-keys",
        [
            (
                "pair.yaml",
                "        - {if: refused, retry: 2}\n",
                "        - {if: refused, retry: 2, status: again}\n",
            ),
        ],
        """
pair.yaml:84:35: error: "status" beside "retry": the same is sent, and nothing else is done [conflicting-keys]
   84 |         - {if: refused, retry: 2, status: again}
      |                                   ^^^^^^
""",
        base=PAIRS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "pair.yaml",
                "      done: {to: sending, status: done}",
                "      done: [{if: refused, retry: 1}, {to: sending, status: done}]",
            ),
        ],
        """
pair.yaml:82:35: error: only what failed is tried again: say it on failed [conflicting-keys]
   82 |       done: [{if: refused, retry: 1}, {to: sending, status: done}]
      |                                   ^
""",
        base=PAIRS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "pair.yaml",
                "        - {if: refused, retry: 2}\n",
                "        - {if: refused, retry: 2}\n        - {if: unspoken, retry: 1}\n",
            ),
        ],
        """
pair.yaml:84:32: error: "starting" tries again twice: one arm says how often [conflicting-keys]
   84 |         - {if: refused, retry: 2}
      |                                ^
""",
        base=PAIRS,
    ),
    Case(
        "wrong-type",
        [
            (
                "pair.yaml",
                "        - {if: refused, retry: 2}\n",
                "        - {if: refused, retry: 0}\n",
            ),
        ],
        """
pair.yaml:84:32: error: "retry" must be a whole number between 1 and 7 [wrong-type]
   84 |         - {if: refused, retry: 0}
      |                                ^
""",
        base=PAIRS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "pair.yaml",
                "      done:   {to: free, status: from_command}\n      failed: {to: stranded",
                "      done:   {to: free, status: from_command}\n      failed: [{if: refused, retry: 1}, {to: stranded",
            ),
            (
                "pair.yaml",
                "{to: stranded, status: from_command}\n  init",
                "{to: stranded, status: from_command}]\n  init",
            ),
        ],
        """
pair.yaml:69:37: error: an undo is not tried again [conflicting-keys]
   69 |       failed: [{if: refused, retry: 1}, {to: stranded, status: from_command}]
      |                                     ^
""",
        base=PAIRS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "pair.yaml",
                "      failed: {to: in_error, status: from_command}\n  in_error",
                "      failed: [{if: refused, retry: 1}, {to: in_error, status: from_command}]\n  in_error",
            ),
            (
                "pair.yaml",
                "    rest: {host: has, hardware: unsure}\n    when:\n      withdraw: {send: remove_pair, to: removing}",
                "    rest: {host: has, hardware: unsure}\n    when:\n      withdraw: {send: start_pair, to: removing}",
            ),
        ],
        """
pair.yaml:120:37: error: several commands may be under way in "removing": none is the same again [conflicting-keys]
  120 |       failed: [{if: refused, retry: 1}, {to: in_error, status: from_command}]
      |                                     ^
""",
        base=PAIRS,
    ),
    Case(
        "conflicting-keys",
        [
            (
                "target.yaml",
                "    reset:    {to: gone, status: broken}",
                "    failed:   {if: refused, retry: 1}\n    reset:    {to: gone, status: broken}",
            ),
        ],
        """
target.yaml:83:29: error: "retry" in a default: commands belong to objects [conflicting-keys]
   83 |     failed:   {if: refused, retry: 1}
      |                             ^^^^^
""",
        base=PAIRS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
