# SPDX-License-Identifier: BSD-2-Clause
"""Rules of other subjects, where objects wait for what becomes of their request."""

import pytest
from rule_case import TOGETHER, Case

CASES = [
    Case(
        "undecided",
        [
            ("port.yaml", "      abort:  {undo: update, to: reverting}\n", ""),
        ],
        """
port.yaml:88:3: error: "rekeyed" of port does not decide "abort" [undecided]
   88 |   rekeyed:
      |   ^^^^^^^ say it in its when, or once for all: "busy" or "busy.rekey" of the defaults
""",
        base=TOGETHER,
    ),
    Case(
        "never-happens",
        [
            (
                "port.yaml",
                "      done:   {to: rekeyed}",
                "      done:   {to: rekeyed}\n      commit: {to: ready, status: success}",
            ),
        ],
        """
port.yaml:87:15: error: "commit" never reaches "rekeying": it comes to states that wait for it [never-happens]
   87 |       commit: {to: ready, status: success}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=TOGETHER,
    ),
    Case(
        "never-happens",
        [
            (
                "port.yaml",
                "      commit: {to: ready, status: success}\n      abort:  {undo: update",
                "      done:   {to: ready, status: success}\n      commit: {to: ready, status: success}\n      abort:  {undo: update",
            ),
        ],
        """
port.yaml:93:15: error: "done" never reaches "rekeyed": while it waits no command is under way [never-happens]
   93 |       done:   {to: ready, status: success}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=TOGETHER,
    ),
    Case(
        "guard-forgotten-dependents",
        [
            (
                "port.yaml",
                "        - {if: has_dependents, to: stranded, status: from_command}\n",
                "",
            ),
        ],
        """
port.yaml:53:11: error: "abort" takes the port away without asking for dependents [guard-forgotten-dependents]
   53 |         - {undo: add_port, to: undoing}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a sa may link to it; before this arm: {if: has_dependents, to: ..., status: from_command}
""",
        base=TOGETHER,
    ),
    Case(
        "refused-as-good",
        [
            (
                "target.yaml",
                "    aborted: canceled\n    brings: [cached]",
                "    aborted: success\n    brings: [cached]",
            ),
        ],
        """
target.yaml:39:14: error: "success" is a good status, and nothing is done for a node that is taken back [refused-as-good]
   39 |     aborted: success
      |              ^^^^^^^
""",
        base=TOGETHER,
    ),
    Case(
        "status-not-allowed",
        [
            (
                "target.yaml",
                "    aborted: canceled\n    brings: [cached]",
                "    aborted: in_use\n    brings: [cached]",
            ),
        ],
        """
target.yaml:39:14: error: "in_use" is not a status of "rekey" [status-not-allowed]
   39 |     aborted: in_use
      |              ^^^^^^ allowed: "success", "io_error", "again", "bad_value", "timeout", "canceled"
""",
        base=TOGETHER,
    ),
    Case(
        "stuck-state",
        [
            (
                "port.yaml",
                "      commit: {to: ready, status: success}\n      abort:  {undo: update",
                "      commit: {stay: true}\n      abort:  {undo: update",
            ),
        ],
        """
port.yaml:93:15: error: "rekeyed" is busy and has no way out on "commit" [stuck-state]
   93 |       commit: {stay: true}
      |               ^^^^^^^^^^^^ lead to another state, or start something
""",
        base=TOGETHER,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
