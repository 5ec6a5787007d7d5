# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what the undo of a plan leaves is not claimed away."""

import pytest
from helpers import diagnose
from rule_case import Case

# Of the example: what an update tells cannot be taken back.
LEFT = [
    ("meter.yaml", "    undo: old_values\n", "    undo: none\n"),
    ("meter.yaml", "  plan:\n", "  then:\n"),
]
FAILED = "failed: {undo: update, to: reverting}"
REVERTED = "told the old ones.\n    busy: modify\n    when:\n      done:   {to: limiting, status"
REVERTING = """  reverting:
    doc: That failed, and it was told the old ones.
    busy: modify
    when:
      done:   {to: limiting, status: from_command}
      failed: {to: unsure, status: from_command}
"""
REFUSED = [
    (
        "meter.yaml",
        "undo: none\n",
        "undo: none\n    on_failure: unchanged\n    answers: [no_space]\n",
    ),
    (
        "meter.yaml",
        "states:\n",
        "conditions:\n  full: {result: no_space, doc: No room.}\n\nstates:\n",
    ),
]
CASES = [
    Case(
        "false-claim",
        LEFT,
        """
meter.yaml:85:15: error: "limiting" claims that the hardware has the old values, but after "done" in "reverting" it may have the new ones of "write_limits", which nothing undoes [false-claim]
   85 |       done:   {to: limiting, status: from_command}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ to: a state with hardware: unsure; or undo: old_values of "write_limits"
""",
    ),
    Case(  # another command undoes it, and does not tell the values
        "false-claim",
        [("meter.yaml", "    undo: old_values\n", "    undo: remove_meter\n"), LEFT[1]],
        """
meter.yaml:85:15: error: "limiting" claims that the hardware has the old values, but after "done" in "reverting" it may have the new ones of "write_limits", which nothing undoes [false-claim]
   85 |       done:   {to: limiting, status: from_command}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ to: a state with hardware: unsure; or undo: old_values of "write_limits"
""",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.rule)
def test_finds(case: Case):
    case.run()


@pytest.mark.parametrize(
    "edits",
    [
        [("meter.yaml", REVERTED, REVERTED.replace("limiting", "unsure"))],
        [
            ("meter.yaml", FAILED, "failed: {to: unsure, status: from_command}"),
            ("meter.yaml", REVERTING, ""),
        ],
    ],
    ids=["undone and unsure", "unsure at once"],
)
def test_that_nobody_knows_is_no_lie(edits):
    assert diagnose([*LEFT, *edits]) == ""


def test_what_was_refused_has_left_nothing():
    arms = "failed:\n        - {if: full, to: limiting, status: from_command}\n        - {to: unsure, status: from_command}"
    edits = [*LEFT, *REFUSED, ("meter.yaml", FAILED, arms), ("meter.yaml", REVERTING, "")]
    assert diagnose(edits) == ""


def test_what_a_later_command_tells_is_left_by_a_plan_whose_others_are_undone():
    """Only its own answer, which changes nothing, says that it has left nothing."""
    lines = "    - {changed: [rate_kbps, burst_bytes], send: write_limits}\n    - {changed: [owner], send: nothing}\n"
    edits = [
        (
            "meter.yaml",
            "  read_count:",
            "  write_owner: {carries: [owner], undo: none, on_failure: unchanged, answers: [no_space], doc: Another owner.}\n  read_count:",
        ),
        (
            "meter.yaml",
            lines,
            lines.splitlines(True)[0] + "  then:\n    - {changed: [owner], send: write_owner}\n",
        ),
        (
            "meter.yaml",
            "carries: [port, rate_kbps, burst_bytes]",
            "carries: [port, rate_kbps, burst_bytes, owner]",
        ),
    ]
    assert '"write_owner", which nothing undoes' in diagnose(edits)
    done = (
        "old ones.\n    busy: modify\n    when:\n      done:   {to: limiting, status: from_command}"
    )
    arms = "done:\n        - {if: full, to: limiting, status: from_command}\n        - {to: unsure, status: from_command}"
    asked = done.partition("done: ")[0] + arms
    assert diagnose([*edits, REFUSED[1], ("meter.yaml", done, asked)]) == ""
