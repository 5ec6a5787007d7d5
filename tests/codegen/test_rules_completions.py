# SPDX-License-Identifier: BSD-2-Clause
"""Rules: every completion is owed once and given once."""

import pytest
from rule_case import RICH, Case

CASES = [
    Case(
        "completion-lost",
        [
            (
                "meter.yaml",
                "busy: modify\n    when:\n      done:   {to: limiting, status: success}",
                "busy: modify\n    when:\n      done:   {to: limiting}",
            ),
        ],
        """
meter.yaml:79:15: error: the completion of "modify" is lost: "done" leads from "modifying" to "limiting" without a status [completion-lost]
   79 |       done:   {to: limiting}
      |               ^^^^^^^^^^^^^^ add a status, or lead to a state that is busy with "modify"
""",
    ),
    Case(
        "completion-lost",
        [
            ("target.yaml", "modify:   {refuse: bad_value}", "modify:   {stay: true}"),
        ],
        """
target.yaml:69:15: error: the completion of "modify" is lost: "modify" stays in "unsure" of meter without a status [completion-lost]
   69 |     modify:   {stay: true}
      |               ^^^^^^^^^^^^ add a status, or lead to a state that is busy with "modify"; the same in "lost" of meter
""",
    ),
    Case(
        "completion-lost",
        [
            (
                "target.yaml",
                "    reset:    {to: lost, status: io_error}",
                "    reset:    {to: lost}",
            ),
        ],
        """
target.yaml:77:15: error: the completion of "modify" is lost: "reset" leads from "modifying" of meter to "lost" without a status [completion-lost]
   77 |     reset:    {to: lost}
      |               ^^^^^^^^^^ add a status, or lead to a state that is busy with "modify"; the same in "reverting" of meter, "inspecting" of meter
""",
    ),
    Case(
        "completion-lost",
        [
            ("target.yaml", "    update:     {refuse: bad}", "    update:     {stay: true}"),
        ],
        """
target.yaml:102:17: error: the completion of "update" is lost: "update" stays in "corrupt" of gate without a status [completion-lost]
  102 |     update:     {stay: true}
      |                 ^^^^^^^^^^^^ add a status, or lead to a state that is busy with "update"; the same in "lost" of gate, "corrupt" of flow, "lost" of flow
""",
        base=RICH,
    ),
    Case(
        "completion-doubled",
        [
            (
                "meter.yaml",
                "{undo: add_meter, to: undoing}",
                "{undo: add_meter, to: undoing, status: io_error}",
            ),
        ],
        """
meter.yaml:59:15: error: a completion is doubled: "failed" leads from "creating" to "undoing", gives "io_error", and "undoing" still owes the completion of "create" [completion-doubled]
   59 |       failed: {undo: add_meter, to: undoing, status: io_error}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ take "status" out: what leaves "undoing" gives it
""",
    ),
    Case(
        "completion-doubled",
        [
            (
                "target.yaml",
                "    reset:    {to: lost}",
                "    reset:    {to: lost, status: io_error}",
            ),
        ],
        """
target.yaml:71:15: error: a completion is doubled: "reset" leads from "limiting" of meter to "lost", gives "io_error", but "limiting" of meter owes nothing [completion-doubled]
   71 |     reset:    {to: lost, status: io_error}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the same in "unsure" of meter, "lost" of meter
""",
    ),
    Case(
        "completion-doubled",
        [("target.yaml", "  busy.nobody:    {reset: {to: lost}}\n", "")],
        """
target.yaml:114:17: error: a completion is doubled: "reset" leads from "restoring" of gate to "lost", gives "bad", but "restoring" of gate owes nothing [completion-doubled]
  114 |     reset:      {to: lost, status: bad}
      |                 ^^^^^^^^^^^^^^^^^^^^^^^ say `busy.nobody` in the defaults, too; the same in "restoring" of flow
""",
        base=RICH,
    ),
    Case(
        "completion-doubled",
        [
            (
                "gate.yaml",
                "        - {send: add_gate, to: restoring}",
                "        - {send: add_gate, to: adding}",
            ),
        ],
        """
gate.yaml:122:11: error: a completion is doubled: "restore" leads from "lost" to "adding", which owes a completion of "initiate" that nobody asked for [completion-doubled]
  122 |         - {send: add_gate, to: adding}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-operation",
        [
            (
                "meter.yaml",
                "the old ones.\n    busy: modify",
                "the old ones.\n    busy: inspect",
            ),
        ],
        """
meter.yaml:83:11: error: "failed" leads from "modifying" to "reverting", which is busy with "inspect", but "modify" is owed [wrong-operation]
   83 |     busy: inspect
      |           ^^^^^^^ busy: modify
""",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
