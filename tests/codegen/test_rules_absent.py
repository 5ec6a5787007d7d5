# SPDX-License-Identifier: BSD-2-Clause
"""Rules: the hardware is not told 0 of what an object has, where `in` leaves a variable out."""

import pytest
from helpers import diagnose
from rule_case import KEYS, LINKS, Case

CASES = [
    Case(
        "without-value",
        [("policy.yaml", "host: priority, doc", "host: priority, in: [create, modify], doc")],
        """
policy.yaml:27:14: error: "add_policy" carries "priority", which is not there in "repair" [without-value]
   27 |     carries: [const, cached, in_sa, out_sa]
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ the hardware would have 0 of what the policy has
""",
        base=LINKS,
    ),
    Case(
        "without-value",
        [
            (
                "sa.yaml",
                "secret: true, doc: What its",
                "secret: true, keep: while_offloaded, doc: What its",
            ),
            ("sa.yaml", "carries: [key]", "carries: [key, seed]"),
        ],
        """
sa.yaml:42:25: error: "write_key" carries "seed", which is not there in "rekey" [without-value]
   42 |   write_key:  {carries: [key, seed], undo: old_values, doc: Another key.}
      |                         ^^^^^^^^^^^ the hardware would have 0 of what the sa has
""",
        base=KEYS,
    ),
    Case(
        "without-value",
        [
            (
                "sa.yaml",
                "{carries: [key], undo: old_values",
                "{carries: [cached], undo: old_values",
            ),
            (
                "sa.yaml",
                "- {changed: [label], send: nothing}",
                "- {changed: [label], send: write_key}",
            ),
            (
                "sa.yaml",
                "unlock: {send: unlock_sa, to: unlocking}",
                "unlock: {send: [unlock_sa, write_key], to: unlocking}",
            ),
        ],
        """
sa.yaml:42:25: error: "write_key" carries "key", which is not there in "unlock" [without-value]
   42 |   write_key:  {carries: [cached], undo: old_values, doc: Another key.}
      |                         ^^^^^^^^ the hardware would have 0 of what the sa has
""",
        base=KEYS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()


def test_a_class_goes_without_what_is_never_there():
    edits = [("sa.yaml", "{carries: [pin], undo: none", "{carries: [pin, cached], undo: none")]
    assert not diagnose(edits, KEYS)


def test_a_removal_may_carry_it():
    edits = [("sa.yaml", "remove_sa:  {carries: [spi]", "remove_sa:  {carries: [spi, key]")]
    assert not diagnose(edits, KEYS)
