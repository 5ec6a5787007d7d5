# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what machines claim of hardware and host is so."""

import pytest
from helpers import diagnose
from rule_case import RICH, TWO_STEP_CREATE, Case

CASES = [
    Case(
        "false-claim",
        [
            (
                "meter.yaml",
                "busy: modify\n    when:\n      done:   {to: limiting, status: success}",
                "busy: modify\n    when:\n      done:   {to: lost, status: success}",
            ),
        ],
        """
meter.yaml:79:15: error: "lost" claims that the hardware does not have it, but after "done" in "modifying" it has it [false-claim]
   79 |       done:   {to: lost, status: success}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "false-claim",
        [
            ("meter.yaml", "{undo: add_meter, to: undoing}", "{to: free, status: from_command}"),
        ],
        """
meter.yaml:59:15: error: "free" claims that the hardware does not have it, but after "failed" in "creating" it may or may not have it [false-claim]
   59 |       failed: {to: free, status: from_command}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "false-claim",
        [
            ("meter.yaml", "      reset: {to: free}", "      reset: {to: lost}"),
        ],
        """
meter.yaml:113:14: error: "lost" claims that the host has it, but after "reset" in "stranded" it does not have it [false-claim]
  113 |       reset: {to: lost}
      |              ^^^^^^^^^^
""",
    ),
    Case(
        "false-claim",
        [
            (
                "meter.yaml",
                "    rest: {host: has_not, hardware: has_not}",
                "    rest: {host: has_not, hardware: unsure}",
            ),
        ],
        """
meter.yaml:49:3: error: "free" is where an unused meter rests: nobody has it there [false-claim]
   49 |   free:
      |   ^^^^ rest: {host: has_not, hardware: has_not}
""",
    ),
    Case(
        "false-success",
        [
            (
                "meter.yaml",
                "      done:   {to: limiting, status: from_command}",
                "      done:   {to: limiting, status: success}",
            ),
        ],
        """
meter.yaml:85:38: error: "modify" is answered with "success" though it failed [false-success]
   85 |       done:   {to: limiting, status: success}
      |                                      ^^^^^^^
""",
    ),
    Case(
        "false-failure",
        [
            (
                "meter.yaml",
                "busy: modify\n    when:\n      done:   {to: limiting, status: success}",
                "busy: modify\n    when:\n      done:   {to: limiting, status: io_error}",
            ),
        ],
        """
meter.yaml:79:38: error: "modify" is answered with "io_error", but the hardware took what was brought [false-failure]
   79 |       done:   {to: limiting, status: io_error}
      |                                      ^^^^^^^^
""",
    ),
    Case(
        "not-told",
        [
            (
                "gate.yaml",
                "        - {if: is_invalid, refuse: bad}",
                "        - {if: is_invalid, status: good}",
            ),
        ],
        """
gate.yaml:69:36: error: "update" is answered with "good", but the hardware was not told what changed [not-told]
   69 |         - {if: is_invalid, status: good}
      |                                    ^^^^ plan: update
""",
        base=RICH,
    ),
    Case(
        "not-returned",
        [
            ("meter.yaml", "{to: free, status: io_error}", "{to: free, status: success}"),
        ],
        """
meter.yaml:108:36: error: "withdraw" is answered with "success", but no command read the delegated variables [not-returned]
  108 |       withdraw: {to: free, status: success}
      |                                    ^^^^^^^
""",
    ),
    Case(
        "not-returned",
        [
            (
                "meter.yaml",
                "        - {if: asks_delegated, send: read_count, to: inspecting}\n",
                "",
            ),
        ],
        """
meter.yaml:72:20: error: "inspect" is answered with "success", but no command read the delegated variables [not-returned]
   72 |         - {status: success}
      |                    ^^^^^^^
""",
    ),
    Case(
        "not-returned",
        [
            (
                "flow.yaml",
                "{returns: [delegated], doc: Read it.}",
                "{returns: [phase, wnd, left, queued], doc: Read it.}",
            )
        ],
        """
flow.yaml:135:35: error: "query" is answered with "good", but no command read "count", "newest" [not-returned]
  135 |       done:   {to: there, status: good}
      |                                   ^^^^
""",
        RICH,
    ),
    Case(
        "no-bad-result",
        [
            ("meter.yaml", "{to: free, status: success}", "{to: free, status: from_command}"),
        ],
        """
meter.yaml:97:34: error: no command failed before "done" in "withdrawing": "from_command" has nothing to tell [no-bad-result]
   97 |       done:   {to: free, status: from_command}
      |                                  ^^^^^^^^^^^^
""",
    ),
    Case(
        "false-claim",
        [
            *TWO_STEP_CREATE,
            (
                "meter.yaml",
                "done:   {undo: add_meter, to: undoing}",
                "done:   {to: free, status: from_command}",
            ),
        ],
        """
meter.yaml:72:15: error: "free" claims that the hardware does not have it, but after "done" in "disabling" it has it [false-claim]
   72 |       done:   {to: free, status: from_command}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "false-claim",
        [
            (
                "meter.yaml",
                "busy: modify\n    when:\n      done:   {to: limiting, status: success}",
                "busy: modify\n    when:\n      done:   {to: unsure, status: success}",
            )
        ],
        """
meter.yaml:79:15: error: "unsure" claims that the hardware may or may not have it, but after "done" in "modifying" it has it [false-claim]
   79 |       done:   {to: unsure, status: success}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "false-success",
        [
            (
                "gate.yaml",
                "busy: invalidate\n    when:\n      done:   {to: there, status: good}\n      failed: {to: corrupt, status: bad}",
                "busy: invalidate\n    when:\n      done:   {to: there, status: good}\n      failed: {to: corrupt, status: good}",
            ),
            ("gate.yaml", "invalidate: {mark: invalid, send", "invalidate: {send"),
        ],
        """
gate.yaml:102:37: error: "invalidate" is answered with "good" though it failed [false-success]
  102 |       failed: {to: corrupt, status: good}
      |                                     ^^^^
""",
        base=RICH,
    ),
    Case(
        "false-failure",
        [("meter.yaml", "{to: free, status: success}", "{to: free, status: io_error}")],
        """
meter.yaml:97:34: error: "withdraw" is answered with "io_error", but nothing failed [false-failure]
   97 |       done:   {to: free, status: io_error}
      |                                  ^^^^^^^^
""",
    ),
    Case(
        "false-claim",
        [
            (
                "meter.yaml",
                "failed: {to: unsure, status: from_command}\n  inspecting:",
                "failed: {to: limiting, status: from_command}\n  inspecting:",
            ),
        ],
        """
meter.yaml:86:15: error: "limiting" claims that the hardware has it, but after "failed" in "reverting" it may or may not have it [false-claim]
   86 |       failed: {to: limiting, status: from_command}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        shown=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()


NAMING = """  name_it:
    doc: Say whose it is.
    completion: meter_named
    reaches: reference
    order: any
    brings: [cached]
    results: {others: io_error}
    statuses: [success, io_error, timeout, bad_value]
"""


def test_news_are_what_the_operation_brings_to_this_object():
    """An operation that brings what no command is for needs no plan."""
    there = "in: [create, modify, inspect, withdraw], doc"
    edits = [
        ("target.yaml", "  inspect:\n    doc: Read", NAMING + "  inspect:\n    doc: Read"),
        (
            "target.yaml",
            "    inspect:  {refuse: bad_value}",
            "    name_it: {refuse: bad_value}\n    inspect:  {refuse: bad_value}",
        ),
        (
            "target.yaml",
            "    inspect:  {defer: true}",
            "    name_it: {defer: true}\n    inspect:  {defer: true}",
        ),
        ("node.yaml", "  inspect: any", "  name_it: cached\n  inspect: any"),
        ("meter.yaml", "host: RateKbps, at: 0, doc", f"host: RateKbps, at: 0, {there}"),
        ("meter.yaml", "host: BurstBytes, at: 4, doc", f"host: BurstBytes, at: 4, {there}"),
        ("meter.yaml", "      inspect:\n", "      name_it: {status: success}\n      inspect:\n"),
    ]
    assert diagnose(edits) == ""
    there_too = (edits[4][0], edits[4][1], edits[4][2].replace("modify", "modify, name_it"))
    assert "[not-told]" in diagnose([*edits[:4], there_too, *edits[5:]])
